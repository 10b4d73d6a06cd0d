"""`hunter ingest FILE`: takes a list of companies, plain lines, CSV or workbook, into the database, and may scan it.

In: the command's options. Out: a report on standard output, bad rows by their number on standard error.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE
from hunter.cli.list_input import LIST_ERRORS, OpenList, add_list_options, limits_of, list_name, opened_list
from hunter.cli.list_notes import ListNotes
from hunter.cli.scan_options import add_scan_options
from hunter.cli.scan_stored import QuietView, scan_stored
from hunter.cli.screen.progress import Progress
from hunter.cli.screen.terminal import look_at
from hunter.cli.screen.views import JSONView, print_lines
from hunter.cli.serving import ready_servers
from hunter.core.rulebook import Rulebook
from hunter.sales.wording import Wording
from hunter.services.lists.candidates import IngestReport
from hunter.services.lists.intake import check_list, ingest_list
from hunter.services.lists.keeping import open_candidate_store
from hunter.services.lists.words import row_error_texts, row_note_texts
from hunter.services.scan.stored_domains import list_domains
from hunter.settings.fields import Settings
from hunter.wiring.application import Servers, open_write_engine, unit_of
from hunter.wiring.process import LANGUAGES, load_catalogue, settings_of_this_process
from hunter.wiring.survey import load_rules


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter ingest",
        description="Import a list of companies (plain lines, .csv, .xlsx, .xls, .ods) into the database; with "
        "--scan they are scanned, too.",
        epilog="Exit code: 0 every row was taken, 1 some were not (each is named on standard error), 2 usage or file.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", help="the list; - is standard input")
    parser.add_argument("--dry-run", action="store_true", help="validate the whole file, store nothing")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    add_list_options(parser)
    parser.add_argument(
        "--fixed-columns",
        action="store_true",
        help="columns must be called domain, company_name, email, website ...; else they are found",
    )
    parser.add_argument("--scan", action="store_true", help="then scan the companies of the list")
    add_scan_options(parser)
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Take the list; returns the exit code."""
    if options.fixed_columns and options.columns:
        build_parser().error("--fixed-columns and --columns contradict each other")
    if options.scan and options.dry_run:
        build_parser().error("--scan needs what --dry-run does not keep")
    if not options.scan and (options.server or options.no_registration or options.deep):
        build_parser().error("--server, --no-registration and --deep are about a scan: they go with --scan")
    settings = settings_of_this_process()
    warnings: list[str] = []
    rulebook = load_rules(settings, warnings.append)
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    screen = look_at(sys.stderr, no_color=settings.no_color, term=settings.term)
    progress = Progress(sys.stderr, screen, wording, clock=time.monotonic)
    for warning in warnings:
        progress.note(warning)
    return ListTaking(options, settings, rulebook, progress=progress, wording=wording).run()


class ListTaking:
    """One list that is taken; call `run` once."""

    def __init__(
        self,
        options: argparse.Namespace,
        settings: Settings,
        rulebook: Rulebook,
        *,
        progress: Progress,
        wording: Wording,
    ) -> None:
        self._options = options
        self._settings = settings
        self._rulebook = rulebook
        self._wording = wording
        self._progress = progress
        self._notes = ListNotes(progress.note, wording, options.file)
        self._report: IngestReport | None = None
        self._servers: Servers | None = None
        self._list_id: int | None = None
        self._is_complete = False

    def run(self) -> int:
        """Take the list, say what became of it, and scan it where that is wanted; returns the exit code."""
        with ExitStack() as opened:
            code = self._taken(opened)
            if self._servers is None or self._list_id is None or not (self._options.scan and self._is_complete):
                return code
            return self._scan(self._servers, self._list_id) or code

    def _taken(self, opened: ExitStack) -> int:
        try:
            self._read(opened)
            self._is_complete = True
        except LIST_ERRORS as error:
            self._progress.clear()
            self._notes.refuse(error)
            if self._report is None:
                return USAGE
        finally:
            # Also after Ctrl-C, or with a disk that is full: what was taken stays, and is said.
            self._say_report()
        return FAILED if not self._is_complete or self._report is None or self._report.refused else SUCCESS

    def _read(self, opened: ExitStack) -> None:
        # A file that cannot be read is refused before a server is started for it.
        with self._opened() as listed:
            if self._options.dry_run:
                check_list(listed.intake)
            else:
                self._servers = opened.enter_context(ready_servers(self._settings))
                asyncio.run(self._keep(self._servers.database_url, listed))
            self._report = listed.intake.report()

    def _scan(self, servers: Servers, list_id: int) -> int:
        screen = look_at(sys.stderr, no_color=self._settings.no_color, term=self._settings.term)
        return scan_stored(
            self._options,
            self._settings,
            self._rulebook,
            servers,
            choose=partial(list_domains, list_id=list_id),
            view=JSONView(sys.stdout, self._wording) if self._options.json else QuietView(),
            # Its clock begins with the scan.
            progress=Progress(sys.stderr, screen, self._wording, clock=time.monotonic),
            wording=self._wording,
        )

    @contextmanager
    def _opened(self) -> Iterator[OpenList]:
        with (
            self._notes.writing(self._options, self._settings),
            opened_list(
                self._options,
                limits_of(self._settings),
                self._rulebook,
                tell=self._notes.say_sheets,
                on_refusal=self._notes.write_row,
            ) as listed,
        ):
            self._notes.begin(listed.intake)
            yield listed

    async def _keep(self, url: str, listed: OpenList) -> None:
        engine = open_write_engine(self._settings, url)

        def show(report: IngestReport) -> None:
            # Told after each batch: one that fails is not counted.
            self._report = report
            self._progress.show(report.total_rows, max(listed.expected_rows, report.total_rows))

        try:
            store = await open_candidate_store(
                unit_of(engine, self._settings), list_name(self._options), self._rulebook.rules.sizes
            )
            await ingest_list(listed.intake, store, after=show)
            await store.close(listed.intake.report().total_rows)
            self._list_id = store.list_id
        finally:
            await engine.dispose()

    def _say_report(self) -> None:
        report, is_complete = self._report, self._is_complete
        self._progress.clear()
        if report is None:
            return
        for said in (*row_error_texts(report, self._wording), *row_note_texts(report, self._wording)):
            self._progress.note(said)
        self._notes.say_rejects()
        is_kept = not self._options.dry_run
        if self._options.json:
            told = as_json(report, is_kept=is_kept, is_complete=is_complete)
            print_lines(sys.stdout, [json.dumps(told, ensure_ascii=False)])
            return
        key = "ingest.stopped" if not is_complete else "ingest.kept" if is_kept else "ingest.checked"
        values = {"accepted": report.accepted, "rows": report.total_rows, "repeated": report.repeated}
        refused = self._wording.say("ingest.refused", {"refused": report.refused})
        print_lines(sys.stdout, [self._wording.say(key, values), refused])


def as_json(report: IngestReport, *, is_kept: bool, is_complete: bool) -> dict[str, object]:
    """Return the report for programs."""
    return {
        "kept": is_kept,
        "complete": is_complete,
        "total_rows": report.total_rows,
        "accepted": report.accepted,
        "repeated": report.repeated,
        "conflicts": report.conflicts,
        "refused": report.refused,
        "refused_by_reason": dict(report.refused_by_reason),
        "errors": [{"row": one.row, "code": one.code, "text": one.text} for one in report.errors],
        "notes": [{"row": one.row, "kind": one.kind, "text": one.text} for one in report.notes],
    }

"""`hunter ingest FILE`: takes a list of companies, plain lines, CSV or workbook, into the database; nothing is scanned.

In: the command's options. Out: a report on standard output, bad rows by their number on standard error.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE
from hunter.cli.list_input import LIST_ERRORS, OpenList, add_list_options, limits_of, list_name, opened_list
from hunter.cli.list_notes import ListNotes
from hunter.cli.progress import Progress
from hunter.cli.serving import ready_servers
from hunter.cli.terminal import look_at
from hunter.cli.views import print_lines
from hunter.core.rulebook import Rulebook
from hunter.rules.load import load_rulebook
from hunter.sales.wording import Wording
from hunter.services.lists.candidates import IngestReport
from hunter.services.lists.intake import check_list, ingest_list
from hunter.services.lists.keeping import open_candidate_store
from hunter.services.lists.words import row_error_texts, row_note_texts
from hunter.settings.fields import Settings
from hunter.wiring.application import open_write_engine, unit_of
from hunter.wiring.process import LANGUAGES, load_catalogue, settings_of_this_process


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter ingest",
        description="Import a list of companies (plain lines, .csv, .xlsx, .xls, .ods) into the database. Nothing is "
        "scanned.",
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
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Take the list; returns the exit code."""
    if options.fixed_columns and options.columns:
        build_parser().error("--fixed-columns and --columns contradict each other")
    settings, rulebook = settings_of_this_process(), load_rulebook()
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    screen = look_at(sys.stderr, no_color=settings.no_color, term=settings.term)
    progress = Progress(sys.stderr, screen, wording, clock=time.monotonic)
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

    def run(self) -> int:
        """Take the list, and say what became of it; returns the exit code."""
        is_complete = False
        try:
            self._read()
            is_complete = True
        except LIST_ERRORS as error:
            self._progress.clear()
            self._notes.refuse(error)
            if self._report is None:
                return USAGE
        finally:
            # Also after Ctrl-C, or with a disk that is full: what was taken stays, and is said.
            self._say_report(is_complete=is_complete)
        return FAILED if not is_complete or self._report is None or self._report.refused else SUCCESS

    def _read(self) -> None:
        if self._options.dry_run:
            with self._opened() as listed:
                check_list(listed.intake)
                self._report = listed.intake.report()
            return
        # A file that cannot be read is refused before a server is started for it.
        with self._opened() as listed, ready_servers(self._settings) as servers:
            asyncio.run(self._keep(servers.database_url, listed))
            self._report = listed.intake.report()

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

        def show() -> None:
            # Asked after each batch: one that fails is not counted.
            self._report = listed.intake.report()
            self._progress.show(self._report.total_rows, max(listed.expected_rows, self._report.total_rows))

        try:
            store = await open_candidate_store(
                unit_of(engine, self._settings), list_name(self._options), self._rulebook.rules.sizes
            )
            await ingest_list(listed.intake, store, after=show)
            await store.close(listed.intake.report().total_rows)
        finally:
            await engine.dispose()

    def _say_report(self, *, is_complete: bool) -> None:
        report = self._report
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

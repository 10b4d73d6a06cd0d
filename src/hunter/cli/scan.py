"""`hunter scan`: names in, assessments out.

In: the command's options. Out: a brief, a table or JSON lines on standard output; what could not be assessed, and the
live line, on standard error; the exit code. Interrupted, it shows what is finished.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from functools import partial

from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE
from hunter.cli.list_input import LIST_ERRORS, OpenList, add_list_options, limits_of_a_scan, list_name, opened_list
from hunter.cli.list_notes import ListNotes
from hunter.cli.names import Intake
from hunter.cli.progress import Progress
from hunter.cli.scan_options import add_scan_options, age, policy_of
from hunter.cli.scan_run import ScanRun, say_not_stored
from hunter.cli.terminal import Terminal, look_at
from hunter.cli.views import BriefView, JSONView, TableView, View
from hunter.core.rulebook import Rulebook
from hunter.sales.wording import Wording
from hunter.services.scan.context import Scanning
from hunter.settings.fields import Settings
from hunter.wiring.process import LANGUAGES, load_catalogue, settings_of_this_process
from hunter.wiring.scanning import open_scanning
from hunter.wiring.survey import Wanted, load_rules


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter scan",
        description="Assess companies by their domain name: mail provider, readiness, segment, priority.",
        epilog="Exit code: 0 every name was assessed, 1 some could not be (each is named on standard error), 2 usage.",
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="domain name, URL or e-mail address")
    parser.add_argument(
        "-f",
        "--file",
        metavar="FILE",
        help="list: plain lines, CSV or workbook (.xlsx, .xls, .ods); - is standard input",
    )
    add_list_options(parser)
    parser.add_argument("--unscanned", action="store_true", help="scan what is stored and was never scanned")
    parser.add_argument(
        "--older-than", type=age, metavar="AGE", help="with --unscanned, also what was scanned longer ago, such as 7d"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line, as results arrive")
    add_scan_options(parser)
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    parser.add_argument("--no-save", action="store_true", help="do not store or compare results")
    parser.add_argument(
        "--fresh", action="store_true", help="scan again, even if the last scan is less than an hour old"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Scan what the options name; returns the exit code."""
    _check(options)
    settings = settings_of_this_process()
    warnings: list[str] = []
    rulebook = load_rules(settings, warnings.append)
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    error_screen = look_at(sys.stderr, no_color=settings.no_color, term=settings.term)
    progress = Progress(sys.stderr, error_screen, wording, clock=time.monotonic)
    for warning in warnings:
        progress.note(warning)
    if options.unscanned:
        from hunter.cli.scan_stored import scan_unscanned  # noqa: PLC0415  see LATE_IMPORTS

        return scan_unscanned(options, settings, rulebook, progress=progress, wording=wording)
    notes = ListNotes(progress.note, wording, options.file)
    with ExitStack() as opened:
        try:
            listed = opened.enter_context(_listed(options, settings, rulebook, notes)) if options.file else None
        except LIST_ERRORS as error:
            notes.refuse(error)
            return USAGE
        intake = Intake(
            options.names,
            rulebook,
            listed.intake if listed else None,
            on_refusal=notes.say_argument,
            on_end=notes.refuse,
        )
        expected = len(options.names) + (listed.expected_rows if listed else 0)
        scan = ScanRun(
            source=intake,
            expected=expected,
            policy=policy_of(options, is_single=expected == 1),
            view=_view(options, look_at(sys.stdout, no_color=settings.no_color, term=settings.term), wording),
            progress=progress,
            wording=wording,
        )
        code = _scanned(scan, intake, options, settings=settings, rulebook=rulebook)
        notes.say_rejects()
    return code


def _check(options: argparse.Namespace) -> None:
    """Refuse what contradicts itself, or would have no effect."""
    error = build_parser().error
    if not (options.names or options.file or options.unscanned):
        error("give a NAME, a list by -f FILE, or --unscanned")
    if options.unscanned and (options.names or options.file or options.no_save):
        error("--unscanned is about what is stored: it goes with no NAME, no -f and no --no-save")
    if options.older_than is not None and not options.unscanned:
        error("--older-than goes with --unscanned")
    if options.file is None and (options.columns or options.sheet or options.rejects or options.list):
        error("--columns, --sheet, --rejects and --list are about a list: give it by -f FILE")


def _scanned(
    scan: ScanRun, intake: Intake, options: argparse.Namespace, *, settings: Settings, rulebook: Rulebook
) -> int:
    progress, wording = scan.progress, scan.wording
    if options.deep and not settings.tenant_lookup_enabled:
        progress.note(wording.say("scan.deep_is_off"))
    note = partial(say_not_stored, progress, wording)
    with _opening(options, settings, rulebook, intake=intake, note=note) as opening:
        code = scan.run(partial(opening, warn=progress.note), options.concurrency)
    if isinstance(scan.view, TableView):
        scan.say_summary()
    return FAILED if code == SUCCESS and intake.is_broken else code


@contextmanager
def _listed(
    options: argparse.Namespace, settings: Settings, rulebook: Rulebook, notes: ListNotes
) -> Iterator[OpenList]:
    """Open the list; its refused rows are said, and written where that is wanted."""
    with (
        notes.writing(options, settings),
        opened_list(
            options, limits_of_a_scan(settings), rulebook, tell=notes.say_sheets, on_refusal=notes.say_row
        ) as listed,
    ):
        notes.begin(listed.intake)
        yield listed


@contextmanager
def _opening(
    options: argparse.Namespace,
    settings: Settings,
    rulebook: Rulebook,
    *,
    intake: Intake,
    note: Callable[[str], None],
) -> Iterator[Callable[..., AbstractAsyncContextManager[Scanning]]]:
    """Give what opens the scanning: with a database, unless nothing is to be stored or none can be had."""
    wanted = Wanted(options.server, registration=not options.no_registration)
    unstored = partial(open_scanning, settings, rulebook, wanted)
    if options.no_save:
        yield unstored
        return
    from hunter.cli.stored_scan import begin_list, open_stored_scanning, servers_for_scans  # noqa: PLC0415  see LATE_IMPORTS

    begin = partial(begin_list, list_name(options), intake) if options.file else None
    with servers_for_scans(settings, lambda error: note(str(error))) as servers:
        if servers is None:
            yield unstored
        else:
            yield partial(open_stored_scanning, settings, rulebook, wanted, servers, begin=begin)


def _view(options: argparse.Namespace, screen: Terminal, wording: Wording) -> View:
    if options.json:
        return JSONView(sys.stdout, wording)
    if len(options.names) == 1 and options.file is None:
        return BriefView(sys.stdout, screen, wording)
    return TableView(sys.stdout, screen, wording)

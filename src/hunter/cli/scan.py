"""`hunter scan`: names in, assessments out.

In: the command's options. Out: a brief, a table or JSON lines on standard output; what could not be assessed, and the
live line, on standard error; the exit code. Interrupted, it shows what is finished.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE
from hunter.cli.list_input import LIST_ERRORS, OpenList, add_list_options, limits_of_a_scan, list_name, opened_list
from hunter.cli.list_notes import ListNotes
from hunter.cli.names import Intake
from hunter.cli.progress import Progress
from hunter.cli.scan_run import ScanRun, say_not_stored
from hunter.cli.terminal import Terminal, look_at
from hunter.cli.views import BriefView, JSONView, TableView, View
from hunter.core.rulebook import Rulebook
from hunter.core.survey_request import RegistryLookUp
from hunter.rules.load import load_rulebook
from hunter.sales.wording import Wording
from hunter.services.scan.context import Scanning
from hunter.services.scan.wish import BY_HAND, FRESH, ScanWish
from hunter.settings.fields import Settings
from hunter.wiring.process import LANGUAGES, load_catalogue, settings_of_this_process
from hunter.wiring.scanning import open_scanning
from hunter.wiring.survey import Wanted

#: Domains looked up at the same time where `--concurrency` does not say otherwise.
CONCURRENCY: Final = 500
MOST_CONCURRENCY: Final = 10_000


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
    parser.add_argument("--json", action="store_true", help="one JSON object per line, as results arrive")
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="recursive DNS server to use, without rate limit; may be repeated",
    )
    parser.add_argument(
        "--concurrency", type=_concurrency, default=CONCURRENCY, metavar="N", help=f"names at a time ({CONCURRENCY})"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    parser.add_argument("--no-registration", action="store_true", help="do not ask the registries")
    parser.add_argument(
        "--deep", action="store_true", help="ask Microsoft how users sign in, too; needs HUNTER_TENANT_LOOKUP_ENABLED"
    )
    parser.add_argument("--no-save", action="store_true", help="do not store or compare results")
    parser.add_argument(
        "--fresh", action="store_true", help="scan again, even if the last scan is less than an hour old"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Scan what the options name; returns the exit code."""
    if not options.names and options.file is None:
        build_parser().error("give a NAME, or a list by -f FILE")
    if options.file is None and (options.columns or options.sheet or options.rejects or options.list):
        build_parser().error("--columns, --sheet, --rejects and --list are about a list: give it by -f FILE")
    settings = settings_of_this_process()
    rulebook = load_rulebook()
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    error_screen = look_at(sys.stderr, no_color=settings.no_color, term=settings.term)
    progress = Progress(sys.stderr, error_screen, wording, clock=time.monotonic)
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
            intake=intake,
            expected=expected,
            wish=_wish(options, is_single=expected == 1),
            view=_view(options, look_at(sys.stdout, no_color=settings.no_color, term=settings.term), wording),
            progress=progress,
            wording=wording,
        )
        code = _scanned(scan, options, settings, rulebook)
        notes.say_rejects()
    return code


def _scanned(scan: ScanRun, options: argparse.Namespace, settings: Settings, rulebook: Rulebook) -> int:
    progress, wording = scan.progress, scan.wording
    if options.deep and not settings.tenant_lookup_enabled:
        progress.note(wording.say("scan.deep_is_off"))
    with _opening(options, settings, rulebook, scan=scan) as opening:
        code = scan.run(partial(opening, warn=progress.note), options.concurrency)
    if code == SUCCESS and not scan.intake.accepted:
        progress.note(wording.say("list.without_names", {"name": options.file}))
        return USAGE
    if isinstance(scan.view, TableView):
        scan.say_summary()
    return FAILED if code == SUCCESS and scan.intake.is_broken else code


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


def _wish(options: argparse.Namespace, *, is_single: bool) -> ScanWish:
    """Say what is wished of each name: who scans a single one by hand wants to know how it is now."""
    wish = FRESH if options.fresh else BY_HAND if is_single else ScanWish()
    return replace(
        wish,
        registry=RegistryLookUp.LEFT_OUT if options.no_registration else wish.registry,
        is_deep=options.deep,
        # Who names a server wants to hear it.
        takes_remembered=wish.takes_remembered and not options.server,
    )


@contextmanager
def _opening(
    options: argparse.Namespace, settings: Settings, rulebook: Rulebook, *, scan: ScanRun
) -> Iterator[Callable[..., AbstractAsyncContextManager[Scanning]]]:
    """Give what opens the scanning: with a database, unless nothing is to be stored or none can be had."""
    wanted = Wanted(options.server, registration=not options.no_registration)
    unstored = partial(open_scanning, settings, rulebook, wanted)
    if options.no_save:
        yield unstored
        return
    from hunter.cli.stored_scan import ScanList, open_stored_scanning, servers_for_scans  # noqa: PLC0415  see LATE_IMPORTS

    listed = ScanList(list_name(options), scan.intake) if options.file else None
    with servers_for_scans(settings, lambda error: say_not_stored(scan.progress, scan.wording, str(error))) as servers:
        yield (
            unstored
            if servers is None
            else partial(open_stored_scanning, settings, rulebook, wanted, servers, listed=listed)
        )


def _view(options: argparse.Namespace, screen: Terminal, wording: Wording) -> View:
    if options.json:
        return JSONView(sys.stdout, wording)
    if len(options.names) == 1 and options.file is None:
        return BriefView(sys.stdout, screen, wording)
    return TableView(sys.stdout, screen, wording)


def _concurrency(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST_CONCURRENCY}, not {text!r}")
    return number

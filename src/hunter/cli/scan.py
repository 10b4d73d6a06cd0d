"""`hunter scan`: names in, assessments out.

In: the command's options. Out: a brief, a table or JSON lines on standard output; what could not be assessed, and the
live line, on standard error; the exit code. Interrupted, it shows what is finished.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import chain
from typing import Any, Final

from hunter.cli.exit_codes import SUCCESS, USAGE
from hunter.cli.list_file import UnreadableList, open_list
from hunter.cli.names import Entry, Intake, Refusal
from hunter.cli.progress import Progress
from hunter.cli.scan_run import OpenMemory, ScanRun, say_not_stored
from hunter.cli.terminal import Terminal, look_at
from hunter.cli.views import BriefView, JSONView, TableView, View
from hunter.core.evidence import Evidence
from hunter.sales.wording import Wording
from hunter.settings.fields import Settings
from hunter.wiring.process import LANGUAGES, clock_of, load_catalogue, settings_of_this_process
from hunter.wiring.survey import Wanted, answers_all, load_rules, open_survey

#: Domains looked up at the same time where `--concurrency` does not say otherwise.
CONCURRENCY: Final = 500
MOST_CONCURRENCY: Final = 10_000


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter scan",
        description="Assess companies by their domain name: who keeps their mail, is there a case, how urgent.",
        epilog="Exit code: 0 every name was assessed, 1 some could not be (each is named on standard error), 2 usage.",
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="domain name, URL or e-mail address")
    parser.add_argument("-f", "--file", metavar="FILE", help="list of names, plain lines or CSV; - is standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, as results come")
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="recursive name server to ask, without a limit; may be given more than once",
    )
    parser.add_argument(
        "--concurrency", type=_concurrency, default=CONCURRENCY, metavar="N", help=f"names at a time ({CONCURRENCY})"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    parser.add_argument("--no-registration", action="store_true", help="do not ask the registries")
    parser.add_argument(
        "--deep", action="store_true", help="ask Microsoft how users sign in, too; needs HUNTER_TENANT_LOOKUP_ENABLED"
    )
    parser.add_argument("--no-save", action="store_true", help="store nothing, and compare with nothing")
    parser.add_argument(
        "--fresh", action="store_true", help="look again, though the last scan of a single name is not an hour old"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Scan what the options name; returns the exit code."""
    if not options.names and options.file is None:
        build_parser().error("give a NAME, or a list by -f FILE")
    settings = settings_of_this_process()
    warnings: list[str] = []
    rulebook = load_rules(settings, warnings.append)
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    screen = look_at(sys.stdout, no_color=settings.no_color, term=settings.term)
    error_screen = look_at(sys.stderr, no_color=settings.no_color, term=settings.term)
    progress = Progress(sys.stderr, error_screen, wording, clock=time.monotonic)
    for warning in warnings:
        progress.note(warning)
    try:
        handed_in = _handed_in(options.names, options.file)
    except UnreadableList as error:
        progress.note(wording.say(f"list.{error.problem}", {"name": error.name}))
        return USAGE
    scan = ScanRun(
        intake=Intake(handed_in.entries, rulebook, on_refusal=_RefusalNotes(progress, wording)),
        expected=handed_in.expected,
        rulebook=rulebook,
        view=_view(options, screen, wording),
        progress=progress,
        wording=wording,
        clock=clock_of(settings),
        # Who names a server wants to hear it.
        asks_memory=handed_in.expected == 1 and not options.fresh and not options.server,
    )
    if options.deep and not settings.tenant_lookup_enabled:
        progress.note(wording.say("scan.deep_is_off"))
    wanted = Wanted(options.server, registration=not options.no_registration, deep=options.deep)
    answers = partial(answers_all, settings=settings, wanted=wanted)
    with _memory(options, settings, progress, wording=wording, answers=answers) as scan.open_memory:
        code = scan.run(
            lambda: open_survey(settings, rulebook.signatures, wanted, warn=progress.note), options.concurrency
        )
    if code == SUCCESS and not scan.intake.accepted:
        progress.note(wording.say("list.without_names", {"name": options.file}))
        return USAGE
    if isinstance(scan.view, TableView):
        scan.say_summary()
    return code


@contextmanager
def _memory(
    options: argparse.Namespace,
    settings: Settings,
    progress: Progress,
    *,
    wording: Wording,
    answers: Callable[[Evidence], bool],
) -> Iterator[OpenMemory | None]:
    """Give what opens the memory; None where nothing is to be stored, or no database can be had.

    Its module is loaded here: the packages for the database take longer than all the rest of a start.
    """

    if options.no_save:
        yield None
        return
    memory: Any = import_module("hunter.cli.scan_memory")
    stored_wording = Wording(load_catalogue("tr"), wording.signatures)
    note = partial(say_not_stored, progress, wording)
    with memory.database_for_scans(settings, note) as url:
        yield (
            None
            if url is None
            else partial(memory.open_memory, settings, url, stored_wording=stored_wording, note=note, answers=answers)
        )


@dataclass(frozen=True, slots=True)
class HandedIn:
    """All that shall be scanned."""

    entries: Iterable[Entry]
    #: About how many there are.
    expected: int


def _handed_in(names: Sequence[str], file: str | None) -> HandedIn:
    """Put the names first, then the list; raises `UnreadableList` before anything is scanned."""
    given = [Entry(name) for name in names]
    if file is None:
        return HandedIn(given, len(given))
    listed = open_list(file, sys.stdin.buffer)
    return HandedIn(chain(given, listed.entries()), len(given) + listed.lines)


def _view(options: argparse.Namespace, screen: Terminal, wording: Wording) -> View:
    if options.json:
        return JSONView(sys.stdout, wording)
    if len(options.names) == 1 and options.file is None:
        return BriefView(sys.stdout, screen, wording)
    return TableView(sys.stdout, screen, wording)


class _RefusalNotes:
    """Says each refused text on standard error."""

    def __init__(self, progress: Progress, wording: Wording) -> None:
        self._progress = progress
        self._wording = wording

    def __call__(self, refusal: Refusal) -> None:
        said = self._wording.say(f"refusal.{refusal.code}", {"text": refusal.text})
        if refusal.line is not None:
            said = self._wording.say("refusal.in_line", {"line": refusal.line, "said": said})
        self._progress.note(said)


def _concurrency(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST_CONCURRENCY}, not {text!r}")
    return number

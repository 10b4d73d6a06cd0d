"""`hunter demo`: scans the demo world for real, shows the table, the best lead and what to try next.

In: the command's options. Out: standard output. On a terminal the servers stay up until Ctrl-C, so that the
commands that are printed work; with `--once`, or where nobody sits at a terminal, the demo ends by itself.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import Final

from hunter.cli.brief import brief_lines
from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.lab import PORT
from hunter.cli.names import Entry, Intake
from hunter.cli.progress import Progress
from hunter.cli.scan_run import ScanRun
from hunter.cli.table import Row, row_of, table_lines
from hunter.cli.terminal import Style, Terminal, look_at, padded
from hunter.cli.views import Outcome, print_lines
from hunter.core.rulebook import Rulebook
from hunter.demo import DemoWorld, open_demo_world
from hunter.rules.load import load_rulebook
from hunter.sales.brief import compose_brief
from hunter.sales.wording import Wording
from hunter.wiring.process import LANGUAGES, clock_of, load_catalogue, settings_of_this_process
from hunter.wiring.survey import Wanted, open_survey

CONCURRENCY: Final = 60
#: How Hunter is called from its checkout.
PROGRAM: Final = "./hunter"


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter demo",
        description="Scan sixty invented companies for real, over servers on this machine. No network needed.",
        allow_abbrev=False,
    )
    parser.add_argument("--once", action="store_true", help="end after printing; without it the servers stay up")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Show the demo; returns the exit code: 1 where no company could be read."""
    settings = settings_of_this_process()
    rulebook = load_rulebook()
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    terminal = look_at(sys.stdout, no_color=settings.no_color, term=settings.term)
    stays = not options.once and sys.stdin.isatty()
    with open_demo_world(clock_of(settings)().date()) as world:
        opening = wording.say("demo.opening", {"companies": len(world.names), "server": world.server})
        print_lines(sys.stdout, (opening, ""))
        view = scan_world(world, rulebook, wording, terminal)
        if view.best is None:
            print_lines(sys.stderr, [wording.say("demo.unreachable")])
            return FAILED
        print_lines(sys.stdout, next_lines(world, view, wording, terminal=terminal, stays=stays))
        if stays:
            print_lines(sys.stdout, ("", wording.say("demo.waiting")))
            _wait_for_the_end()
    return SUCCESS


def scan_world(world: DemoWorld, rulebook: Rulebook, wording: Wording, terminal: Terminal) -> "DemoView":
    """Scan all companies of the world over its servers and print table and best lead."""
    settings = settings_of_this_process(world.variables)
    view = DemoView(wording, terminal)
    progress = Progress(
        sys.stderr, look_at(sys.stderr, no_color=settings.no_color, term=settings.term), wording, clock=time.monotonic
    )
    scan = ScanRun(
        intake=Intake(map(Entry, world.names), rulebook),
        expected=len(world.names),
        rulebook=rulebook,
        view=view,
        progress=progress,
        wording=wording,
        clock=clock_of(settings),
    )
    scan.run(
        lambda: open_survey(settings, rulebook.signatures, Wanted([world.server]), warn=progress.note), CONCURRENCY
    )
    return view


class DemoView:
    """Table of all companies, then the brief of the best lead."""

    def __init__(self, wording: Wording, terminal: Terminal) -> None:
        self._wording = wording
        self._terminal = terminal
        self._outcomes: list[tuple[Row, Outcome]] = []
        #: The lead to call first; None while no company was assessed.
        self.best: Outcome | None = None
        #: The lead after it.
        self.second: Outcome | None = None

    async def take(self, outcome: Outcome) -> None:
        """Keep the outcome."""
        self._outcomes.append((row_of(outcome.assessment, self._wording), outcome))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the table and the best lead."""
        self._outcomes.sort(key=lambda pair: pair[0].rank)
        assessed = [outcome for row, outcome in self._outcomes if row.score is not None]
        self.best, self.second = (*assessed, None, None)[:2]
        print_lines(sys.stdout, table_lines([row for row, _ in self._outcomes], self._terminal, self._wording))
        if self.best is not None:
            brief = compose_brief(self.best.assessment, self.best.evidence, self._wording)
            title = self._terminal.styled(self._wording.say("demo.best"), Style.DIM)
            print_lines(sys.stdout, ("", title, *brief_lines(brief, self._terminal, self._wording)))


def next_lines(world: DemoWorld, view: DemoView, wording: Wording, *, terminal: Terminal, stays: bool) -> Iterator[str]:
    """Name commands that work now: those that need the name server only while it stays up."""
    server = world.server if stays else f"127.0.0.1:{PORT}"
    name = view.second.text if view.second else world.names[0]
    brief = f"{PROGRAM} scan {name} --server {server}"
    tries = [] if stays else [(f"{PROGRAM} lab --demo", "demo.try_lab")]
    if stays and world.file is not None:
        tries.append((f"(. {quote(str(world.file))}; {brief} --deep)", "demo.try_surroundings"))
    tries += [
        (brief, "demo.try_brief"),
        (f"{PROGRAM} scan {name} --json --server {server}", "demo.try_json"),
        (f"{PROGRAM} scan example.com", "demo.try_real"),
    ]
    yield ""
    yield terminal.styled(wording.say("demo.next"), Style.BOLD)
    yield from _aligned([(command, wording.say(key)) for command, key in tries])


def _aligned(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(command) for command, _ in pairs) + 2
    for command, meaning in pairs:
        yield f"  {padded(command, width)}{meaning}"


def _wait_for_the_end() -> None:
    """Return at Ctrl-C or at the end of the input."""
    try:
        while sys.stdin.readline():
            pass
    except KeyboardInterrupt:
        print()

"""`hunter demo`: scans the demo world for real, keeps it, shows the table and the best lead, and serves the API.

In: the command's options. Out: standard output. The companies are kept in a database of the demo's own, so that a
second start answers from memory. Servers and API stay up until Ctrl-C; with `--once` the demo ends after printing.
"""

import argparse
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from shlex import quote
from typing import Final

from hunter.cli.api_server import address_of, listening, serve_until_told
from hunter.cli.brief import brief_lines
from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.lab import PORT
from hunter.cli.names import Intake
from hunter.cli.progress import Progress
from hunter.cli.scan_run import ScanRun
from hunter.cli.serving import ready_servers
from hunter.cli.stored_scan import open_stored_scanning
from hunter.cli.table import Row, row_of, table_lines
from hunter.cli.terminal import Style, Terminal, look_at, padded
from hunter.cli.views import print_lines
from hunter.core.company_marks import ExclusionMark
from hunter.core.domain_name import display_name
from hunter.core.errors import Unavailable
from hunter.core.rulebook import Rulebook
from hunter.demo import DemoWorld, open_demo_world
from hunter.rules.load import load_rulebook
from hunter.sales.brief import compose_brief
from hunter.sales.wording import Wording
from hunter.services.scan.policy import FRESH, ScanPolicy
from hunter.services.scan.shapes import Scanned
from hunter.settings.fields import Settings
from hunter.wiring.application import Servers
from hunter.wiring.process import LANGUAGES, clock_of, data_folder, load_catalogue, settings_of_this_process
from hunter.wiring.scanning import open_scanning
from hunter.wiring.survey import Wanted

CONCURRENCY: Final = 60
#: Where the demo's own database lies, in the folder in which Hunter keeps things.
FOLDER: Final = "demo"
#: How Hunter is called from its checkout.
PROGRAM: Final = "./hunter"


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter demo",
        description="Scan sixty invented companies for real, over servers on this machine, keep them in a database of "
        "their own and serve the API on it. No network needed.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--once", action="store_true", help="exit after printing; by default servers and API keep running"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="scan again, even if the last scan is less than an hour old"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Show the demo; returns the exit code: 1 where no company could be read."""
    settings = settings_of_this_process()
    rulebook = load_rulebook()
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    with open_demo_world(clock_of(settings)().date(), data_folder(settings) / FOLDER) as world:
        shown = Demo(world, settings_of_this_process(world.variables), rulebook, wording)
        opening = wording.say("demo.opening", {"companies": len(world.names), "server": world.server})
        print_lines(sys.stdout, (opening, ""))
        with ready_servers(shown.settings) as servers:
            view = shown.scan(servers, is_fresh=options.fresh)
            if view.best is None:
                print_lines(sys.stderr, [wording.say("demo.unreachable")])
                return FAILED
            if options.once:
                print_lines(sys.stdout, shown.next_lines(view))
                return SUCCESS
            with _some_socket(shown.settings) as opened:
                address = address_of(shown.settings, opened)
                lines = (*shown.next_lines(view, address), "", wording.say("demo.waiting", {"address": address}))
                # Requests are told to nobody here, or they would push the brief off the screen.
                quiet = replace(shown.settings, log_level="WARNING")
                serve_until_told(quiet, servers, opened, tell=lambda: print_lines(sys.stdout, lines))
    return SUCCESS


def _some_socket(settings: Settings) -> socket.socket:
    """Open the socket of the settings or, where another program has it, any that is free."""
    try:
        return listening(settings)
    except Unavailable:
        return listening(replace(settings, api_port=0))


class Demo:
    """One showing of a world."""

    def __init__(self, world: DemoWorld, settings: Settings, rulebook: Rulebook, wording: Wording) -> None:
        self.settings = settings
        self._world = world
        self._rulebook = rulebook
        self._wording = wording
        self._terminal = look_at(sys.stdout, no_color=settings.no_color, term=settings.term)
        self._progress = Progress(
            sys.stderr,
            look_at(sys.stderr, no_color=settings.no_color, term=settings.term),
            wording,
            clock=time.monotonic,
        )

    def scan(self, servers: Servers | None = None, *, is_fresh: bool = False) -> "DemoView":
        """Scan all companies of the world over its servers, keep them, and print table and best lead."""
        view = DemoView(self._wording, self._terminal)
        # The companies whose servers are dead stay dead; waiting for them once is enough.
        policy = FRESH if is_fresh else ScanPolicy(accepts_stored=True, accepts_failures=True)
        scan = ScanRun(
            source=Intake(self._world.names, self._rulebook, marks=frozenset({ExclusionMark.DEMO})),
            expected=len(self._world.names),
            policy=policy,
            view=view,
            progress=self._progress,
            wording=self._wording,
        )
        wanted = Wanted([self._world.server])
        warn = self._progress.note
        if servers is None:
            opening = partial(open_scanning, self.settings, self._rulebook, wanted, warn=warn)
        else:
            opening = partial(open_stored_scanning, self.settings, self._rulebook, wanted, servers, warn=warn)
        scan.run(opening, CONCURRENCY)
        return view

    def next_lines(self, view: "DemoView", address: str | None = None) -> Iterator[str]:
        """Name commands that work now: with the address of the API those that need the servers of this demo."""
        name = quote(display_name(view.second.domain) if view.second else self._world.names[0])
        if address is not None and self._world.file is not None:
            within = f"(. {quote(str(self._world.file))}; {PROGRAM} scan {name}"
            tries = [
                (f"{address}/docs", "demo.try_documents"),
                (f"curl -s '{address}/api/v1/leads?segment=Migration'", "demo.try_leads"),
                (f"{within})", "demo.try_brief"),
                (f"{within} --fresh --json)", "demo.try_json"),
            ]
        else:
            brief = f"{PROGRAM} scan {name} --no-save --server 127.0.0.1:{PORT}"
            tries = [
                (f"{PROGRAM} demo", "demo.try_again"),
                (f"{PROGRAM} lab --demo", "demo.try_lab"),
                (brief, "demo.try_brief"),
                (f"{brief} --json", "demo.try_json"),
            ]
        tries.append((f"{PROGRAM} scan example.com", "demo.try_real"))
        yield ""
        yield self._terminal.styled(self._wording.say("demo.next"), Style.BOLD)
        yield from _aligned([(command, self._wording.say(key)) for command, key in tries])


class DemoView:
    """Table of all companies, then the brief of the best lead."""

    def __init__(self, wording: Wording, terminal: Terminal) -> None:
        self._wording = wording
        self._terminal = terminal
        self._shown: list[tuple[Row, Scanned]] = []
        #: The lead to call first; None while no company was assessed.
        self.best: Scanned | None = None
        #: The lead after it.
        self.second: Scanned | None = None

    async def take(self, scanned: Scanned, text: str) -> None:
        """Keep the scan."""
        self._shown.append((row_of(scanned.assessment, self._wording), scanned))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the table and the best lead."""
        self._shown.sort(key=lambda pair: pair[0].rank)
        assessed = [scanned for row, scanned in self._shown if row.score is not None]
        self.best, self.second = (*assessed, None, None)[:2]
        print_lines(sys.stdout, table_lines([row for row, _ in self._shown], self._terminal, self._wording))
        remembered = sum(scanned.cached for _, scanned in self._shown)
        if remembered:
            print_lines(sys.stdout, ("", self._wording.say("demo.remembered", {"companies": remembered})))
        if self.best is not None:
            brief = compose_brief(self.best.assessment, self.best.evidence, self._wording)
            title = self._terminal.styled(self._wording.say("demo.best"), Style.DIM)
            print_lines(sys.stdout, ("", title, *brief_lines(brief, self._terminal, self._wording)))


def _aligned(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(command) for command, _ in pairs) + 2
    for command, meaning in pairs:
        yield f"  {padded(command, width)}{meaning}"

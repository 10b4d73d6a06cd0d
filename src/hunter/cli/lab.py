"""`hunter lab`: serves an invented world of companies over DNS, with as much trouble as is asked for.

The demo's companies have registries, a Microsoft and address files too.

In: the command's options. Out: a name server in the foreground until Ctrl-C, or the names of the world.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from hunter.cli.exit_codes import SUCCESS
from hunter.cli.screen.views import print_lines
from hunter.demo import open_surroundings
from hunter.lab.dns.faults import LIES, Faults, TCPService, parse_lies
from hunter.lab.serving import serve
from hunter.lab.world_sources.choosing import DemoWorldSource, FileWorldSource, GeneratedWorldSource, WorldSource
from hunter.lab.world_sources.demo_world import demo_companies
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.lab.world_sources.world_file import read_world_file
from hunter.wiring.process import clock_of, settings_of_this_process

#: Where the lab listens unless told otherwise; the demo's hints name it.
PORT: Final = 5300
#: Options of trouble that take a share of questions, answers or domains, and what they do.
SHARES: Final = {
    "loss": "questions by UDP that get no answer",
    "servfail": "answers that are SERVFAIL",
    "refused": "answers that are REFUSED",
    "notimp": "answers that are NOTIMP",
    "formerr-on-edns": "questions with EDNS that get FORMERR",
    "truncate": "answers by UDP that are truncated, whatever their size",
    "dead": "domains that are never answered",
    "slow": "domains whose answers are late",
}
#: Options of trouble that take milliseconds.
DELAYS: Final = {
    "slow-ms": "how late slow domains are answered",
    "delay-ms": "round trip added to every answer",
    "jitter-ms": "random extra delay on top of the round trip",
}


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter lab",
        description="Serve simulated companies over DNS, for tests and demonstrations.",
        allow_abbrev=False,
    )
    world = parser.add_mutually_exclusive_group()
    world.add_argument(
        "--demo",
        action="store_true",
        help="the sixty companies of the demo and all servers around them (the default)",
    )
    world.add_argument("--world", type=Path, metavar="FILE", help="the companies of a world file")
    world.add_argument("--generate", type=int, metavar="N", help="N generated domains")
    parser.add_argument(
        "--list", action="store_true", help="print the domain names of the world, one per line, and exit"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on, 0 takes a free one (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choices")
    trouble = parser.add_argument_group("faults")
    for name, meaning in SHARES.items():
        trouble.add_argument(f"--{name}", type=float, default=0.0, metavar="SHARE", help=f"share of {meaning}")
    for name, meaning in DELAYS.items():
        trouble.add_argument(f"--{name}", type=float, metavar="MS", help=meaning)
    trouble.add_argument(
        "--tcp", choices=list(TCPService), default=TCPService.ANSWER, help="how TCP clients are answered"
    )
    trouble.add_argument(
        "--lie",
        action="append",
        default=[],
        metavar="KIND[=SHARE]",
        help=f"share of forged answers, all by default; kinds: {', '.join(LIES)}; may be given more than once",
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, or list the names."""
    if options.list:
        print_lines(sys.stdout, _names(options))
        return SUCCESS
    world, faults = _world(options), _faults(options)
    with ExitStack() as servers:
        more = ""
        if isinstance(world, DemoWorldSource):
            today = clock_of(settings_of_this_process())().date()
            more = f"registries, Microsoft and address files: . {servers.enter_context(open_surroundings(today)).file}"
        serve(world, faults, say=_Saying(more), host=options.host, port=options.port)
    return SUCCESS


class _Saying:
    """Prints what the name server says, and behind its first line what else is served."""

    def __init__(self, more: str) -> None:
        self._more = more

    def __call__(self, line: str) -> None:
        print_lines(sys.stdout, [line, self._more] if self._more else [line])
        self._more = ""


def _world(options: argparse.Namespace) -> WorldSource:
    if options.world is not None:
        return FileWorldSource(options.world)
    if options.generate is not None:
        return GeneratedWorldSource(options.generate, seed=options.seed)
    return DemoWorldSource()


def _names(options: argparse.Namespace) -> Iterator[str]:
    if options.generate is not None:
        return GeneratedWorld(options.generate, seed=options.seed).domains()
    companies = read_world_file(options.world).companies if options.world is not None else demo_companies()
    return (company.display_domain for company in companies)


def _faults(options: argparse.Namespace) -> Faults:
    given = {name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name in (*SHARES, *DELAYS)}
    wanted = {name: value for name, value in given.items() if value is not None}
    return Faults(**wanted, lies=parse_lies(options.lie), tcp=TCPService(options.tcp), seed=options.seed)

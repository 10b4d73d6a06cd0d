"""`./hunter bench`: measures the goals of the project and holds each figure against its floor and its aim.

In: the command's options. Out: tables, Markdown or JSON on standard output; what is under way on standard error.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import addresses, core, dns, files, leads, providers, registration, scan
from bench.effort import FULL, QUICK, Options
from bench.machine import this_machine
from bench.report import Report, json_text, markdown_lines, table_lines
from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.main import run_guarded
from hunter.cli.screen.terminal import printable
from hunter.cli.screen.views import print_lines
from hunter.core.errors import InvalidInput
from hunter.rules.load import load_rulebook


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be measured, for its own sake."""

    meaning: str
    measure: Callable[[Options], Report]


SUBJECTS: Final = {
    "dns": Subject("the DNS collector: every row of its table of goals", dns.run),
    "core": Subject("assessments per CPU-second from ready evidence", core.run),
    "registration": Subject("registration look-ups: the limit kept, memory, dead servers", registration.run),
    "addresses": Subject("look-ups in address files per CPU-second", addresses.run),
    "files": Subject("lists read and validated, exports written: time and memory", files.run),
    "leads": Subject("the lead list at size: looks, the API, stores, rescoring; loads a million leads", leads.run),
    "scan": Subject("the whole command on a long list: CPU and memory", scan.run),
}
#: Subjects whose parts can be measured alone.
IN_PARTS: Final = frozenset(("dns", "registration"))
#: Needs databases of its own.
LEADS: Final = "leads"
#: Measured on labelled rows that the project does not hold.
PROVIDERS: Final = "providers"


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    meanings = {name: subject.meaning for name, subject in SUBJECTS.items()}
    subjects = {**meanings, PROVIDERS: "how often the verdict on labelled domains is right; needs --data"}
    width = max(map(len, subjects))
    parser = argparse.ArgumentParser(
        prog="./hunter bench",
        description="Measure the goals of the project on this machine. No network needed.",
        epilog="subjects:\n" + "\n".join(f"  {name:<{width}}  {meaning}" for name, meaning in subjects.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("subjects", nargs="+", choices=subjects, metavar="SUBJECT", help="see below")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON text with all figures")
    form.add_argument("--markdown", action="store_true", help="tables for docs/reference/performance.md")
    parser.add_argument("--peers", action="store_true", help="measure checkdmarc beside us, in the same run")
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="labelled rows, for providers; folder that keeps databases, for leads"
    )
    parser.add_argument("--quick", action="store_true", help="a look in a few seconds; figures vary more")
    parser.add_argument("--part", action="append", default=[], metavar="NAME", help="only this part; may be repeated")
    parser.add_argument("--packets", type=_count, metavar="N", help="packets of the fuzz rows")
    parser.add_argument("--rows", type=_count, metavar="N", help="leads of the larger database, for leads")
    parser.add_argument("--draws", type=_count, metavar="N", help="random looks of each class, for leads")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other domains and other victims")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Measure what the arguments ask for; returns the exit code, and no error reaches people as a traceback."""
    return run_guarded(lambda: _run(build_parser().parse_intermixed_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    """Measure what was asked for; returns the exit code: 1 where a figure is below its floor."""
    _check(options)
    measures = [_measure_of(subject, options) for subject in dict.fromkeys(options.subjects)]
    reports: list[Report] = []
    for measure in measures:
        reports.append(measure())
        if not options.json:
            lines = markdown_lines if options.markdown else table_lines
            print_lines(sys.stdout, (*map(printable, lines(reports[-1])), ""))
    if options.json:
        print_lines(sys.stdout, [json_text(reports)])
    return FAILED if any(report.missed for report in reports) else SUCCESS


def _check(options: argparse.Namespace) -> None:
    """Refuse what would be noticed only after minutes, or never."""
    if PROVIDERS in options.subjects and options.data is None:
        raise InvalidInput("providers needs --data PATH, the labelled rows")
    if {PROVIDERS, LEADS} <= set(options.subjects) and options.data is not None:
        raise InvalidInput("--data means another thing for providers than for leads: ask for them apart")
    if (options.rows or options.draws) and LEADS not in options.subjects:
        raise InvalidInput("--rows and --draws are of leads, which is not asked for")
    if options.part and not IN_PARTS.intersection(options.subjects):
        raise InvalidInput("--part names a part of dns or registration, neither of which is asked for")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number above 0")
    return int(text)


def _measure_of(subject: str, options: argparse.Namespace) -> Callable[[], Report]:
    if subject == PROVIDERS:
        return partial(_measure_providers, options.data)
    return partial(SUBJECTS[subject].measure, _wanted(options))


def _measure_providers(data: Path) -> Report:
    machine = this_machine()
    measures = asyncio.run(providers.measure_providers(data, load_rulebook().signatures))
    return Report(f"./hunter bench {PROVIDERS} --data {data.name}", machine, tuple(measures))


def _wanted(options: argparse.Namespace) -> Options:
    return Options(
        effort=QUICK if options.quick else FULL,
        seed=options.seed,
        with_peers=options.peers,
        parts=tuple(options.part),
        packets=options.packets,
        rows=options.rows,
        draws=options.draws,
        data=options.data,
        say=lambda line: print_lines(sys.stderr, [printable(line)]),
    )

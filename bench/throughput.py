"""Questions a second, plain look-ups against dnsperf: the same questions, the same name server, the same core.

Judged by CPU time of the client: at the wall clock the lab's name server would be measured as well.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench import peers
from bench.analyst import open_analyst
from bench.effort import Options
from bench.peers import PeerTurn
from bench.processes import on_one_core
from bench.report import Better, Measure, Unit
from bench.rounds import share
from hunter.collectors.mail import wire
from hunter.collectors.mail.resolver import Resolver
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

AGAINST_DNSPERF: Final = "questions per CPU-second against dnsperf"
BY_THE_CLOCK: Final = "questions a second by the wall clock against dnsperf"

Question = tuple[str, int]

#: Batches of questions under way at the same time; with seven questions each, about what dnsperf keeps open (100).
_WAVES: Final = 16
_TYPES: Final = {"MX": wire.MX, "TXT": wire.TXT, "NS": wire.NS, "CNAME": wire.CNAME}


def measure(options: Options) -> list[Measure]:
    """Measure both ratios; without dnsperf say so."""
    program = peers.find_dnsperf()
    if program is None:
        return [_by_cpu(None, peers.NO_DNSPERF), _by_clock(None, peers.NO_DNSPERF)]
    options.say("plain questions: taking turns with dnsperf")
    world = GeneratedWorld(options.effort.rounds * options.effort.question_domains, seed=options.seed)
    source = GeneratedWorldSource(world.size, seed=options.seed)
    with (
        start_name_server(source) as server,
        on_one_core(server.process_id) as where,
        TemporaryDirectory() as folder,
    ):
        turns = asyncio.run(_take_turns(options, world, server, _Dnsperf(program, Path(folder))))
    ours, theirs = zip(*turns, strict=True)
    ratios = [_per_cpu_second(our) / _per_cpu_second(their) for our, their in turns]
    clock_ratios = [_per_second(our) / _per_second(their) for our, their in turns]
    done = (
        f"{len(turns)} rounds of {ours[0].count:,} questions, one DNS answer each, in turns; {where}. "
        f"Per CPU-second we {median(map(_per_cpu_second, ours)):,.0f}, "
        f"dnsperf {median(map(_per_cpu_second, theirs)):,.0f}."
    )
    clock_done = (
        f"We {median(map(_per_second, ours)):,.0f}/s, dnsperf {median(map(_per_second, theirs)):,.0f}/s "
        "against a name server that uses its core to the full."
    )
    return [_by_cpu(median(ratios), done), _by_clock(median(clock_ratios), clock_done)]


def _by_cpu(figure: float | None, done: str) -> Measure:
    return Measure(AGAINST_DNSPERF, figure, Unit.RATIO, done, better=Better.HIGHER, floor=0.30, aim=0.45)


def _by_clock(figure: float | None, done: str) -> Measure:
    return Measure(BY_THE_CLOCK, figure, Unit.RATIO, done, better=Better.HIGHER)


class _Dnsperf:
    """dnsperf, and a folder for its files."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._file = folder / "questions.txt"

    def ask(self, domains: list[str], server: RunningNameServer) -> PeerTurn:
        """Ask all questions about the domains."""
        lines = (f"{name} {kind}\n" for domain in domains for name, kind in _questions(domain))
        self._file.write_text("".join(lines), encoding="ascii")
        return peers.run_dnsperf(self._program, self._file, server)


async def _take_turns(
    options: Options, world: GeneratedWorld, server: RunningNameServer, dnsperf: _Dnsperf
) -> list[tuple[PeerTurn, PeerTurn]]:
    turns = []
    async with open_analyst(server, load_rulebook()) as analyst:
        for number in range(options.effort.rounds):
            domains = share(world, number, options.effort.question_domains)
            ours = await _ask(analyst.resolver, domains)
            turns.append((ours, dnsperf.ask(domains, server)))
    return turns


async def _ask(resolver: Resolver, domains: list[str]) -> PeerTurn:
    """Ask all questions about the domains, those of one domain together."""
    asked_before = resolver.statistics.questions
    waiting = iter(domains)
    cpu, since = time.process_time(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(_WAVES):
            group.create_task(_ask_in_turn(resolver, waiting))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - since
    return PeerTurn(resolver.statistics.questions - asked_before, cpu, wall)


async def _ask_in_turn(resolver: Resolver, waiting: Iterator[str]) -> None:
    for domain in waiting:
        await resolver.lookup_many([(name, _TYPES[kind]) for name, kind in _questions(domain)])


def _questions(domain: str) -> tuple[tuple[str, str], ...]:
    return (
        (domain, "MX"),
        (domain, "TXT"),
        (f"_dmarc.{domain}", "TXT"),
        (domain, "NS"),
        (f"autodiscover.{domain}", "CNAME"),
        (f"selector1._domainkey.{domain}", "TXT"),
        (f"default._domainkey.{domain}", "TXT"),
    )


def _per_cpu_second(turn: PeerTurn) -> float:
    return turn.count / turn.cpu_seconds


def _per_second(turn: PeerTurn) -> float:
    return turn.count / turn.wall_seconds

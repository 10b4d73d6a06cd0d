"""CPU of one domain, survey and assessment, against the fixed yardstick and against checkdmarc on the same domains.

We and the other take turns in short rounds; the figure is the median of the ratios, because the machine is shared.
"""

import asyncio
import gc
from statistics import median
from typing import Final

from bench import peers
from bench.analyst import Analyst, open_analyst
from bench.effort import Options
from bench.report import Measure, Unit
from bench.rounds import median_ratio, share
from bench.yardstick import QUESTIONS, Yardstick, bare_cpu_seconds
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

AGAINST_YARDSTICK: Final = "CPU per domain against the yardstick"
AGAINST_CHECKDMARC: Final = "CPU per domain against checkdmarc"
#: One in so many domains of a round is asked about by the bare loop too.
_BARE_PART: Final = 5


def measure(options: Options) -> list[Measure]:
    """Measure both ratios."""
    effort = options.effort
    world = GeneratedWorld(effort.rounds * effort.round_domains, seed=options.seed)
    source = GeneratedWorldSource(world.size, seed=options.seed)
    with start_name_server(source) as server:
        options.say("CPU per domain: taking turns with the yardstick")
        against_yardstick = asyncio.run(_take_turns_with_yardstick(options, world, server))
    return [*against_yardstick, _against_checkdmarc(options, world, source)]


async def _take_turns_with_yardstick(
    options: Options, world: GeneratedWorld, server: RunningNameServer
) -> list[Measure]:
    yardstick = Yardstick(server.host, server.port)
    ours: list[float] = []
    theirs: list[float] = []
    bare: list[float] = []
    async with open_analyst(server, load_rulebook()) as analyst:
        for number in range(options.effort.rounds):
            domains = share(world, number, options.effort.round_domains)
            few = domains[::_BARE_PART]
            ours.append(await _our_cpu(analyst, domains))
            gc.collect()
            theirs.append(yardstick.cpu_seconds(domains) / len(domains))
            bare.append(bare_cpu_seconds(few, server.host, server.port) / len(few))
    by_question = _us(median(theirs) / QUESTIONS)
    by_bare_loop = _us(median(bare) / QUESTIONS)
    return [
        Measure(
            AGAINST_YARDSTICK,
            median_ratio(ours, theirs),
            Unit.ONE_OF,
            f"{options.effort.rounds} rounds of {options.effort.round_domains} domains each, in turns. "
            f"We {_us(median(ours))} a domain, the yardstick {_us(median(theirs))}: {by_question} a question; a bare "
            f"dns.query.udp loop over the same names {by_bare_loop}.",
            floor=1 / 10,
            aim=1 / 15,
        )
    ]


def _against_checkdmarc(options: Options, world: GeneratedWorld, source: GeneratedWorldSource) -> Measure:
    missing = peers.why_no_checkdmarc(is_asked_for=options.with_peers)
    figure, done = None, missing or ""
    if missing is None:
        options.say("CPU per domain: taking turns with checkdmarc")
        with start_name_server(source) as server:
            figure, done = asyncio.run(_take_turns_with_checkdmarc(options, world, server))
    return Measure(AGAINST_CHECKDMARC, figure, Unit.ONE_OF, done, floor=1 / 50, aim=1 / 80)


async def _take_turns_with_checkdmarc(
    options: Options, world: GeneratedWorld, server: RunningNameServer
) -> tuple[float, str]:
    effort = options.effort
    ours: list[float] = []
    theirs: list[float] = []
    asked = 0
    async with open_analyst(server, load_rulebook()) as analyst:
        with peers.open_checkdmarc(server) as checkdmarc:
            for number in range(effort.rounds):
                domains = share(world, number, effort.round_domains)
                ours.append(await _our_cpu(analyst, domains))
                before = server.statistics().questions
                turn = checkdmarc.check(domains[: effort.peer_domains])
                asked += server.statistics().questions - before
                theirs.append(turn.cpu_seconds / turn.count)
    checked = effort.rounds * effort.peer_domains
    done = (
        f"{effort.rounds} rounds: {effort.round_domains} domains for us, the first {effort.peer_domains} of them for "
        f"checkdmarc. We {_us(median(ours))} a domain, checkdmarc {_us(median(theirs))} with {asked / checked:.1f} "
        "questions."
    )
    return median_ratio(ours, theirs), done


async def _our_cpu(analyst: Analyst, domains: list[str]) -> float:
    gc.collect()
    return (await analyst.run(domains)).cpu_per_domain


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"

"""The faulty world: 2 % of the domains dead, 5 % of the answers SERVFAIL, 3 % cut, 1 % lost. Truth, silence and speed.

What is said there is held against the truth that the lab wrote down; how many domains have an unknown, against the
share of the dead; the speed, against the same world without faults.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from bench.analyst import Analyst, Cost, open_analyst
from bench.effort import Options
from bench.held_against_truth import DKIM, hold
from bench.report import Better, Measure, Unit
from hunter.core.evidence import Evidence
from hunter.lab.dns.faults import Faults
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

FALSE: Final = "faulty world: false found or absent"
FALSE_EVERYWHERE: Final = "clean world: false found or absent, DKIM apart"
UNKNOWN_BEYOND_DEAD: Final = "faulty world: domains with an unknown beyond the dead"
UNKNOWN_EVERYWHERE: Final = "clean world: domains with an unknown that need not be"
SPEED: Final = "faulty world: domains a second against the clean world"
STEADY_SPEED: Final = "faulty world: the same without the wait for the last dead names"
#: Domains in flight. The dead hold their places for ten seconds and shall not take those of the living.
_CONCURRENCY: Final = 1_000


@dataclass(slots=True)
class Tally:
    """What a run said against the truth."""

    world: GeneratedWorld
    domains: int = 0
    #: Domain number and signal of each false statement.
    false: set[tuple[int, str]] = field(default_factory=set)
    #: Domains with a signal that is unknown and need not be.
    with_unknown: int = 0

    def look(self, evidence: Evidence) -> None:
        """Take in one domain."""
        index = int(evidence.domain[1:8])
        held = hold(evidence.mail, self.world.truth(index))
        self.domains += 1
        self.false.update((index, signal) for signal in held.false)
        self.with_unknown += bool(held.unknown)


def measure(options: Options) -> list[Measure]:
    """Measure truth, silence and speed."""
    size = max(options.effort.truth_domains, options.effort.speed_domains)
    world = GeneratedWorld(size, seed=options.seed)
    faults = Faults(dead=0.02, servfail=0.05, truncate=0.03, loss=0.01, seed=options.seed)
    source = GeneratedWorldSource(size, seed=options.seed)
    with start_name_server(source) as clean, start_name_server(source, faults=faults) as faulty:
        return asyncio.run(_measure(options, world, _Servers(clean, faulty, faults)))


@dataclass(frozen=True, slots=True)
class _Servers:
    clean: RunningNameServer
    faulty: RunningNameServer
    faults: Faults


async def _measure(options: Options, world: GeneratedWorld, servers: _Servers) -> list[Measure]:
    count = options.effort.truth_domains
    options.say(f"faulty world: {count:,} domains held against the truth, clean and faulty")
    in_clean, clean_cost = await _hold(world, count, servers.clean)
    in_faulty, faulty_cost = await _hold(world, count, servers.faulty)
    dead = sum(1 for index in range(count) if servers.faults.is_dead(world.domain(index)))
    if options.effort.speed_domains:
        clean_cost, faulty_cost = await _race(options, world, servers)
    return [*_truth(in_clean, in_faulty, dead), *_speed(clean_cost, faulty_cost)]


async def _hold(world: GeneratedWorld, count: int, server: RunningNameServer) -> tuple[Tally, Cost]:
    tally = Tally(world)
    async with open_analyst(server, load_rulebook()) as analyst:
        return tally, await _run(analyst, world, count, tally)


async def _run(analyst: Analyst, world: GeneratedWorld, count: int, tally: Tally | None = None) -> Cost:
    names = islice(world.domains(), count)
    return await analyst.run(names, concurrency=_CONCURRENCY, look=tally.look if tally else None)


async def _race(options: Options, world: GeneratedWorld, servers: _Servers) -> tuple[Cost, Cost]:
    """Run the clean world before and after the faulty one, so that a machine that slows down hits both alike."""
    count = options.effort.speed_domains
    options.say(f"faulty world: speed by {count:,} domains, clean and faulty")
    costs = []
    for server in (servers.clean, servers.faulty, servers.clean):
        async with open_analyst(server, load_rulebook()) as analyst:
            costs.append(await _run(analyst, world, count if server is servers.faulty else count // 2))
    before, faulty, after = costs
    clean = Cost(
        domains=before.domains + after.domains,
        cpu_seconds=before.cpu_seconds + after.cpu_seconds,
        wall_seconds=before.wall_seconds + after.wall_seconds,
        questions=before.questions + after.questions,
        repeats=before.repeats + after.repeats,
        steady_per_second=(before.steady_per_second + after.steady_per_second) / 2,
    )
    return clean, faulty


def _truth(in_clean: Tally, in_faulty: Tally, dead: int) -> list[Measure]:
    caused = in_faulty.false - in_clean.false
    excess = (in_faulty.with_unknown - dead) / in_faulty.domains
    return [
        Measure(
            FALSE,
            len(caused),
            Unit.COUNT,
            f"{in_faulty.domains:,} domains, {dead} of them dead: seven signals each, values included, held against "
            f"the truth{_by_signal(caused)}. Set aside, because false without faults too: "
            f"{len(in_faulty.false & in_clean.false)}{_by_signal(in_faulty.false & in_clean.false)}.",
            floor=0,
            aim=0,
        ),
        Measure(
            FALSE_EVERYWHERE,
            sum(1 for _, signal in in_clean.false if signal != DKIM),
            Unit.COUNT,
            f"The same domains without faults{_by_signal(in_clean.false)}. DKIM is judged by the row on its state.",
            floor=0,
            aim=0,
        ),
        Measure(
            UNKNOWN_BEYOND_DEAD,
            excess,
            Unit.PERCENT,
            f"{in_faulty.with_unknown} of {in_faulty.domains:,} domains have a signal that is unknown and need not be; "
            f"{dead} are dead.",
            floor=0.005,
            aim=0.002,
        ),
        Measure(
            UNKNOWN_EVERYWHERE,
            in_clean.with_unknown / in_clean.domains,
            Unit.PERCENT,
            f"{in_clean.with_unknown} of {in_clean.domains:,} domains of the clean world.",
        ),
    ]


def _speed(clean: Cost, faulty: Cost) -> list[Measure]:
    done = (
        f"Clean {clean.per_second:,.0f}/s over {clean.domains:,} domains, faulty {faulty.per_second:,.0f}/s over "
        f"{faulty.domains:,}, the second try of the dead included ({faulty.wall_seconds:.0f} s in all); "
        f"{faulty.repeats / faulty.questions:.1%} of the questions repeated, {_CONCURRENCY:,} domains in flight."
    )
    steady = f"clean {clean.steady_per_second:,.0f}/s, faulty {faulty.steady_per_second:,.0f}/s"
    steady_done = f"Until the last name was taken in hand: {steady}."
    total_ratio = faulty.per_second / clean.per_second
    steady_ratio = faulty.steady_per_second / clean.steady_per_second
    return [
        Measure(SPEED, total_ratio, Unit.RATIO, done, better=Better.HIGHER, floor=0.5, aim=0.8),
        Measure(STEADY_SPEED, steady_ratio, Unit.RATIO, steady_done, better=Better.HIGHER),
    ]


def _by_signal(false: set[tuple[int, str]]) -> str:
    counts = Counter(signal for _, signal in false)
    return f" ({', '.join(f'{signal} {count}' for signal, count in counts.most_common())})" if counts else ""

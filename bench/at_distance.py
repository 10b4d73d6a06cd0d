"""At 20 ms round trip, as to a resolver in the same country: domains a second in one process, and the first verdict.

The lab delays each answer; nothing is cached between the name server and us.
"""

import asyncio
import time
from statistics import median
from typing import Final

from bench import peers
from bench.analyst import Analyst, open_analyst
from bench.effort import Options
from bench.report import Better, Measure, Unit
from bench.rounds import median_ratio, share
from hunter.core.assessment import assess
from hunter.core.survey_request import SurveyRequest
from hunter.lab.dns.faults import Faults
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

ROUND_TRIP_MS: Final = 20.0
PER_SECOND: Final = "domains a second at 20 ms round trip, against checkdmarc"
PER_SECOND_ALONE: Final = "domains a second at 20 ms round trip"
FIRST_VERDICT: Final = "first question to verdict at 20 ms round trip, median"
FIRST_VERDICT_P95: Final = "first question to verdict at 20 ms round trip, 95th percentile"
FIRST_VERDICT_WORST: Final = "first question to verdict at 20 ms round trip, worst"
#: Domains in flight that keep the engine busy over 20 ms.
_CONCURRENCY: Final = 1_000
_FLOOR_MS: Final = 150.0


def measure(options: Options) -> list[Measure]:
    """Measure rate and time to the verdict."""
    effort = options.effort
    size = max(effort.rounds * effort.distant_domains, effort.single_surveys)
    world = GeneratedWorld(size, seed=options.seed)
    source = GeneratedWorldSource(size, seed=options.seed)
    with start_name_server(source, faults=Faults(delay_ms=ROUND_TRIP_MS, seed=options.seed)) as server:
        return [*_rates(options, world, server), *_first_verdicts(options, world, server)]


def _rates(options: Options, world: GeneratedWorld, server: RunningNameServer) -> list[Measure]:
    missing = peers.why_no_checkdmarc(is_asked_for=options.with_peers)
    options.say("at 20 ms round trip: domains a second")
    if missing is not None:
        ours = asyncio.run(_our_rates(options, world, server))
        return [_against_checkdmarc(None, missing), _alone(ours, options)]
    ours, theirs = asyncio.run(_take_turns(options, world, server))
    done = (
        f"{len(ours)} rounds in turns: {options.effort.distant_domains:,} domains for us, "
        f"{options.effort.distant_peer_domains} of them for checkdmarc. "
        f"We {median(ours):,.0f}/s, checkdmarc {median(theirs):.2f}/s."
    )
    return [_against_checkdmarc(median_ratio(ours, theirs), done), _alone(ours, options)]


def _against_checkdmarc(figure: float | None, done: str) -> Measure:
    return Measure(PER_SECOND, figure, Unit.TIMES, done, better=Better.HIGHER, floor=300, aim=1_000)


def _alone(rates: list[float], options: Options) -> Measure:
    done = f"{len(rates)} rounds of {options.effort.distant_domains:,} domains, {_CONCURRENCY:,} in flight: the median."
    return Measure(PER_SECOND_ALONE, median(rates), Unit.PER_SECOND, done, better=Better.HIGHER)


async def _our_rates(options: Options, world: GeneratedWorld, server: RunningNameServer) -> list[float]:
    async with open_analyst(server, load_rulebook()) as analyst:
        return [await _our_rate(analyst, options, world, number) for number in range(options.effort.rounds)]


async def _take_turns(
    options: Options, world: GeneratedWorld, server: RunningNameServer
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    theirs: list[float] = []
    async with open_analyst(server, load_rulebook()) as analyst:
        with peers.open_checkdmarc(server) as checkdmarc:
            for number in range(options.effort.rounds):
                ours.append(await _our_rate(analyst, options, world, number))
                domains = share(world, number, options.effort.distant_domains)[: options.effort.distant_peer_domains]
                turn = checkdmarc.check(domains)
                theirs.append(turn.count / turn.wall_seconds)
    return ours, theirs


async def _our_rate(analyst: Analyst, options: Options, world: GeneratedWorld, number: int) -> float:
    domains = share(world, number, options.effort.distant_domains)
    return (await analyst.run(domains, concurrency=_CONCURRENCY)).per_second


def _first_verdicts(options: Options, world: GeneratedWorld, server: RunningNameServer) -> list[Measure]:
    options.say("at 20 ms round trip: one domain after the other, nothing kept between them")
    times = sorted(asyncio.run(_time_single_surveys(options, world, server)))
    done = f"{len(times)} domains, each by a fresh resolver with empty caches, survey and assessment."
    p95 = times[min(len(times) - 1, len(times) * 95 // 100)]
    return [
        Measure(FIRST_VERDICT, median(times), Unit.MILLISECONDS, done, floor=_FLOOR_MS),
        Measure(FIRST_VERDICT_P95, p95, Unit.MILLISECONDS, "Of the same domains.", floor=_FLOOR_MS),
        Measure(FIRST_VERDICT_WORST, times[-1], Unit.MILLISECONDS, "Of the same domains."),
    ]


async def _time_single_surveys(options: Options, world: GeneratedWorld, server: RunningNameServer) -> list[float]:
    """Return milliseconds, one for each domain."""
    times = []
    rulebook = load_rulebook()
    for number in range(options.effort.single_surveys):
        async with open_analyst(server, rulebook) as analyst:
            since = time.perf_counter()
            evidence = (await analyst.survey.one(SurveyRequest(world.domain(number)))).evidence
            assess(evidence, rulebook, evidence.collected_at)
            times.append((time.perf_counter() - since) * 1_000)
    return times

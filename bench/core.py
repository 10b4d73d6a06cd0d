"""The core's speed: assessments per CPU-second from ready evidence, and what a stored evidence costs to write and read.

The evidence is collected from the lab first; what is measured touches neither network nor clock.
"""

import asyncio
import gc
import json
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, TypeVar

from bench.analyst import open_analyst
from bench.effort import Options
from bench.machine import this_machine
from bench.report import Better, Measure, Report, Unit
from hunter.core.assessment import assess
from hunter.core.evidence import Evidence
from hunter.core.rulebook import Rulebook
from hunter.core.snapshot.document import evidence_from_json, evidence_to_json
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import DemoWorldSource, GeneratedWorldSource
from hunter.lab.world_sources.demo_world import demo_companies
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

SUBJECT: Final = "core"
ASSESSMENTS: Final = "assessments per CPU-second"
WRITE_EVIDENCE: Final = "write evidence to JSON text"
READ_EVIDENCE: Final = "read evidence from JSON text"

T = TypeVar("T")


def run(options: Options) -> Report:
    """Measure the core."""
    machine = this_machine()
    rulebook = load_rulebook()
    options.say("core: collecting evidence from the lab")
    rounds = asyncio.run(_collect(options, rulebook))
    options.say(f"core: {len(rounds)} rounds of {len(rounds[0]):,} assessments")
    return Report(options.spelled(SUBJECT), machine, (_assessments(rounds, rulebook), *_snapshots(rounds)))


async def _collect(options: Options, rulebook: Rulebook) -> list[list[Evidence]]:
    """Return evidence for each round; no domain of the generated world is in two of them, the demo world is in all."""
    effort = options.effort
    world = GeneratedWorld(effort.rounds * effort.core_domains, seed=options.seed)
    with start_name_server(DemoWorldSource()) as server:
        demo = await _survey([company.domain for company in demo_companies()], server, rulebook)
    with start_name_server(GeneratedWorldSource(world.size, seed=options.seed)) as server:
        generated = await _survey(list(world.domains()), server, rulebook)
    size = effort.core_domains
    return [[*demo, *generated[start : start + size]] for start in range(0, world.size, size)]


async def _survey(names: Sequence[str], server: RunningNameServer, rulebook: Rulebook) -> list[Evidence]:
    collected: list[Evidence] = []
    async with open_analyst(server, rulebook) as analyst:
        await analyst.run(names, look=collected.append)
    return collected


def _assessments(rounds: Sequence[Sequence[Evidence]], rulebook: Rulebook) -> Measure:
    rates = []
    for evidence in rounds:
        seconds = _cpu_seconds(lambda each: assess(each, rulebook, each.collected_at), evidence)
        rates.append(len(evidence) / seconds)
    done = (
        f"{len(rounds)} rounds of {len(rounds[0]):,} domains, the demo world in each, the others in one only: the "
        f"median, classification included. {1e6 / median(rates):.0f} µs each; slowest round {min(rates):,.0f}/s."
    )
    return Measure(ASSESSMENTS, median(rates), Unit.PER_SECOND, done, better=Better.HIGHER, floor=10_000, aim=20_000)


def _snapshots(rounds: Sequence[Sequence[Evidence]]) -> list[Measure]:
    evidence = [each for of_round in rounds for each in of_round]
    written = [_evidence_text(each) for each in evidence]
    size = f"{sum(map(len, written)) / len(written):,.0f} characters"
    return [
        _cost(WRITE_EVIDENCE, _evidence_text, evidence, f"{len(evidence):,} evidences, {size} each on average."),
        _cost(READ_EVIDENCE, lambda text: evidence_from_json(json.loads(text)), written, "The same, read back."),
    ]


def _cost(name: str, act: Callable[[T], object], things: Sequence[T], done: str) -> Measure:
    return Measure(name, _cpu_seconds(act, things) / len(things) * 1e3, Unit.MILLISECONDS, done)


def _cpu_seconds(act: Callable[[T], object], things: Sequence[T]) -> float:
    gc.collect()
    cpu = time.process_time()
    for thing in things:
        act(thing)
    return time.process_time() - cpu


def _evidence_text(evidence: Evidence) -> str:
    return json.dumps(evidence_to_json(evidence), ensure_ascii=False)

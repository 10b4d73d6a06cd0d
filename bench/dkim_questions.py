"""The plan of questions: how many it asks of what asking all would, and whether it finds the same DKIM state.

Both are measured over the wire, on the generated world and on its harder mix, whose shares are printed.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bench.analyst import open_analyst
from bench.asking_all import AskingAll
from bench.effort import Options
from bench.report import Better, Measure, Unit
from hunter.core.evidence import Evidence
from hunter.core.signals import state_of
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_facts import DKIMMix
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook

QUESTIONS: Final = "questions per domain against asking all"
SAME_STATE: Final = "DKIM state as asking all finds it"
HARD_QUESTIONS: Final = "hard world: questions per domain against asking all"
HARD_SAME_STATE: Final = "hard world: DKIM state as asking all finds it"
#: Domains of which everything is asked at the same time.
_AT_ONCE: Final = 30


@dataclass(slots=True)
class Comparison:
    """What the plan and asking all came to on one world."""

    world: GeneratedWorld
    #: How many selectors there are to ask.
    selectors: int
    our_questions: int = 0
    all_questions: int = 0
    #: DKIM states by domain, as the plan found them and as asking all did.
    ours: dict[str, str] = field(default_factory=dict)
    everything: dict[str, str] = field(default_factory=dict)

    def look(self, evidence: Evidence) -> None:
        """Take in one domain of the plan."""
        self.ours[evidence.domain] = state_of(evidence.mail.dkim)

    def differences(self) -> Counter[tuple[str, str]]:
        """Count the domains with other states, by (ours, that of asking all)."""
        pairs = ((self.ours[domain], state) for domain, state in self.everything.items())
        return Counter(pair for pair in pairs if pair[0] != pair[1])


def measure(options: Options) -> list[Measure]:
    """Measure both worlds; how many questions the hard one takes is shown and not judged."""
    options.say("plan of questions: the plan and asking all, on the generated world")
    usual = _compare(GeneratedWorld(options.effort.selector_domains, seed=options.seed), DKIMMix.USUAL)
    options.say("plan of questions: the same on the hard world")
    hard = _compare(GeneratedWorld(options.effort.selector_domains, seed=options.seed, mix=DKIMMix.HARD), DKIMMix.HARD)
    return [
        _questions(QUESTIONS, usual, floor=0.30, aim=0.25),
        _same_state(SAME_STATE, usual),
        _questions(HARD_QUESTIONS, hard),
        _same_state(HARD_SAME_STATE, hard),
    ]


def _compare(world: GeneratedWorld, mix: DKIMMix) -> Comparison:
    with start_name_server(GeneratedWorldSource(world.size, seed=world.seed, mix=mix)) as server:
        return asyncio.run(_ask_both_ways(world, server))


async def _ask_both_ways(world: GeneratedWorld, server: RunningNameServer) -> Comparison:
    rulebook = load_rulebook()
    comparison = Comparison(world, selectors=len(rulebook.signatures.selectors))
    domains = [world.domain(index) for index in range(world.size)]
    async with open_analyst(server, rulebook) as analyst:
        comparison.our_questions = (await analyst.run(domains, look=comparison.look)).questions
    async with open_analyst(server, rulebook) as analyst:
        asking = AskingAll(analyst.resolver, rulebook.signatures.selectors)
        waiting = iter(domains)
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(_ask_in_turn(asking, waiting, comparison))
        comparison.all_questions = analyst.resolver.statistics.questions
    return comparison


async def _ask_in_turn(asking: AskingAll, waiting: Iterator[str], comparison: Comparison) -> None:
    for domain in waiting:
        comparison.everything[domain] = await asking.dkim_state(domain)


def _questions(name: str, run: Comparison, *, floor: float | None = None, aim: float | None = None) -> Measure:
    domains = run.world.size
    ours, everything = run.our_questions / domains, run.all_questions / domains
    done = (
        f"{domains:,} domains: {ours:.2f} questions each by the plan, {everything:.2f} by asking every domain for "
        f"{run.selectors} selectors, `_domainkey`, SRV and the first batch; shared names included in both."
    )
    return Measure(name, ours / everything, Unit.PERCENT, done, floor=floor, aim=aim)


def _same_state(name: str, run: Comparison) -> Measure:
    world, differences = run.world, run.differences()
    said = ", ".join(f"{ours} instead of {other} {count}" for (ours, other), count in differences.most_common())
    truths = ((world.truth(index).dkim_state, run.everything[world.domain(index)]) for index in range(world.size))
    untrue = sum(1 for truth, state in truths if truth != state)
    done = (
        f"{world.size:,} domains, {differences.total()} differ{f' ({said})' if said else ''}; asking all differs from "
        f"the truth on {untrue}. Shares: {_dkim_shares(world)}."
    )
    same = 1 - differences.total() / world.size
    return Measure(name, same, Unit.PERCENT, done, better=Better.HIGHER, floor=0.995, aim=0.999)


def _dkim_shares(world: GeneratedWorld) -> str:
    shares = {kind.removeprefix("dkim "): share for kind, share in world.shares().items() if kind.startswith("dkim ")}
    return ", ".join(f"{kind} {share:.1%}" for kind, share in shares.items())

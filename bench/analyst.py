"""The analyst: surveys names and assesses them, as the command line does, without showing anything.

In: names. Out: what it cost this process: CPU, time, questions.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from hunter.collectors.gathering import Collectors
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.collectors.survey import Survey, requests_for
from hunter.core.assessment import assess
from hunter.core.evidence import Evidence
from hunter.core.rulebook import Rulebook
from hunter.lab.running import RunningNameServer
from hunter.resilience.rate_limiter import RateLimiter
from hunter.wiring.process import utc_now

#: Domains under way at the same time: as many as `hunter scan` takes unless told otherwise.
CONCURRENCY: Final = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost."""

    domains: int
    #: User and system time of this process, all threads.
    cpu_seconds: float
    wall_seconds: float
    #: Questions asked, repeats not counted, and those repeats.
    questions: int
    repeats: int
    #: Domains a second until the last name was taken in hand, without the wait for the last answers; the whole rate
    #: where all names were under way at once.
    steady_per_second: float

    @property
    def cpu_per_domain(self) -> float:
        """Seconds."""
        return self.cpu_seconds / self.domains

    @property
    def per_second(self) -> float:
        """Domains a second over the whole run, the wait for the last answers included."""
        return self.domains / self.wall_seconds


class Analyst:
    """One resolver, one survey, one rulebook; belongs to one loop."""

    def __init__(self, resolver: Resolver, rulebook: Rulebook) -> None:
        self.resolver = resolver
        self.rulebook = rulebook
        mail = MailCollector(resolver, rulebook.signatures)
        self.survey = Survey(Collectors(mail), clock=utc_now, limiter=RateLimiter("dns", 0))

    async def run(
        self, names: Iterable[str], *, concurrency: int = CONCURRENCY, look: Callable[[Evidence], None] | None = None
    ) -> Cost:
        """Survey and assess all names; `look` sees each evidence and is part of the cost."""
        taken = _Taken(names)
        before = self.resolver.statistics
        questions, repeats = before.questions, before.repeats
        cpu, since = time.process_time(), time.perf_counter()
        finished = steady = 0
        surveys = self.survey.many(requests_for(taken), concurrency=concurrency)
        async for surveyed in surveys:
            evidence = surveyed.evidence
            assess(evidence, self.rulebook, evidence.collected_at)
            finished += 1
            if look is not None:
                look(evidence)
            if taken.ended_at is None:
                steady = finished
        await surveys.aclose()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - since
        return Cost(
            domains=finished,
            cpu_seconds=cpu,
            wall_seconds=wall,
            questions=self.resolver.statistics.questions - questions,
            repeats=self.resolver.statistics.repeats - repeats,
            steady_per_second=steady / (taken.ended_at - since) if steady and taken.ended_at else finished / wall,
        )


class _Taken:
    """Hands out names and notes when the last one was taken."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        #: `perf_counter` when nothing was left; None before.
        self.ended_at: float | None = None

    def __iter__(self) -> Iterator[str]:
        yield from self._names
        self.ended_at = time.perf_counter()


@asynccontextmanager
async def open_analyst(server: RunningNameServer, rulebook: Rulebook) -> AsyncIterator[Analyst]:
    """Open an analyst that asks the lab's name server, without a limit, as an expressly named server is asked."""
    async with Resolver([Upstream(server.host, server.port)]) as resolver:
        yield Analyst(resolver, rulebook)

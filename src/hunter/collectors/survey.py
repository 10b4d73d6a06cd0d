"""The survey: a domain name in, all evidence about it out. All kinds of collectors together, under one deadline.

A failure is unknown, never an exception. Names of which nothing at all could be learned are tried once more at the end.
"""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic, process_time
from typing import Final

from hunter.collectors.gathering import Collectors, Gathering
from hunter.collectors.mail.collect import DOMAIN_SECONDS
from hunter.collectors.mail.dns_cache import dns_cache
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.records.mx import MXHost
from hunter.core.signals import Signal, Unknown
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed
from hunter.resilience.cache_store import CacheStore
from hunter.resilience.rate_limiter import RateLimiter

#: Names that are kept for a second try at most; in an outage the rest is given out as unknown at once.
_MOST_SECOND_TRIES: Final = 20_000
#: Workers at first, how often it is asked whether they keep the processor busy, and what busy means.
_FIRST_WORKERS: Final = 24
_LOOK_SECONDS: Final = 0.02
_BUSY_SHARE: Final = 0.6


class RequestFeed:
    """Hands out requests to many takers, and fetches the next batch when one is used up."""

    def __init__(self, batches: AsyncIterator[Sequence[SurveyRequest]]) -> None:
        self._batches = batches
        self._waiting: deque[SurveyRequest] = deque()
        self._fetching = asyncio.Lock()
        self._has_more = True

    async def take(self) -> SurveyRequest | None:
        """Return the next request; None when there is none any more."""
        if not self._waiting:
            async with self._fetching:
                while not self._waiting and self._has_more:
                    self._waiting.extend(await self._next_batch())
        return self._waiting.popleft() if self._waiting else None

    async def _next_batch(self) -> Sequence[SurveyRequest]:
        try:
            return await anext(self._batches)
        except StopAsyncIteration:
            self._has_more = False
            return ()


async def requests_for(names: Iterable[str]) -> AsyncGenerator[Sequence[SurveyRequest], None]:
    """Ask the usual of names in canonical form, each read when there is a place for it; reading must not block."""
    for name in names:
        yield (SurveyRequest(name),)


class Survey:
    """Asks all collectors about names; belongs to the loop of its collectors."""

    def __init__(
        self,
        collectors: Collectors,
        *,
        clock: Callable[[], datetime],
        limiter: RateLimiter,
        dns: CacheStore[MailEvidence] | None = None,
        seconds: float = DOMAIN_SECONDS,
    ) -> None:
        """`dns` is the store of the DNS cache; without one it lies in the memory of this process.

        `seconds` are those that one domain may take on the wire.
        """
        self._gathering = Gathering(collectors)
        self._clock = clock
        self._limiter = limiter
        self._dns = dns_cache(dns)
        self._seconds = seconds

    async def one(self, request: SurveyRequest) -> Surveyed:
        """Survey one domain, within the seconds that a domain may take."""
        since = monotonic()
        surveyed = await self._once(request, self._seconds)
        left = self._seconds - (monotonic() - since)
        if is_wholly_unknown(surveyed.evidence) and left > 0:
            surveyed = await self._once(request, left)
        if not request.by_other_upstream:
            await self._dns.renew(request.domain, surveyed.evidence.mail)
        return replace(surveyed, elapsed_seconds=monotonic() - since)

    async def mail_hosts(self, domain: str) -> Signal[tuple[MXHost, ...]]:
        """Return the mail hosts of a domain in canonical form, as they were within the hour."""
        mail = await self._dns.look_up(domain, lambda: self._gathering.collectors.mail.collect(domain))
        return mail.value.mx

    async def many(
        self, batches: AsyncIterator[Sequence[SurveyRequest]], *, concurrency: int
    ) -> AsyncGenerator[Surveyed, None]:
        """Survey all that the batches ask for; results come as they are ready.

        A batch is fetched when the one before is under way. Nothing grows with the number of requests but the list of
        those to be tried once more, which is bounded.
        """
        silent: list[tuple[SurveyRequest, Surveyed]] = []
        is_anybody_there = False
        with _patient_garbage_collection():
            async with aclosing(self._stream(batches, concurrency)) as stream:
                async for request, surveyed in stream:
                    if not is_wholly_unknown(surveyed.evidence):
                        is_anybody_there = True
                    elif len(silent) < _MOST_SECOND_TRIES:
                        silent.append((request, surveyed))
                        continue
                    yield surveyed
            if not is_anybody_there:
                for _, surveyed in silent:
                    yield surveyed
                return
            again = _in_one_batch([request for request, _ in silent])
            async with aclosing(self._stream(again, concurrency)) as stream:
                async for _, surveyed in stream:
                    yield surveyed

    async def _stream(
        self, batches: AsyncIterator[Sequence[SurveyRequest]], concurrency: int
    ) -> AsyncGenerator[tuple[SurveyRequest, Surveyed], None]:
        """Keep surveys under way, at most so many; a slow reader holds back the workers.

        When it is closed nothing is under way any more. Tasks are kept by hand: a task group must not be left by a
        `yield`. What `batches` raises is raised when the surveys under way are finished.
        """
        feed = RequestFeed(batches)
        ready: deque[tuple[SurveyRequest, Surveyed]] = deque()
        news, room = asyncio.Event(), asyncio.Event()
        pool = _WorkerPool()

        async def work() -> None:
            try:
                while (request := await feed.take()) is not None:
                    ready.append((request, await self._once(request, self._seconds)))
                    news.set()
                    while len(ready) > concurrency:
                        room.clear()
                        await room.wait()
            finally:
                pool.leave()
                news.set()

        workers: list[asyncio.Task[None]] = []
        growth = asyncio.create_task(_grow(pool, concurrency, lambda: workers.append(asyncio.create_task(work()))))
        try:
            while ready or not pool.is_done:
                await news.wait()
                news.clear()
                while ready:
                    yield ready.popleft()
                room.set()
            await asyncio.gather(*workers)
        finally:
            for task in (growth, *workers):
                task.cancel()
            await asyncio.gather(growth, *workers, return_exceptions=True)

    async def _once(self, request: SurveyRequest, seconds: float) -> Surveyed:
        asked = monotonic()
        await self._limiter.acquire()
        limiter_fault = await self._gathering.acquire(request)
        since = monotonic()
        gathered = await self._gathering.gather(request, seconds, limiter_fault)
        mail, registration, microsoft, network, timing, faults = gathered
        timing = timing._replace(rate_limit_wait=since - asked)
        evidence = Evidence(request.domain, self._clock(), mail, registration, microsoft=microsoft, network=network)
        return Surveyed(evidence, monotonic() - since, timing, faults)


async def _in_one_batch(requests: Sequence[SurveyRequest]) -> AsyncGenerator[Sequence[SurveyRequest], None]:
    yield requests


class _WorkerPool:
    """An adaptive pool of workers for one stream: how many there are, and whether there is work left for more."""

    def __init__(self) -> None:
        self.active = 0
        self.has_work = True

    @property
    def is_done(self) -> bool:
        """Whether all work is done."""
        return not self.has_work and not self.active

    def leave(self) -> None:
        """A worker found nothing more to do."""
        self.has_work = False
        self.active -= 1


async def _grow(pool: _WorkerPool, most: int, start: Callable[[], None]) -> None:
    """Start workers while the processor has time to spare, so that no more surveys are under way than keep it busy.

    Few surveys at a time stay in the processor's cache: measured, a fifth less CPU than five hundred at once.
    """
    wanted = _FIRST_WORKERS
    while pool.has_work and pool.active < most:
        for _ in range(min(wanted, most) - pool.active):
            pool.active += 1
            start()
        cpu, wall = process_time(), monotonic()
        await asyncio.sleep(_LOOK_SECONDS)
        if process_time() - cpu < _BUSY_SHARE * (monotonic() - wall):
            wanted = pool.active + pool.active // 2


def is_wholly_unknown(evidence: Evidence) -> bool:
    """Say whether not one question of the first wave was answered: nobody spoke for this name."""
    mail = evidence.mail
    return all(isinstance(signal, Unknown) for signal in (mail.mx, mail.spf, mail.dmarc, mail.ns))


@contextmanager
def _patient_garbage_collection() -> Iterator[None]:
    """Look for reference cycles seldom: a survey makes many objects and next to no cycles.

    Measured: a fifth less CPU.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

"""Scan many domains: answered from memory where that is fresh, else surveyed, assessed and kept in batches.

In: items one after the other, any number of them. Out: each domain's scan, handed to `take` when it is kept. Memory is
bounded; whatever ends the run, what is finished is kept and handed on.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Final, TypeAlias

from hunter.core.assessment import assess
from hunter.core.errors import HunterError
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed
from hunter.services.scan.answer import answer_of
from hunter.services.scan.context import Scanning
from hunter.services.scan.keeping import PatientKeeper
from hunter.services.scan.locks import LOOK_SECONDS
from hunter.services.scan.policy import ScanPolicy
from hunter.services.scan.shapes import ScanItem, Scanned, StoredScan

#: Takes one finished scan; while it does, nothing more is finished than there is room for.
Take: TypeAlias = Callable[[Scanned], Awaitable[None]]

#: What is to be scanned, one after the other.
Items: TypeAlias = Iterable[ScanItem] | AsyncIterable[ScanItem]

#: Items that are read, and looked up in the database, together.
_READ_TOGETHER: Final = 64
#: Scans that are stored in one transaction, and how long the first of them waits for the others.
_KEPT_TOGETHER: Final = 200
_KEPT_BACK_SECONDS: Final = 0.5
#: Items that wait for the scans of others before no more are read.
_MOST_AWAITED: Final = 1000
#: How often it is looked whether anything waits too long.
_LOOK_SECONDS: Final = 0.1


async def scan_many(scanning: Scanning, items: Items, policy: ScanPolicy, *, take: Take, concurrency: int) -> None:
    """Scan items, so many at a time; each domain once, or the later ones are taken for the first.

    `items` is read as places become free and must not block; what has to be waited for comes as an async iterator. A
    database that is away costs what is stored, never the run: `Scanned.not_stored` says so.
    """
    await _Run(scanning, items, policy, take).run(concurrency)


class _Run:
    """One run over many items."""

    def __init__(self, scanning: Scanning, items: Items, policy: ScanPolicy, take: Take) -> None:
        self._scanning = scanning
        self._items = items
        self._policy = policy
        self._take = take
        self._keeper = PatientKeeper(scanning.memory)
        #: Under way, by domain.
        self._under_way: dict[str, ScanItem] = {}
        #: Finished, and neither kept nor handed on.
        self._pending: list[Scanned] = []
        self._kept_at = 0.0
        #: Those whom somebody else is scanning, and since when his answer is ours.
        self._awaited: list[ScanItem] = []
        self._began = scanning.clock()
        #: One batch after the other, so that whoever takes is never called twice at once.
        self._keeping = asyncio.Lock()

    async def run(self, concurrency: int) -> None:
        surveys = self._scanning.survey.many(self._batches(), concurrency=concurrency)
        ending = asyncio.Event()
        ticker = asyncio.create_task(self._keep_what_waits(ending))
        try:
            async for surveyed in surveys:
                await self._finish(surveyed)
        finally:
            ending.set()
            try:
                # What is under way ends before the sockets close, also when whoever takes is gone.
                await surveys.aclose()
                await ticker
            finally:
                await self._keep_pending()
                await self._scanning.locks.give_back(self._under_way)

    async def _batches(self) -> AsyncGenerator[Sequence[SurveyRequest], None]:
        """Read items, answer what is answered from memory, and ask about the others."""
        async for items in _in_batches(self._items):
            yield await self._requests(items)
            if len(self._awaited) >= _MOST_AWAITED:
                yield await self._requests_for_awaited()
        while self._awaited:
            yield await self._requests_for_awaited()

    async def _requests(
        self, items: Sequence[ScanItem], waited_since: datetime | None = None
    ) -> Sequence[SurveyRequest]:
        scanning, policy = self._scanning, self._policy
        held = await scanning.locks.take([item.domain for item in items])
        self._awaited += [item for item in items if item.domain not in held]
        ours = [item for item in items if item.domain in held]
        needs_stored = policy.needs_stored or waited_since is not None
        stored = await self._recall(ours, waited_since) if needs_stored and ours else {}
        requests: list[SurveyRequest] = []
        for item in ours:
            known = stored.get(item.domain)
            answer = answer_of(scanning, item, policy, known, waited_since=waited_since)
            if answer is not None:
                self._pending.append(answer)
                continue
            if policy.clears_caches:
                await scanning.forget_answers(item.domain)
            self._under_way[item.domain] = item
            requests.append(policy.request(item.domain, known, scanning.clock()))
        if len(self._pending) >= _KEPT_TOGETHER:
            await self._keep_pending()
        return requests

    async def _requests_for_awaited(self) -> Sequence[SurveyRequest]:
        """Look after those whom somebody else is scanning; what he stores since then is our answer, too."""
        await asyncio.sleep(LOOK_SECONDS)
        awaited, self._awaited = self._awaited, []
        return await self._requests(awaited, self._began)

    async def _recall(self, items: Sequence[ScanItem], waited_since: datetime | None) -> Mapping[str, StoredScan]:
        scanning = self._scanning
        since = scanning.clock() - scanning.fresh
        if waited_since is not None:
            since = min(since, waited_since)
        try:
            return await scanning.memory.recall([item.domain for item in items], answers_since=since)
        except HunterError as error:
            self._keeper.give_up(error)
            return {}

    async def _finish(self, surveyed: Surveyed) -> None:
        evidence = surveyed.evidence
        scanned = Scanned(
            item=self._under_way.pop(evidence.domain),
            evidence=evidence,
            assessment=assess(evidence, self._scanning.rulebook, self._scanning.clock()),
            elapsed_seconds=surveyed.elapsed_seconds,
            timing=surveyed.timing,
            faults=surveyed.faults,
        )
        self._pending.append(scanned)
        if not self._scanning.memory.is_keeping or self._is_due() or len(self._pending) >= _KEPT_TOGETHER:
            await self._keep_pending()

    async def _keep_what_waits(self, ending: asyncio.Event) -> None:
        """Keep back nothing too long while nothing finishes."""
        while self._scanning.memory.is_keeping and not ending.is_set():
            if self._pending and self._is_due():
                await self._keep_pending()
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _LOOK_SECONDS)

    def _is_due(self) -> bool:
        return time.monotonic() - self._kept_at > _KEPT_BACK_SECONDS

    async def _keep_pending(self) -> None:
        """Keep what is pending, then hand it on; who is cancelled waits for that: nobody else has these scans."""
        keeping = asyncio.ensure_future(self._keep_and_hand_on())
        try:
            await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await keeping
            raise

    async def _keep_and_hand_on(self) -> None:
        async with self._keeping:
            pending, self._pending = self._pending, []
            kept = await self._keeper.keep(pending) if pending else pending
            self._kept_at = time.monotonic()
            await self._scanning.locks.give_back([scanned.domain for scanned in kept])
            for scanned in kept:
                await self._take(scanned)


async def _in_batches(items: Items) -> AsyncGenerator[list[ScanItem], None]:
    if isinstance(items, AsyncIterable):
        batch: list[ScanItem] = []
        async for item in items:
            batch.append(item)
            if len(batch) == _READ_TOGETHER:
                yield batch
                batch = []
        if batch:
            yield batch
        return
    coming = iter(items)
    while taken := list(islice(coming, _READ_TOGETHER)):
        yield taken

"""Measuring stores: writers in processes of their own save assessed domains into a full database, side by side.

Their domains overlap, so that they meet; a deadlock or a domain that stands twice is counted and has to be none.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Final

from bench.lead_world import LeadWorld
from hunter.core.signals import Absent, Found, Signal
from hunter.rules.load import load_rulebook
from hunter.storage.engine import WriteContended, open_engine
from hunter.storage.lead_rows import AssessedDomain
from hunter.storage.unit_of_work import UnitOfWork

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class StoreTask:
    """What one writer does."""

    url: str
    #: Decides which domains it draws, in which order.
    writer: int
    #: Domains of the world from which every writer draws.
    pool: int
    batches: int
    batch_size: int = BATCH


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """What the writers came to together."""

    domains: int
    seconds: float
    contended: int

    @property
    def per_second(self) -> float:
        """Return domains stored in a second."""
        return self.domains / self.seconds


def measure_stores(url: str, *, writers: int, pool: int, batches: int, seed: int = 1) -> StoreFigures:
    """Store with several writers at once; the time runs from when all are ready."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(writers + 1)
    results = context.Queue()
    tasks = [StoreTask(url, seed * writers + writer, pool, batches) for writer in range(writers)]
    processes = [context.Process(target=_write, args=(task, barrier, results)) for task in tasks]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.perf_counter()
    contended = sum(results.get() for _ in processes)
    seconds = time.perf_counter() - started
    for process in processes:
        process.join()
    return StoreFigures(writers * batches * BATCH, seconds, contended)


def _write(
    task: StoreTask, barrier: "multiprocessing.synchronize.Barrier", results: "multiprocessing.Queue[int]"
) -> None:
    batches = _batches(task)
    barrier.wait()
    results.put(asyncio.run(_store(task.url, batches)))


def _batches(task: StoreTask) -> list[list[AssessedDomain]]:
    """Make every batch before the watch runs: assessing is measured elsewhere."""
    world = LeadWorld(load_rulebook())
    random = Random(task.writer)
    numbers = [random.sample(range(task.pool), task.batch_size) for _ in range(task.batches)]
    return [[scan_again(world, number, random) for number in batch] for batch in numbers]


def scan_again(world: LeadWorld, number: int, random: Random) -> AssessedDomain:
    """Return a new scan of a company of the world: one in twenty is not what it was."""
    company = world.company(number)
    kind = world.kinds[company.kind if random.randrange(20) else random.randrange(len(world.kinds))]
    # A scan is later than all that is stored, or it would be dropped.
    at = datetime.now(UTC)
    ends: Signal[date] = Absent("nodata") if company.expires_at is None else Found(company.expires_at)
    registration = replace(kind.evidence.registration, expires_at=ends)
    return replace(
        kind,
        evidence=replace(kind.evidence, domain=company.domain, collected_at=at, registration=registration),
        assessment=replace(kind.assessment, domain=company.domain, as_of=at),
    )


async def _store(url: str, batches: Sequence[Sequence[AssessedDomain]]) -> int:
    engine = open_engine(url, pool_size=1)
    contended = 0
    for batch in batches:
        try:
            async with UnitOfWork(engine) as unit:
                await unit.leads.save_many(batch)
        except WriteContended:
            contended += 1
    await engine.dispose()
    return contended

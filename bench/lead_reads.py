"""Measuring looks at the lead list: time in the database, by class, over random draws.

A draw's first page tells its total; then its first, middle or last page is timed, every statement of it. Nothing is
cached by us, and all rows are fetched.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles

from sqlalchemy.ext.asyncio import AsyncEngine

from bench.lead_draws import Draw, Draws, paged
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """What one class came to, in milliseconds."""

    name: str
    draws: int
    p50: float
    p95: float
    worst: float
    #: The same, as processor time of the server process: what a busy machine does not blur. 0 where it cannot be read.
    busy_p50: float
    busy_p95: float
    #: The query that took longest.
    slowest: LeadQuery


async def measure_reads(
    engine: AsyncEngine, draws: Draws, *, count: int, seed: int, say: Callable[[str], None]
) -> list[ReadFigures]:
    """Time `count` draws of each class."""
    figures = []
    for name, draw in draws.classes().items():
        found = await _measure(engine, name, draw, count=count, seed=seed)
        say(
            f"{name:<28} p50 {found.p50:7.2f}  p95 {found.p95:7.2f}  max {found.worst:7.2f} ms; "
            f"processor p50 {found.busy_p50:6.2f}  p95 {found.busy_p95:6.2f}"
        )
        figures.append(found)
    return figures


async def _measure(engine: AsyncEngine, name: str, draw: Draw, *, count: int, seed: int) -> ReadFigures:
    random = Random(f"{seed} {name}")
    times: list[tuple[float, LeadQuery]] = []
    busy: list[float] = []
    for _ in range(count):
        query = draw(random)
        async with UnitOfWork(engine) as unit:
            backend = (await unit.connection.exec_driver_sql("select pg_backend_pid()")).scalar_one()
            total = (await unit.leads.search(query)).total
            query = paged(query, total, random)
            started, used = time.perf_counter(), _cpu_milliseconds(backend)
            await unit.leads.search(query)
            times.append(((time.perf_counter() - started) * 1000, query))
            busy.append(_cpu_milliseconds(backend) - used)
    spent = [milliseconds for milliseconds, _ in times]
    worst, slowest = max(times, key=lambda pair: pair[0])
    return ReadFigures(
        name,
        count,
        p50=median(spent),
        p95=quantiles(spent, n=20)[-1],
        worst=worst,
        busy_p50=median(busy),
        busy_p95=quantiles(busy, n=20)[-1],
        slowest=slowest,
    )


def _cpu_milliseconds(backend: int) -> float:
    """Return how long a server process has been running on a processor; 0 where this system does not say."""
    try:
        return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0

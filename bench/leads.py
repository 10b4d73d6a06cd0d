"""`./hunter bench leads`: the lead list at size: looks by class, growth from few to many, HTTP, stores, rescoring.

In: options. Out: a report. The leads are made, not collected; how much their columns hang together is printed, because
it decides how hard the looks are.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bench.effort import Options
from bench.lead_databases import LeadDatabase, LeadDatabases, open_databases
from bench.lead_draws import Draws
from bench.lead_http import measure_http
from bench.lead_reads import ReadFigures, measure_reads
from bench.lead_rescore import measure_rescoring
from bench.lead_stores import BATCH, StoreFigures, measure_stores
from bench.lead_world import LeadWorld
from bench.machine import this_machine
from bench.report import Better, Measure, Report, Unit
from hunter.core.errors import InvalidInput
from hunter.rules.load import load_rulebook
from hunter.storage.engine import open_engine
from hunter.storage.statements import fetch_rows

SUBJECT: Final = "leads"
STORED: Final = "stored, four writers on overlapping domains"
CONTENDED: Final = "stored: contended batches"
REPEATED: Final = "stored: domains that stand twice"
_WRITERS: Final = 4
_SLOWEST: Final = 50.0
_GROWTH: Final = 4.0
#: Below this a look is so fast that its growth says nothing.
_TOO_FAST_MS: Final = 2.0
_STORED: Final = 2_000
_PAIRS: Final = (("provider", "segment"), ("provider", "spf"), ("spf", "dkim"), ("provider", "m365_state"))
#: Cramér's V: 0 for columns that know nothing of each other, 1 where one tells the other.
_CORRELATION: Final = """
with pairs as (select {a}::text as a, {b}::text as b, count(*)::float as n from leads group by 1, 2),
    cells as (
        select n, sum(n) over (partition by a) as of_a, sum(n) over (partition by b) as of_b, sum(n) over () as of_all
        from pairs
    )
select sqrt((sum(n * n / (of_a * of_b)) - 1) / greatest(least(
    (select count(distinct a) from pairs), (select count(distinct b) from pairs)) - 1, 1)) from cells
"""
_KEYS: Final = """
select (select count(distinct facet_key) from lead_facets), (select count(distinct core_key) from lead_core_facets)
"""
#: Tables in which a domain stands once.
_ONCE: Final = ("companies", "domain_signals", "lead_scores", "leads", "lead_scans")
_TWICE: Final = "select count(*) - count(distinct domain) from {table}"


def run(options: Options) -> Report:
    """Fill both databases, or take those that are there, and measure."""
    machine = this_machine()
    if options.lead_rows[1] < BATCH or options.lead_draws < 2:
        raise InvalidInput(f"leads needs at least {BATCH} rows and 2 draws")
    world = LeadWorld(load_rulebook(), seed=options.seed)
    with open_databases(options.data, options.lead_rows, world, options.say) as databases:
        notes = (
            *_about(databases),
            *asyncio.run(_keys(databases.many)),
            *asyncio.run(_correlations(databases.many.url)),
        )
        few, many = (_read(one, world, options) for one in (databases.few, databases.many))
        looks = _looks(few, many, databases)
        http = measure_http(databases, options)
        # Before the stores, which leave evidence that another scan was judged by behind.
        rescored = measure_rescoring(databases.many, options)
        stored = _stored(databases.many, options)
    return Report(options.spelled(SUBJECT), machine, (*looks, *http, *rescored, *stored), notes)


def _about(databases: LeadDatabases) -> tuple[str, ...]:
    both = (databases.few, databases.many)
    told = "; ".join(
        f"{one.rows:,} leads {'were there from an earlier run' if one.is_old else 'loaded'}" for one in both
    )
    return (f"{told}; VACUUM ANALYZE before the looks.", f"PostgreSQL: {databases.settings}.")


def _read(database: LeadDatabase, world: LeadWorld, options: Options) -> list[ReadFigures]:
    options.say(f"leads: looks at {database.rows:,}")
    return asyncio.run(_figures(database, Draws(world, database.rows), options))


async def _figures(database: LeadDatabase, draws: Draws, options: Options) -> list[ReadFigures]:
    engine = open_engine(database.url, read_only=True, statement_timeout=timedelta(seconds=2))
    try:
        return await measure_reads(engine, draws, count=options.lead_draws, seed=options.seed, say=options.say)
    finally:
        await engine.dispose()


def _looks(few: Sequence[ReadFigures], many: Sequence[ReadFigures], databases: LeadDatabases) -> list[Measure]:
    measures, rows = [], databases.many.rows
    for small, large in zip(few, many, strict=True):
        grown = large.p50 / max(small.p50, _TOO_FAST_MS)
        done = (
            f"{large.draws} random draws at {rows:,} leads, on first, middle or last pages, all rows fetched: "
            f"p50 {large.p50:.1f} ms, slowest {large.worst:.0f} ms; processor time of the server p50 "
            f"{large.busy_p50:.1f} ms, p95 {large.busy_p95:.1f} ms."
        )
        measures.append(Measure(look_row(large.name), large.p95, Unit.MILLISECONDS, done, floor=_SLOWEST))
        told = f"p50 over that at {databases.few.rows:,} leads, {small.p50:.1f} ms; under 2 ms counts as 2 ms."
        measures.append(Measure(growth_row(large.name), grown, Unit.RATIO, told, floor=_GROWTH))
    return measures


def look_row(name: str) -> str:
    """Return the name of the row of one class of looks in the database."""
    return f"{name}, p95"


def growth_row(name: str) -> str:
    """Return the name of the row that compares both databases."""
    return f"{name}, growth"


def _stored(database: LeadDatabase, options: Options) -> list[Measure]:
    options.say(f"leads: {_WRITERS} writers")
    found = measure_stores(
        database.url, writers=_WRITERS, pool=database.rows, batches=options.effort.lead_batches, seed=options.seed
    )
    return _writes(found, asyncio.run(_repeated(database.url)), database.rows)


def _writes(stored: StoreFigures, repeated: int, rows: int) -> list[Measure]:
    done = (
        f"{_WRITERS} writers, {stored.domains:,} domains in batches of {BATCH} drawn from the same {rows:,}; "
        "evidence of 2 kB and more, signals, score, tags, history, lead and rollup in one transaction."
    )
    return [
        Measure(STORED, stored.per_second, Unit.PER_SECOND, done, better=Better.HIGHER, floor=_STORED),
        Measure(CONTENDED, stored.contended, Unit.COUNT, "Deadlocks and lock time-outs.", floor=0),
        Measure(REPEATED, repeated, Unit.COUNT, "Leads, scores, signals or companies beyond one a domain.", floor=0),
    ]


async def _repeated(url: str) -> int:
    engine = open_engine(url, read_only=True)
    try:
        async with engine.connect() as connection:
            counts = [(await fetch_rows(connection, _TWICE.format(table=table)))[0][0] for table in _ONCE]
        return sum(map(int, counts))
    finally:
        await engine.dispose()


async def _keys(database: LeadDatabase) -> tuple[str, ...]:
    """Say how many facet keys there are, by which the looks are as hard as they are."""
    engine = open_engine(database.url, read_only=True)
    try:
        async with engine.connect() as connection:
            ((keys, cores),) = await fetch_rows(connection, _KEYS)
        return (f"{keys:,} distinct facet keys with {cores:,} cores at {database.rows:,} leads.",)
    finally:
        await engine.dispose()


async def _correlations(url: str) -> tuple[str, ...]:
    engine = open_engine(url, read_only=True)
    try:
        return tuple([f"{a} and {b}: Cramér's V {await _correlation(engine, a, b):.2f}" for a, b in _PAIRS])
    finally:
        await engine.dispose()


async def _correlation(engine: AsyncEngine, a: str, b: str) -> float:
    async with engine.connect() as connection:
        ((value,),) = await fetch_rows(connection, _CORRELATION.format(a=a, b=b))
    return float(value)

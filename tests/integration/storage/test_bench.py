"""The measured world at small size: what it writes is what the product writes, and every class of looks runs."""

from datetime import timedelta
from random import Random

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.lead_draws import Draws, paged
from bench.lead_load import load_leads
from bench.lead_reads import measure_reads
from bench.lead_stores import scan_again
from bench.lead_world import LeadWorld
from hunter.servers.cluster import SUPERUSER
from hunter.storage.check import differences
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.rulebooks import shipped_rulebook

ROWS = 400


OTHER_SCAN = """
select count(*) from evidence e join domain_signals s using (domain)
where e.collected_at <> s.scanned_at or (e.evidence ->> 'collected_at')::timestamptz <> e.collected_at
"""


async def test_the_measured_world_holds_together(engine: AsyncEngine, database: str) -> None:
    world = LeadWorld(shipped_rulebook())
    # Only the superuser may switch off the triggers while rows are loaded.
    await load_leads(engine, database.replace("hunter@", f"{SUPERUSER}@"), world, rows=ROWS, say=lambda _: None)
    with psycopg.connect(database) as connection:
        assert connection.execute(OTHER_SCAN).fetchone() == (0,)
    random = Random(3)
    async with UnitOfWork(engine) as unit:
        assert [one async for one in differences(unit.connection)] == []
        await unit.leads.save_many([scan_again(world, number, random) for number in range(100)])
        assert [one async for one in differences(unit.connection)] == []
    with psycopg.connect(database) as connection:
        counted = connection.execute("select count(*), min(length(evidence::text)) from evidence").fetchone()
        companies = connection.execute("select count(*) from companies").fetchone()
    assert counted is not None
    assert counted[0] == ROWS + 100
    assert counted[1] > 2000
    assert companies == (ROWS,)
    reads = open_engine(database, read_only=True, statement_timeout=timedelta(seconds=2))
    said: list[str] = []
    figures = await measure_reads(reads, Draws(world, ROWS), count=2, seed=1, say=said.append)
    await reads.dispose()
    assert len(said) == len(figures) == len(Draws(world, ROWS).classes())
    assert all(0 < figure.p50 <= figure.worst for figure in figures)


def test_pages_are_the_first_the_middle_and_the_last_that_numbers_reach() -> None:
    random = Random(1)
    assert {paged(LeadQuery(), 120, random).page for _ in range(50)} == {1, 2, 3}
    assert {paged(LeadQuery(), 10**6, random).page for _ in range(50)} == {1, 100, 200}

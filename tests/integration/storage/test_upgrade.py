"""The step to the lead index of this release, on leads of the one before: what it says, and a break in the middle."""

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.check import differences
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.revision import at_head
from hunter.storage.schema import downgrade, upgrade
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import MICROSOFT, intake, save, scan, strong_mail

BEFORE = "m0005_marks_and_lists"
DOMAINS = tuple(f"firma{number}.example" for number in range(6))


class BrokenOffError(Exception):
    """What happens in the middle."""


def break_off(line: str) -> None:
    if line.endswith("indexes of counts and words"):
        raise BrokenOffError


async def filled(url: str) -> None:
    engine = open_engine(url)
    await intake(engine, *DOMAINS, "bos.example")
    await save(engine, *(scan(one, strong_mail(MICROSOFT)) for one in DOMAINS[:3]))
    await save(engine, *(scan(one, strong_mail()) for one in DOMAINS[3:]))
    await engine.dispose()


async def found(engine: AsyncEngine, query: LeadQuery) -> tuple[int, list[str]]:
    async with UnitOfWork(engine) as unit:
        page = await unit.leads.search(query)
    return page.total, [lead.domain for lead in page.leads]


async def test_leads_of_the_release_before_are_brought_up_also_after_a_break(database: str) -> None:
    await filled(database)
    engine = open_engine(database)
    queries = (LeadQuery(), LeadQuery(search="firma", page_size=2), LeadQuery(include_unscored=True))
    before = [await found(engine, query) for query in queries]
    assert [total for total, _ in before] == [6, 6, 7]
    await engine.dispose()
    downgrade(database, BEFORE)
    with pytest.raises(BrokenOffError):
        upgrade(database, say=break_off)
    assert not at_head(database)
    with psycopg.connect(database) as connection:
        assert connection.execute("select count(*), count(cell) from leads").fetchone() == (7, 7)
    said: list[str] = []
    upgrade(database, say=said.append)
    assert at_head(database)
    assert len(said) > 5
    assert all(line.startswith("m0006_lead_index, 7 leads: ") for line in said)
    engine = open_engine(database)
    assert [await found(engine, query) for query in queries] == before
    async with UnitOfWork(engine) as unit:
        assert [one async for one in differences(unit.connection)] == []
    await engine.dispose()


def test_a_database_without_leads_has_nothing_to_say(database: str) -> None:
    downgrade(database, BEFORE)
    said: list[str] = []
    upgrade(database, say=said.append)
    assert said == []

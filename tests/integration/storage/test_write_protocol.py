"""Whoever writes what lists read goes through `LeadIndex.changing`; one that does not is found."""

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import hunter
from hunter.storage.check import Difference, differences
from hunter.storage.lead_index.index import LeadIndex
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import intake, save, scan, strong_mail

SOURCES = Path(hunter.__file__).parent
#: Tables that the row of a lead is made of (`leads_expected`).
TABLES = (
    *("companies", "domain_signals", "lead_scores", "partner_center_referrals", "tags", "company_lists"),
    "company_sizes",
    *("provider_change_history", "signal_change_history", "score_change_history"),
)
WRITES = re.compile(rf"(insert into|update|delete from)\s+({'|'.join(TABLES)})\b|upsert\(\s*\"({'|'.join(TABLES)})\"")
#: Where SQL that writes them may stand, and who runs it inside the block. A new writer comes here with its reason.
INSIDE = {
    "storage/companies.py": "storage/companies.py",
    "storage/company_sizes.py": "storage/companies.py",
    "storage/lists.py": "storage/companies.py",
    "storage/lead_writes.py": "storage/leads.py",
    "storage/erasure.py": "storage/erasure.py",
    "storage/tidy.py": "storage/tidy.py",
}
#: Deletes by a name in braces: which tables, its constants say.
BY_NAME = re.compile(r"delete from \{table\}")


def writers() -> set[str]:
    return {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if "migrations" not in path.parts
        for text in [path.read_text(encoding="utf-8")]
        if WRITES.search(text) or BY_NAME.search(text)
    }


def test_only_known_modules_write_what_lists_read_and_each_is_run_inside_the_block() -> None:
    found = writers() - {"storage/lead_index/shards.py"}
    assert found == set(INSIDE)
    for runner in INSIDE.values():
        text = (SOURCES / runner).read_text(encoding="utf-8")
        assert "changing(" in text, runner


def test_nobody_but_the_block_locks_companies_or_writes_the_index() -> None:
    room = SOURCES / "storage" / "lead_index"
    outside = [path for path in SOURCES.rglob("*.py") if room not in path.parents and "migrations" not in path.parts]
    assert len(outside) > 100
    for path in outside:
        text = path.read_text(encoding="utf-8")
        assert "refresh_leads" not in text, path
        assert "lock_companies" not in text, path
        assert not re.search(r"insert into (leads|lead_scans)\b|update leads\b", text), path


async def all_differences(engine: AsyncEngine) -> list[Difference]:
    async with UnitOfWork(engine) as unit:
        return [one async for one in differences(unit.connection)]


async def test_a_writer_that_goes_round_the_block_is_named_by_the_check(engine: AsyncEngine, database: str) -> None:
    await intake(engine, "firma.example")
    await save(engine, scan(mail=strong_mail()))
    assert await all_differences(engine) == []
    with psycopg.connect(database) as connection:
        connection.execute("update companies set city = 'Ankara', is_own_customer = true")
    found = await all_differences(engine)
    assert {one.column for one in found if one.table == "leads"} == {"city", "marks", "facet_key"}


async def test_what_is_written_in_the_block_is_in_lists_and_counts_when_it_ends(engine: AsyncEngine) -> None:
    await intake(engine, "firma.example", "b.example")
    await save(engine, scan(mail=strong_mail()), scan("b.example", strong_mail()))
    async with UnitOfWork(engine) as unit:
        async with LeadIndex(unit.connection).changing(["firma.example", "kein.example"]) as present:
            assert present == ("firma.example",)
            await unit.connection.exec_driver_sql(
                "update companies set is_own_customer = true, city = 'Van' where domain = 'firma.example'"
            )
        assert (await unit.leads.search(LeadQuery())).total == 1
        assert (await unit.leads.search(LeadQuery(include_excluded=True))).total == 2
        page = await unit.leads.search(LeadQuery(marks=("own_customer",), with_facets=True))
    assert [lead.domain for lead in page.leads] == ["firma.example"]
    counts = {facet.name: dict(facet.counts) for facet in page.facets}
    assert (counts["city"], counts["marks"]["own_customer"]) == ({"Van": 1}, 1)
    assert await all_differences(engine) == []


async def change_in_vain(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit, LeadIndex(unit.connection).changing(["firma.example"]):
        await unit.connection.exec_driver_sql("update companies set city = 'Van'")
        raise RuntimeError


async def test_a_block_that_fails_leaves_everything_as_it_was(engine: AsyncEngine) -> None:
    await intake(engine, "firma.example")
    with pytest.raises(RuntimeError):
        await change_in_vain(engine)
    async with UnitOfWork(engine) as unit:
        assert (await unit.connection.exec_driver_sql("select city from companies")).scalar_one() is None
    assert await all_differences(engine) == []


async def test_a_demo_database_hides_no_demo_company(engine: AsyncEngine) -> None:
    await intake(engine, "firma.example", "b.example")
    await save(engine, scan(mail=strong_mail()), scan("b.example", strong_mail()))
    async with UnitOfWork(engine) as unit:
        async with LeadIndex(unit.connection).changing(["firma.example", "b.example"]):
            await unit.connection.exec_driver_sql("update companies set is_demo = true")
            await unit.connection.exec_driver_sql(
                "update companies set is_own_customer = true where domain = 'b.example'"
            )
        shown = LeadIndex(unit.connection, hidden_marks=("own_customer", "do_not_contact"))
        assert [lead.domain for lead in (await shown.search(LeadQuery())).leads] == ["firma.example"]
        assert (await unit.leads.search(LeadQuery())).total == 0

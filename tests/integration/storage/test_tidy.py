"""Retention: what is old enough goes, everything else stays, and lists still agree with the contract tables."""

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.check import differences
from hunter.storage.tidy import Retention, tidy
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import MICROSOFT, intake, save, scan, strong_mail

OLD_AND_NEW = (
    "insert into raw_leads (source, domain, ingested_at) values ('csv', 'a.example', now() - interval '31 days'), "
    "('csv', 'a.example', now())",
    "insert into score_change_history (domain, changed_at) values ('a.example', now() - interval '731 days'), "
    "('a.example', now())",
    "insert into alerts (domain, alert_type, alert_message, status, created_at) values "
    "('a.example', 'mx_changed', 'x', 'sent', now() - interval '181 days'), "
    "('a.example', 'mx_changed', 'x', 'pending', now() - interval '181 days')",
    "insert into webhook_retries (payload, status, last_retry_at) values ('{\"a\": 1}', 'success', now()), "
    "('{\"a\": 1}', 'failed', now()), ('{\"a\": 1}', 'failed', now() - interval '31 days')",
    "insert into jobs (id, kind, state, finished_at) values (gen_random_uuid(), 'scan', 'completed', "
    "now() - interval '31 days'), (gen_random_uuid(), 'scan', 'running', null)",
    "insert into job_items (job_id, domain) select id, 'a.example' from jobs",
)


async def test_only_what_is_old_enough_goes(engine: AsyncEngine, database: str) -> None:
    await intake(engine, "a.example")
    with psycopg.connect(database) as connection:
        for statement in OLD_AND_NEW:
            connection.execute(statement.encode())
    async with UnitOfWork(engine) as unit:
        await unit.companies.confirm_size("a.example", tenant_size="small", seat_count=None)
    removed = await tidy(engine, Retention())
    assert dict(removed) == {
        "raw_leads": 1,
        "job_items": 1,
        "jobs": 1,
        "score_change_history": 1,
        "alerts": 1,
        "webhook_retries": 2,
    }
    assert dict(await tidy(engine, Retention())) == {}
    async with UnitOfWork(engine) as unit:
        assert [one async for one in differences(unit.connection)] == []


async def test_zero_days_is_for_ever(engine: AsyncEngine, database: str) -> None:
    await intake(engine, "a.example")
    with psycopg.connect(database) as connection:
        connection.execute(OLD_AND_NEW[0].encode())
    assert dict(await tidy(engine, Retention(raw_leads_days=0))) == {}


async def test_a_lead_whose_history_is_gone_has_never_changed(engine: AsyncEngine, database: str) -> None:
    await intake(engine, "a.example")
    await save(engine, scan("a.example", strong_mail()))
    await save(engine, scan("a.example", strong_mail(MICROSOFT)))
    with psycopg.connect(database) as connection:
        for table in ("provider_change_history", "signal_change_history", "score_change_history"):
            connection.execute(f"update {table} set changed_at = changed_at - interval '9 years'".encode())
    await tidy(engine, Retention())
    async with UnitOfWork(engine) as unit:
        at = (await unit.connection.exec_driver_sql("select last_changed_at from leads")).scalar_one()
        assert at is None
        assert [one async for one in differences(unit.connection)] == []


@pytest.mark.parametrize("keep", [1, 2])
async def test_evidence_beyond_its_number_goes(engine: AsyncEngine, keep: int) -> None:
    await intake(engine, "a.example")
    for _ in range(2):
        await save(engine, scan("a.example"))
    removed = await tidy(engine, Retention(evidence_per_domain=keep))
    assert dict(removed) == ({"evidence": 1} if keep == 1 else {})


async def test_shards_of_the_rollup_are_joined(engine: AsyncEngine, database: str) -> None:
    await intake(engine, "a.example")
    with psycopg.connect(database) as connection:
        connection.execute("insert into lead_facets select facet_key, 3, 5 from lead_facets")
        connection.execute("insert into lead_facets values (12345, 2, 0)")
        connection.execute("insert into lead_core_facets select core_key, 3, 5, 10, 20 from lead_core_facets")
        connection.execute("insert into lead_value_facets select core_key, field, value, 2, 4 from lead_value_facets")
        connection.commit()
        await tidy(engine, Retention())
        rows = connection.execute("select shard, leads from lead_facets").fetchall()
        cores = connection.execute("select shard, leads, annual_high_eur from lead_core_facets").fetchall()
        values = connection.execute("select distinct shard, leads from lead_value_facets").fetchall()
    assert (rows, cores, values) == ([(0, 6)], [(0, 6, 20)], [(0, 5)])

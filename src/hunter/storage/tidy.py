"""`hunter db tidy`: takes away what has been kept long enough (engine specification 8.1).

In: an engine and how long things are kept. Out: what was removed, by table. Works in small transactions, so that
nobody waits for it; what is not finished is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.engine import translated_errors
from hunter.storage.lead_index.index import LeadIndex
from hunter.storage.lead_index.shards import merge_shards
from hunter.storage.lead_writes import SUPERFLUOUS_EVIDENCE

_AT_ONCE: Final = 5_000
_HISTORIES: Final = ("provider_change_history", "signal_change_history", "score_change_history")
_EVIDENCE: Final = (
    f"delete from evidence where id in ({SUPERFLUOUS_EVIDENCE.format(selection='true')} limit %(at_once)s)"
)
_FINISHED: Final = "('completed', 'failed', 'cancelled')"
_ITEMS: Final = f"""
delete from job_items where (id, created_at) in (
    select i.id, i.created_at from job_items i join jobs j on j.id = i.job_id
    where j.state in {_FINISHED} and j.finished_at < now() - %(days)s * interval '1 day' limit %(at_once)s
)
"""
_JOBS: Final = f"""
delete from jobs where state in {_FINISHED} and finished_at < now() - %(days)s * interval '1 day'
    and not exists (select from job_items i where i.job_id = jobs.id)
"""
_PAYLOADS: Final = """
update webhook_retries set payload = '{}' where payload <> '{}' and (
    status = 'success' or (%(days)s > 0 and status in ('failed', 'exhausted')
        and coalesce(last_retry_at, created_at) < now() - %(days)s * interval '1 day')
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept; 0 days is for ever."""

    raw_leads_days: int = 30
    job_items_days: int = 30
    evidence_per_domain: int = 2
    history_days: int = 730
    alerts_days: int = 180
    webhook_payload_days: int = 30
    idempotency_hours: int = 24


async def tidy(engine: AsyncEngine, retention: Retention) -> Mapping[str, int]:
    """Take away what is too old; returns the number of rows by table, without those that had none."""
    removed: dict[str, int] = {}
    with translated_errors():
        if retention.raw_leads_days:
            removed["raw_leads"] = await _old(engine, "raw_leads", "ingested_at", retention.raw_leads_days)
        if retention.job_items_days:
            values = {"days": retention.job_items_days}
            removed["job_items"] = await _repeated(engine, _ITEMS, values)
            removed["jobs"] = await _once(engine, _JOBS, values)
        if retention.evidence_per_domain:
            removed["evidence"] = await _repeated(engine, _EVIDENCE, {"keep": retention.evidence_per_domain})
        if retention.history_days:
            for table in _HISTORIES:
                removed[table] = await _old_history(engine, table, retention.history_days)
        if retention.alerts_days:
            only = "status in ('sent', 'failed', 'no_channel')"
            removed["alerts"] = await _old(engine, "alerts", "created_at", retention.alerts_days, only=only)
        removed["webhook_retries"] = await _once(engine, _PAYLOADS, {"days": retention.webhook_payload_days})
        hours = retention.idempotency_hours
        removed["idempotency_keys"] = await _once(
            engine,
            "delete from idempotency_keys where created_at < now() - %(hours)s * interval '1 hour'",
            {"hours": hours},
        )
        await merge_shards(engine)
        async with engine.begin() as connection:
            removed["search_words"] = await LeadIndex(connection).drop_words()
    return {table: count for table, count in removed.items() if count}


async def _old(engine: AsyncEngine, table: str, column: str, days: int, *, only: str = "true") -> int:
    statement = f"""
        delete from {table} where id in (
            select id from {table} where {column} < now() - %(days)s * interval '1 day' and {only} limit %(at_once)s
        )
    """
    return await _repeated(engine, statement, {"days": days})


async def _old_history(engine: AsyncEngine, table: str, days: int) -> int:
    """Take away old changes; the leads that they belong to have then changed at another time, or never."""
    statement = f"""
        select id, domain from {table} where changed_at < now() - %(days)s * interval '1 day'
        order by id limit %(at_once)s
    """
    total = 0
    while True:
        async with engine.begin() as connection:
            rows = (await connection.exec_driver_sql(statement, {"days": days, "at_once": _AT_ONCE})).all()
            if not rows:
                return total
            domains = sorted({row.domain for row in rows})
            async with LeadIndex(connection).changing(domains):
                await connection.exec_driver_sql(
                    f"delete from {table} where id = any(%(ids)s)", {"ids": [row.id for row in rows]}
                )
            total += len(rows)


async def _repeated(engine: AsyncEngine, statement: str, values: Mapping[str, int]) -> int:
    total = 0
    while count := await _once(engine, statement, {**values, "at_once": _AT_ONCE}):
        total += count
    return total


async def _once(engine: AsyncEngine, statement: str, values: Mapping[str, int]) -> int:
    async with engine.begin() as connection:
        return (await connection.exec_driver_sql(statement, dict(values))).rowcount

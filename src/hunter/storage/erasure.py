"""Erasure of a company (engine specification 8.1): it and everything that hangs on it, in one transaction."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.do_not_contact import RefusedNames
from hunter.storage.lead_index.index import LeadIndex

#: Tables that name a domain without hanging on the company.
_LOOSE: Final = ("raw_leads", "webhook_retries", "idempotency_keys", "job_items", "partner_center_referrals")
#: Tables that go with the company; they are counted before.
_HANGING: Final = (
    "domain_signals",
    "lead_scores",
    "evidence",
    "provider_change_history",
    "signal_change_history",
    "score_change_history",
    "alerts",
    "ip_enrichment",
    "notes",
    "tags",
    "favorites",
    "company_sizes",
    "company_lists",
    "leads",
)
_PUSHES: Final = """
delete from d365_push_jobs where lead_id = (select id from companies where domain = %(domain)s)
"""
#: By its number, because nothing else needs an index by domain there.
_SCANS: Final = "select count(*) from lead_scans where id = (select id from companies where domain = %(domain)s)"
_IS_LEFT_IN_PEACE: Final = "select is_do_not_contact from companies where domain = %(domain)s"
_COMPANY: Final = "delete from companies where domain = %(domain)s"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed."""

    #: Pairs of table and number of rows, without those that had none.
    counts: tuple[tuple[str, int], ...]
    #: True where Partner Center may bring the company back at its next sync.
    had_referrals: bool
    #: True where a keyed hash stays behind, so that nobody brings the name again.
    is_name_refused: bool


async def erase_company(connection: AsyncConnection, domain: str, refused_names: RefusedNames) -> Erased | None:
    """Remove everything that names the domain; None where there is no such company."""
    index = LeadIndex(connection)
    async with index.changing([domain]) as present:
        if not present:
            return None
        is_name_refused = bool((await connection.exec_driver_sql(_IS_LEFT_IN_PEACE, {"domain": domain})).scalar_one())
        if is_name_refused:
            await refused_names.add(domain)
        counts = await _remove(connection, domain)
    # Words of its name, of former names too, that nobody else has.
    await index.drop_words()
    kept = tuple((table, count) for table, count in counts.items() if count)
    return Erased(kept, counts["partner_center_referrals"] > 0, is_name_refused)


async def _remove(connection: AsyncConnection, domain: str) -> dict[str, int]:
    values = {"domain": domain}
    columns = ", ".join(f"(select count(*) from {table} where domain = %(domain)s) as {table}" for table in _HANGING)
    columns += f", ({_SCANS}) as lead_scans"
    counts = dict((await connection.exec_driver_sql(f"select {columns}", values)).mappings().one())
    for table in _LOOSE:
        removed = await connection.exec_driver_sql(f"delete from {table} where domain = %(domain)s", values)
        counts[table] = removed.rowcount
    counts["d365_push_jobs"] = (await connection.exec_driver_sql(_PUSHES, values)).rowcount
    counts["companies"] = (await connection.exec_driver_sql(_COMPANY, values)).rowcount
    return {str(table): int(count) for table, count in counts.items()}

"""Writing the lead index: rows of `leads` and `lead_scans` out of the contract tables; triggers keep counts and words.

In: domains. Out: their rows as `leads_expected` says they have to be. `index.LeadIndex.changing` is the only caller.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import fetch_rows

_LOCK: Final = "select domain from companies where domain = any(%(domains)s) order by domain for no key update"
#: Columns of `leads` that are written; the others are generated from them.
LEAD_COLUMNS: Final = (
    *("id", "domain", "canonical_name", "provider", "tenant_size", "size_source", "seat_count", "local_provider"),
    *("spf", "dkim", "dmarc_policy", "expires_at", "scan_status", "readiness_score", "segment", "priority_score"),
    *("priority_category", "gateway", "m365_state", "d365_sync_status", "referral_types", "tags"),
    *("marks", "city", "lists", "annual_low_eur", "annual_high_eur", "last_changed_at", "facet_key"),
)
_LEAD_VALUES: Final = [name for name in LEAD_COLUMNS if name not in ("id", "domain")]
_WRITE_LEADS: Final = f"""
insert into leads as t ({", ".join(LEAD_COLUMNS)})
select {", ".join(LEAD_COLUMNS)} from leads_expected where domain = any(%(domains)s) order by domain
on conflict (id) do update set {", ".join(f"{name} = excluded.{name}" for name in _LEAD_VALUES)}
where ({", ".join(f"t.{name}" for name in _LEAD_VALUES)})
    is distinct from ({", ".join(f"excluded.{name}" for name in _LEAD_VALUES)})
"""
_WRITE_SCAN_TIMES: Final = """
insert into lead_scans as t (id, domain, scanned_at, facet_key, prio_rank, expires_at, last_changed_at)
select l.id, l.domain, s.scanned_at, l.facet_key, l.prio_rank, l.expires_at, l.last_changed_at
from leads l left join domain_signals s on s.domain = l.domain
where l.domain = any(%(domains)s) order by l.domain
on conflict (id) do update set scanned_at = excluded.scanned_at, facet_key = excluded.facet_key,
    prio_rank = excluded.prio_rank, expires_at = excluded.expires_at, last_changed_at = excluded.last_changed_at
where (t.scanned_at, t.facet_key, t.expires_at, t.last_changed_at)
    is distinct from (excluded.scanned_at, excluded.facet_key, excluded.expires_at, excluded.last_changed_at)
"""


async def lock_companies(connection: AsyncConnection, domains: Collection[str]) -> list[str]:
    """Lock the companies until the transaction ends; returns those that are there, in order."""
    found = await fetch_rows(connection, _LOCK, {"domains": sorted(domains)})
    return [domain for (domain,) in found]


async def refresh_leads(connection: AsyncConnection, domains: Collection[str]) -> None:
    """Bring the rows of these domains in line with the contract tables; a row that is right is not written."""
    values = {"domains": sorted(domains)}
    await connection.exec_driver_sql(_WRITE_LEADS, values)
    await connection.exec_driver_sql(_WRITE_SCAN_TIMES, values)

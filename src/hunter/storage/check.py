"""`hunter db check`: compares what lists read with the contract tables, and names every difference.

In: a connection. Out: differences; none where all is well. Reads only.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.facet_key import CORE_OF
from hunter.storage.lead_index.schema_sql import values_of
from hunter.storage.lead_index.writing import LEAD_COLUMNS

_COLUMNS: Final = [name for name in LEAD_COLUMNS if name != "id"]
_LEADS: Final = f"""
select coalesce(e.domain, l.domain) as domain, to_jsonb(e) as expected, to_jsonb(l) as kept
from (select * from leads_expected) e full join (select {", ".join(LEAD_COLUMNS)} from leads) l on l.id = e.id
where ({", ".join(f"e.{name}" for name in LEAD_COLUMNS)})
    is distinct from ({", ".join(f"l.{name}" for name in LEAD_COLUMNS)})
order by 1
"""
_OF_SCANS: Final = ("domain", "scanned_at", "facet_key", "prio_rank", "expires_at", "last_changed_at")


def _scan(rows: str, scans: str) -> tuple[str, str]:
    """Return SQL for the columns of `lead_scans` out of other tables, as a row and as a document."""
    columns = {name: f"{scans if name == 'scanned_at' else rows}.{name}" for name in _OF_SCANS}
    pairs = ", ".join(f"'{name}', {column}" for name, column in columns.items())
    return (
        f"({', '.join(columns.values())})",
        f"case when {rows}.domain is not null then jsonb_build_object({pairs}) end",
    )


_EXPECTED_SCAN, _EXPECTED_DOCUMENT = _scan("l", "s")
_KEPT_SCAN, _KEPT_DOCUMENT = _scan("t", "t")
_SCANS: Final = f"""
select coalesce(l.domain, t.domain) as domain, {_EXPECTED_DOCUMENT} as expected, {_KEPT_DOCUMENT} as kept
from leads l left join domain_signals s on s.domain = l.domain full join lead_scans t on t.id = l.id
where t.id is null or l.id is null or {_EXPECTED_SCAN} is distinct from {_KEPT_SCAN}
order by 1
"""
# A word that `search_words` has not is not found, and counts as missing.
_WORDS: Final = """
select coalesce(e.domain, k.domain) as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (select word, prio_rank, domain, facet_key, id from leads, unnest(lead_terms(search_text, city, lists)) as word) e
full join (
    select word, prio_rank, domain, facet_key, id from lead_words
    where word < ' ' or word in (select word from search_words)
) k on k.word = e.word and k.domain = e.domain
where e is distinct from k
order by 1
"""
_BY_KEY: Final = """
select '' as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (select facet_key, count(*) as leads from leads group by facet_key) e
full join (
    select facet_key, sum(leads) as leads from lead_facets group by facet_key having sum(leads) <> 0
) k on k.facet_key = e.facet_key
where e.leads is distinct from k.leads
"""
_BY_CORE: Final = f"""
select '' as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (
    select {CORE_OF} as core_key, count(*) as leads, coalesce(sum(annual_low_eur), 0) as annual_low_eur,
        coalesce(sum(annual_high_eur), 0) as annual_high_eur from leads group by 1
) e full join (
    select core_key, sum(leads) as leads, sum(annual_low_eur) as annual_low_eur, sum(annual_high_eur) as annual_high_eur
    from lead_core_facets group by core_key
    having sum(leads) <> 0 or sum(annual_low_eur) <> 0 or sum(annual_high_eur) <> 0
) k on k.core_key = e.core_key
where (e.leads, e.annual_low_eur, e.annual_high_eur) is distinct from (k.leads, k.annual_low_eur, k.annual_high_eur)
"""
_BY_VALUE: Final = f"""
select '' as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (
    select core_key, field, value, sum(n) as leads from ({values_of("(select *, 1 as n from leads) l")}) v
    group by core_key, field, value
) e full join (
    select core_key, field, value, sum(leads) as leads from lead_value_facets
    group by core_key, field, value having sum(leads) <> 0
) k on (k.core_key, k.field, k.value) = (e.core_key, e.field, e.value)
where e.leads is distinct from k.leads
"""
_STATEMENTS: Final = {
    "leads": _LEADS,
    "lead_scans": _SCANS,
    "lead_words": _WORDS,
    "lead_facets": _BY_KEY,
    "lead_core_facets": _BY_CORE,
    "lead_value_facets": _BY_VALUE,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what the contract tables say."""

    #: `leads`, `lead_scans`, `lead_words`, or one of the tables of counts.
    table: str
    #: Empty for counts.
    domain: str
    #: Name of the column; "" where the row is missing or too much.
    column: str
    expected: str | None
    kept: str | None


async def differences(connection: AsyncConnection) -> AsyncIterator[Difference]:
    """Yield every difference, as it is found."""
    for table, statement in _STATEMENTS.items():
        async with connection.stream(text(statement)) as found:
            async for row in found:
                for difference in _of_row(table, row.domain, row.expected, row.kept):
                    yield difference


def _of_row(
    table: str, domain: str, expected: dict[str, object] | None, kept: dict[str, object] | None
) -> list[Difference]:
    if expected is None or kept is None:
        there, missing = ("missing", None) if kept is None else (None, "too much")
        return [Difference(table, domain, "", there, missing)]
    return [
        Difference(table, domain, name, str(value), str(kept[name]))
        for name, value in expected.items()
        if kept[name] != value
    ]

"""`hunter db check`: compares what lists read with the contract tables, and names every difference.

In: a connection. Out: differences; none where all is well. Reads only.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.writing import LEAD_COLUMNS

_COLUMNS: Final = [name for name in LEAD_COLUMNS if name != "id"]
_LEADS: Final = f"""
select coalesce(e.domain, l.domain) as domain, to_jsonb(e) as expected, to_jsonb(l) as kept
from (select * from leads_expected) e full join (select {", ".join(LEAD_COLUMNS)} from leads) l on l.id = e.id
where ({", ".join(f"e.{name}" for name in LEAD_COLUMNS)})
    is distinct from ({", ".join(f"l.{name}" for name in LEAD_COLUMNS)})
order by 1
"""
_SCANS: Final = """
select coalesce(l.domain, t.domain) as domain,
    case when l.domain is not null then jsonb_build_object('domain', l.domain, 'scanned_at', s.scanned_at,
        'cell', l.cell, 'expires_at', l.expires_at, 'last_changed_at', l.last_changed_at) end as expected,
    case when t.domain is not null then jsonb_build_object('domain', t.domain, 'scanned_at', t.scanned_at,
        'cell', t.cell, 'expires_at', t.expires_at, 'last_changed_at', t.last_changed_at) end as kept
from leads l left join domain_signals s on s.domain = l.domain full join lead_scans t on t.id = l.id
where t.id is null or l.id is null or (l.domain, s.scanned_at, l.cell, l.expires_at, l.last_changed_at)
    is distinct from (t.domain, t.scanned_at, t.cell, t.expires_at, t.last_changed_at)
order by 1
"""
# A word that `search_words` has not is not found, and counts as missing.
_WORDS: Final = """
select coalesce(e.domain, k.domain) as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (select word, prio_rank, domain, cell, id from leads, unnest(lead_tokens(search_text)) as word) e
full join (
    select word, prio_rank, domain, cell, id from lead_words where word in (select word from search_words)
) k on k.word = e.word and k.domain = e.domain
where e is distinct from k
order by 1
"""
_FACETS: Final = """
select '' as domain, to_jsonb(e) as expected, to_jsonb(k) as kept
from (
    select cell, count(*) as leads, coalesce(sum(annual_low_eur), 0) as annual_low_eur,
        coalesce(sum(annual_high_eur), 0) as annual_high_eur from leads group by cell
) e full join (
    select cell, sum(leads) as leads, sum(annual_low_eur) as annual_low_eur, sum(annual_high_eur) as annual_high_eur
    from lead_facets group by cell having sum(leads) <> 0 or sum(annual_low_eur) <> 0 or sum(annual_high_eur) <> 0
) k on k.cell = e.cell
where (e.leads, e.annual_low_eur, e.annual_high_eur) is distinct from (k.leads, k.annual_low_eur, k.annual_high_eur)
"""
_STATEMENTS: Final = {"leads": _LEADS, "lead_scans": _SCANS, "lead_words": _WORDS, "lead_facets": _FACETS}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what the contract tables say."""

    #: `leads`, `lead_scans`, `lead_words` or `lead_facets`.
    table: str
    #: Empty for the rollup, which counts cells.
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

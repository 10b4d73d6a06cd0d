"""Counting leads: totals and facets out of the rollup, or out of the hits where a filter is not in the rollup.

In: filters. Out: the number that match, exact or not, and counts per value that ignore their own selection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import Estimate, all_hits, hits_by
from hunter.storage.lead_index.facet_key import FACETS, REFERRAL_SHIFT, REFERRAL_TYPES, ROLLUP, CellField
from hunter.storage.lead_index.filters import REFERRAL_TYPE, Filters
from hunter.storage.lead_index.query import MOST_COUNTED
from hunter.storage.lead_index.view import Facet
from hunter.storage.statements import Plan, fetch_rows

_LIMIT: Final = MOST_COUNTED + 1
_ALL: Final = "*"
_MATCHING: Final = "="


@dataclass(frozen=True, slots=True)
class Counted:
    """How many leads match."""

    total: int
    is_exact: bool
    facets: tuple[Facet, ...]


async def count_in_rollup(connection: AsyncConnection, filters: Filters, *, with_facets: bool) -> Counted:
    """Count what matches, exactly; there are no live filters."""
    statement = f"with c as materialized ({ROLLUP}) {counting(filters, with_facets=with_facets)}"
    found = await fetch_rows(connection, statement, filters.values, plan=Plan.FOR_ANY_VALUES)
    return counted(((name, value, leads) for name, value, leads, _ in found), with_facets=with_facets)


async def count_live(connection: AsyncConnection, filters: Filters, sizes: Estimate, *, with_facets: bool) -> Counted:
    """Count what matches up to `MOST_COUNTED`; facets are those of as many hits at most."""
    if not with_facets:
        return await _count_matching(connection, filters, sizes)
    hits = f"{all_hits(filters, 'cell', 'true')} limit {_LIMIT}"
    source = f"select cell, count(*) as leads from ({hits}) h group by cell"
    statement = f"with c as materialized ({source}) {counting(filters, with_facets=True)}"
    found = await fetch_rows(connection, statement, filters.values)
    of_hits = counted(((name, value, leads) for name, value, leads, _ in found), with_facets=True)
    if sum(leads for name, _, leads, _ in found if name == _ALL) < _LIMIT:
        return of_hits
    # More hits than are looked at: those that match all filters are counted by themselves.
    return replace(await _count_matching(connection, filters, sizes), facets=of_hits.facets)


async def _count_matching(connection: AsyncConnection, filters: Filters, sizes: Estimate) -> Counted:
    hits = hits_by(sizes.counting(), filters, "1")
    statement = f"select count(*) from ({hits} limit {_LIMIT}) h"
    ((total,),) = await fetch_rows(connection, statement, filters.values)
    return Counted(total, is_exact=total < _LIMIT, facets=())


def counting(filters: Filters, *, with_facets: bool, within: str | None = None, beside: str = "null::text") -> str:
    """Return selects of name, value, count and a null over `c`, a table of cells and their counts.

    `within` says which cells match, where it is not the filters; `beside` is the null, of the type that others have.
    """
    parts = [
        f"select '{_MATCHING}' as name, 0::bigint as value, coalesce(sum(leads), 0)::bigint, {beside} from c "
        f"where {within or filters.on_cells}",
        f"select '{_ALL}', 0, coalesce(sum(leads), 0)::bigint, null from c",
    ]
    if with_facets:
        free = [field for field in FACETS if field.name not in filters.cell_terms]
        parts += [
            f"select '{field.name}', {field.expression}, sum(leads)::bigint, null from c "
            f"where {filters.without(field.name)} group by 2"
            for field in FACETS
            if field not in free
        ]
        if free:
            parts.append(_counting_at_once(free, filters.on_cells))
        parts.append(
            f"select '{REFERRAL_TYPE}', bit, sum(leads)::bigint, null from c, generate_series(0, 2) as bit "
            f"where (cell >> ({REFERRAL_SHIFT} + bit) & 1) = 1 and {filters.without(REFERRAL_TYPE)} group by bit"
        )
    return " union all ".join(parts)


def _counting_at_once(fields: Sequence[CellField], on_cells: str) -> str:
    """Return a select of name, value and count for fields in which nothing is chosen: one pass over the cells."""
    names = [field.name for field in fields]
    cells = ", ".join(f"{field.expression} as {field.name}" for field in fields)
    named = " ".join(f"when grouping({name}) = 0 then '{name}'" for name in names)
    return (
        f"select case {named} end, coalesce({', '.join(names)}), sum(leads)::bigint, null "
        f"from (select leads, {cells} from c where {on_cells}) f "
        f"group by grouping sets ({', '.join(f'({name})' for name in names)})"
    )


def counted(rows: Iterable[tuple[str, int, int]], *, with_facets: bool) -> Counted:
    """Shape what `counting` gave; every row of the table was counted."""
    counts: dict[str, dict[int, int]] = {}
    for name, value, leads in rows:
        counts.setdefault(name, {})[value] = leads
    return Counted(counts[_MATCHING][0], is_exact=True, facets=_facets(counts) if with_facets else ())


def _facets(counts: dict[str, dict[int, int]]) -> tuple[Facet, ...]:
    facets = [Facet(field.name, _sorted(field.words, counts.get(field.name, {}))) for field in FACETS]
    return (*facets, Facet(REFERRAL_TYPE, _sorted(REFERRAL_TYPES, counts.get(REFERRAL_TYPE, {}))))


def _sorted(words: tuple[str, ...], counts: dict[int, int]) -> tuple[tuple[str, int], ...]:
    """Return words with their counts, the most frequent first; those that nobody has are shown too."""
    named = [(word, counts.get(number, 0)) for number, word in enumerate(words)]
    kept = [(word, count) for word, count in named if word or count]
    return tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0])))

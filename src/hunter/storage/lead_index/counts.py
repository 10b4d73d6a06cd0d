"""Counting leads: totals and facets out of the rollups, or out of the hits where a filter is in none of them.

In: filters. Out: the number that match, exact or not, and counts per value of the key that ignore their own selection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import Estimate, all_hits, hits_by
from hunter.storage.lead_index.facet_key import BY_CORE
from hunter.storage.lead_index.fields import KEY_FACETS, KeyField, Kind
from hunter.storage.lead_index.filters import Filters
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


def rollup_for(filters: Filters) -> str:
    """Return SQL for keys and how many leads have each, as far as the filters and their facets ask for.

    By core, where nothing beside it is asked for. Else by key, those that one of the terms beside the core lets
    through: the facet of a single such term, which ignores it, is counted by core (`value_counts`).
    """
    if filters.is_core:
        return BY_CORE
    beside = " or ".join(filters.terms_beside_core())
    always = filters.key_terms.get("", "true")
    return (
        f"select facet_key, sum(leads)::bigint as leads from lead_facets where ({beside}) and {always} "
        "group by facet_key having sum(leads) > 0"
    )


def facets_by_key(filters: Filters) -> list[KeyField]:
    """Return the facets that `rollup_for` can count; the others are counted by core."""
    if filters.is_core:
        return [one for one in KEY_FACETS if one.is_core]
    if len(filters.terms_beside_core()) > 1:
        return list(KEY_FACETS)
    return [one for one in KEY_FACETS if one.is_core or one.name not in filters.key_terms]


async def count_in_rollup(connection: AsyncConnection, filters: Filters, *, with_facets: bool) -> Counted:
    """Count what matches, exactly; there are no residual filters."""
    fields = facets_by_key(filters) if with_facets else []
    statement = f"with c as materialized ({rollup_for(filters)}) {counting(filters, fields)}"
    found = await fetch_rows(connection, statement, filters.values, plan=Plan.FOR_ANY_VALUES)
    return counted(((name, value, leads) for name, value, leads, _ in found), fields)


async def count_hits(connection: AsyncConnection, filters: Filters, sizes: Estimate, *, with_facets: bool) -> Counted:
    """Count what matches up to `MOST_COUNTED`; facets are those of as many hits at most."""
    if not with_facets:
        return await _count_matching(connection, filters, sizes)
    hits = f"{all_hits(filters, 'facet_key', 'true')} limit {_LIMIT}"
    source = f"select facet_key, count(*) as leads from ({hits}) h group by facet_key"
    statement = f"with c as materialized ({source}) {counting(filters, KEY_FACETS)}"
    found = await fetch_rows(connection, statement, filters.values)
    of_hits = counted(((name, value, leads) for name, value, leads, _ in found), KEY_FACETS)
    if sum(leads for name, _, leads, _ in found if name == _ALL) < _LIMIT:
        return of_hits
    # More hits than are looked at: those that match all filters are counted by themselves.
    return replace(await _count_matching(connection, filters, sizes), facets=of_hits.facets)


async def _count_matching(connection: AsyncConnection, filters: Filters, sizes: Estimate) -> Counted:
    hits = hits_by(sizes.counting(has_search=filters.has_search), filters, "1")
    statement = f"select count(*) from ({hits} limit {_LIMIT}) h"
    ((total,),) = await fetch_rows(connection, statement, filters.values)
    return Counted(total, is_exact=total < _LIMIT, facets=())


def counting(
    filters: Filters, fields: Sequence[KeyField], *, within: str | None = None, beside: str = "null::text"
) -> str:
    """Return selects of name, value, count and a null over `c`, a table of keys and their counts.

    `within` says which keys match, where it is not the filters; `beside` is the null, of the type that others have.
    """
    parts = [
        f"select '{_MATCHING}' as name, 0::bigint as value, coalesce(sum(leads), 0)::bigint, {beside} from c "
        f"where {within or filters.on_key}",
        f"select '{_ALL}', 0, coalesce(sum(leads), 0)::bigint, null from c",
    ]
    chosen = [field for field in fields if field.name in filters.key_terms]
    parts += [_counting_one(field, filters.on_key_without(field.name)) for field in chosen]
    free = [field for field in fields if field not in chosen]
    words = [field for field in free if field.kind is not Kind.FLAGS]
    if words:
        parts.append(_counting_at_once(words, filters.on_key))
    flags = [field for field in free if field.kind is Kind.FLAGS]
    if flags:
        parts.append(_counting_flags(flags, filters.on_key))
    return " union all ".join(parts)


def _counting_one(field: KeyField, on_key: str) -> str:
    if field.kind is Kind.FLAGS:
        return _counting_flags([field], on_key)
    return f"select '{field.name}', {field.expression}, sum(leads)::bigint, null from c where {on_key} group by 2"


def _counting_at_once(fields: Sequence[KeyField], on_key: str) -> str:
    """Return a select of name, value and count for fields in which nothing is chosen: one pass over the keys."""
    names = [field.name for field in fields]
    taken = ", ".join(f"{field.expression} as {field.name}" for field in fields)
    named = " ".join(f"when grouping({name}) = 0 then '{name}'" for name in names)
    return (
        f"select case {named} end, coalesce({', '.join(names)}), sum(leads)::bigint, null "
        f"from (select leads, {taken} from c where {on_key}) f "
        f"group by grouping sets ({', '.join(f'({name})' for name in names)})"
    )


def _counting_flags(fields: Sequence[KeyField], on_key: str) -> str:
    """Return a select of name, bit and count for fields of flags: one pass over the keys."""
    flags = [(field.name, bit, field.flag(word)) for field in fields for bit, word in enumerate(field.words)]
    sums = ", ".join(f"coalesce(sum(leads) filter (where {flag} = 1), 0)::bigint" for _, _, flag in flags)
    names = ", ".join(f"'{name}'" for name, _, _ in flags)
    bits = ", ".join(str(bit) for _, bit, _ in flags)
    return (
        f"select u.name, u.bit, u.leads, null from (select array[{sums}] as sums from c where {on_key}) s, "
        f"unnest(array[{names}], array[{bits}]::bigint[], s.sums) as u(name, bit, leads)"
    )


def counted(rows: Iterable[tuple[str, int, int]], fields: Sequence[KeyField]) -> Counted:
    """Shape what `counting` gave; every row of the table was counted."""
    counts: dict[str, dict[int, int]] = {}
    for name, value, leads in rows:
        counts.setdefault(name, {})[value] = leads
    facets = tuple(Facet(field.name, _named(field, counts.get(field.name, {}))) for field in fields)
    return Counted(counts[_MATCHING][0], is_exact=True, facets=facets)


def _named(field: KeyField, counts: dict[int, int]) -> tuple[tuple[str, int], ...]:
    named = ((word, counts.get(number, 0)) for number, word in enumerate(field.words))
    return by_frequency((word, count) for word, count in named if word or count)


def by_frequency(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return values with their counts, the most frequent first."""
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))

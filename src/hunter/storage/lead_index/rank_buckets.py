"""Rank buckets: how many leads stand at each number of an order, and before it, counted along with all that match.

In: a query and a window of its rows. Out: the counts, and the buckets that the window touches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.counts import Counted, counted, counting, rollup_for
from hunter.storage.lead_index.facet_key import BY_CORE, RANK
from hunter.storage.lead_index.fields import SCORE, KeyField
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.ordering import Position, bucket_key
from hunter.storage.lead_index.query import LeadQuery, LeadSort
from hunter.storage.statements import Plan, fetch_rows

#: Names the rows of buckets among those of counts.
_BUCKET: Final = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWindow:
    """Which rows are wanted, counted from the start of the order, from a cursor, or from the end."""

    offset: int = 0
    limit: int
    after: Position | None = None
    #: Counted from the end of the order, last row first.
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class RankBucket:
    """Leads that have the same number in an order, and are told apart by their domains."""

    number: int
    #: Rows of the order before it, those that match.
    before: int
    matching: int
    #: The value of the index column in which its leads lie; -1 is null. And all leads with that value.
    index_value: int
    in_index: int
    #: The keys, or where the filters ask for the core alone the cores, of those that match.
    keys: tuple[int, ...]


async def count_buckets(
    connection: AsyncConnection,
    query: LeadQuery,
    filters: Filters,
    window: PageWindow,
    *,
    fields: Sequence[KeyField] = (),
) -> tuple[Counted, list[RankBucket]]:
    """Count what matches, exactly, and return the buckets that the window touches; there are no residual filters."""
    key = bucket_key(query.sort, query.order)
    if key is None:
        raise ValueError(f"{query.sort} is no order by buckets")
    statement = f"""
        with c as materialized ({rollup_for(filters)}),
        buckets as ({_buckets(query, key, filters, window)})
        {counting(filters, fields, beside="null::bigint[]")} union all (
            select '{_BUCKET}', bucket, matching, array[before, index_value, in_index] || keys from buckets b
            cross join lateral (
                select coalesce(sum(leads), 0)::bigint as in_index from ({BY_CORE}) r
                where {_index_value(query)} = b.index_value
            ) i
            where matching > 0 and before < %(window_end)s and before + matching > %(window_start)s
            order by bucket{" desc" if window.is_backwards else ""}
        )
    """
    values = {
        **filters.values,
        **(after_values(window.after) if window.after is not None else {}),
        "window_start": window.offset,
        "window_end": window.offset + window.limit,
    }
    rows = await fetch_rows(connection, statement, values, plan=Plan.FOR_ANY_VALUES)
    counts = ((name, value, leads) for name, value, leads, _ in rows if name != _BUCKET)
    buckets = [
        RankBucket(bucket, before, matching, index_value, in_index, tuple(keys))
        for _, bucket, matching, (before, index_value, in_index, *keys) in (row for row in rows if row[0] == _BUCKET)
    ]
    return counted(counts, fields), buckets


def after_values(position: Position) -> dict[str, Any]:
    """Return the values of a statement that goes on after a row."""
    return {"after_key": position.key, "after_domain": position.domain}


def _index_value(query: LeadQuery) -> str:
    """Return SQL for the value of the column in whose index the leads of a key lie in their order."""
    return f"({SCORE.expression} - 1)" if query.sort is LeadSort.READINESS_SCORE else RANK


def _buckets(query: LeadQuery, key: str, filters: Filters, window: PageWindow) -> str:
    down = " desc" if window.is_backwards else ""
    start, counted_here = "", "matching"
    if window.after is not None:
        start = "where bucket >= %(after_key)s"
        # A cursor may stand at the end of its bucket, so that the rows there count for nothing.
        counted_here = "case when bucket = %(after_key)s then 0 else matching end"
    return f"""
        select bucket::bigint, matching::bigint, index_value::bigint, keys::bigint[],
            (sum({counted_here}) over (order by bucket{down}) - {counted_here})::bigint as before
        from (
            select {key} as bucket, {_index_value(query)} as index_value, sum(leads) as matching,
                array_agg(facet_key) as keys
            from c where {filters.on_key} group by 1, 2
        ) g {start}
    """

"""Places of an order of cells: how many leads stand at each, and before it, counted along with all that match.

In: a query and a window of its rows. Out: the counts, and the places that the window touches.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.counts import Counted, counted, counting
from hunter.storage.lead_index.facet_key import RANK, ROLLUP, SCORE
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.ordering import Position, cell_key
from hunter.storage.lead_index.query import LeadQuery, LeadSort
from hunter.storage.statements import Plan, fetch_rows

#: Names the rows of places among those of counts.
_PLACE: Final = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which rows are wanted, counted from the start of the order, from a cursor, or from the end."""

    offset: int = 0
    limit: int
    after: Position | None = None
    #: Counted from the end of the order, last row first.
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Leads that stand at the same place of an order, and are told apart by their domains."""

    number: int
    #: Rows of the order before it, those that match.
    before: int
    matching: int
    #: The value of the index column in which its leads lie, and all leads with that value.
    index_value: int
    in_index: int
    #: The cells in which those that match lie.
    cells: tuple[int, ...]


async def count_places(
    connection: AsyncConnection, query: LeadQuery, filters: Filters, window: Window
) -> tuple[Counted, list[Place]]:
    """Count what matches, exactly, and return the places that the window touches; there are no live filters."""
    key = cell_key(query.sort, query.order)
    if key is None:
        raise ValueError(f"{query.sort} is no order of cells")
    statement = f"""
        with c as materialized ({ROLLUP}),
        places as ({_places(query, key, filters, window)})
        {counting(filters, with_facets=query.with_facets, beside="null::bigint[]")} union all (
            select '{_PLACE}', place, matching, array[before, index_value, in_index] || cells from places
            where matching > 0 and before < %(window_end)s and before + matching > %(window_start)s
            order by place{" desc" if window.is_backwards else ""}
        )
    """
    values = {
        **filters.values,
        **(after_values(window.after) if window.after is not None else {}),
        "window_start": window.offset,
        "window_end": window.offset + window.limit,
    }
    rows = await fetch_rows(connection, statement, values, plan=Plan.FOR_ANY_VALUES)
    counts = ((name, value, leads) for name, value, leads, _ in rows if name != _PLACE)
    places = [
        Place(place, before, matching, index_value, in_index, tuple(cells))
        for name, place, matching, (before, index_value, in_index, *cells) in (row for row in rows if row[0] == _PLACE)
    ]
    return counted(counts, with_facets=query.with_facets), places


def after_values(position: Position) -> dict[str, Any]:
    """Return the values of a statement that goes on after a row."""
    return {"after_key": position.key, "after_domain": position.domain}


def _places(query: LeadQuery, key: str, filters: Filters, window: Window) -> str:
    down = " desc" if window.is_backwards else ""
    start, counted = "", "matching"
    if window.after is not None:
        start = "where place >= %(after_key)s"
        # A cursor may stand at the end of its place, so that the rows there count for nothing.
        counted = "case when place = %(after_key)s then 0 else matching end"
    value = f"{SCORE.expression} - 1" if query.sort is LeadSort.READINESS_SCORE else RANK
    return f"""
        select place::bigint, matching::bigint, index_value::bigint, in_index::bigint, cells::bigint[],
            (sum({counted}) over (order by place{down}) - {counted})::bigint as before
        from (
            select {key} as place, {value} as index_value,
                coalesce(sum(leads) filter (where {filters.on_cells}), 0) as matching,
                array_agg(cell) filter (where {filters.on_cells}) as cells,
                sum(sum(leads)) over (partition by {value}) as in_index
            from c group by 1, 2
        ) g {start}
    """

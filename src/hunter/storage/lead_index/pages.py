"""Which domains stand on a page: the way through the indexes that the filters and the order allow.

In: a query and its counts. Out: the page's domains in order, one more than asked where there is more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import Estimate, Way, all_hits, estimate, hits_by
from hunter.storage.lead_index.counts import Counted, count_live, counted, counting
from hunter.storage.lead_index.facet_key import IS_SCORED, ROLLUP
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.ordering import Position, cell_key, sort_column, sort_value
from hunter.storage.lead_index.query import MOST_COUNTED, LeadQuery, LeadSort, SortOrder
from hunter.storage.lead_index.rank_buckets import Place, Window, after_values, count_places
from hunter.storage.lead_index.words import first_hits
from hunter.storage.statements import Plan, fetch_rows

#: Rows taken from each of several cells cost about as much as those that an index walk passes over.
_WORTH_A_WALK: Final = 100


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one query."""

    connection: AsyncConnection
    query: LeadQuery
    filters: Filters
    #: Given where there are live filters.
    sizes: Estimate | None

    async def domains(self, window: Window) -> list[str]:
        """Return the domains of a window in the order of the list, or from its end where it is walked backwards."""
        key = cell_key(self.query.sort, self.query.order)
        if self.sizes is not None:
            return await self._live(key, window, self.sizes)
        if key is None:
            return await self._by_column_or_cells(window)
        _, places = await count_places(self.connection, self.query, self.filters, window)
        return await self._by_cells(key, window, places)

    async def _by_cells(self, key: str, window: Window, places: Sequence[Place]) -> list[str]:
        """Take the places in order until the window is full."""
        if not places:
            return []
        first = places[0]
        skipped = max(window.offset - first.before, 0) if window.after is None else 0
        reach = skipped + window.limit
        merged = min(first.matching, len(first.cells) * reach)
        walked = min(reach / max(first.matching, 1) * first.in_index, first.in_index)
        if skipped < _WORTH_A_WALK or merged <= walked:
            return await self._merged(window, places, skipped)
        found = await self._walked(key, replace(window, offset=skipped), first)
        if len(found) < window.limit and len(places) > 1:
            rest = replace(window, offset=0, limit=window.limit - len(found))
            found += await self._merged(rest, places[1:], 0)
        return found

    async def _merged(self, window: Window, places: Sequence[Place], skipped: int) -> list[str]:
        """Merge the cells of each place by domain: nothing is read that does not match."""
        down = " desc" if window.is_backwards else ""
        cells = [(cell, place.number) for place in places for cell in place.cells]
        values: dict[str, Any] = {
            "cells": [cell for cell, _ in cells],
            "places": [place for _, place in cells],
            "skipped": skipped,
            "wanted": window.limit,
            "reach": skipped + window.limit,
        }
        after = ""
        if window.after is not None:
            after = "and (c.place > %(after_key)s or l.domain > %(after_domain)s)"
            values |= after_values(window.after)
        statement = f"""
            select d.domain from unnest(%(cells)s::int[], %(places)s::int[]) as c(cell, place) cross join lateral (
                select l.domain from leads l where l.cell = c.cell {after} order by l.domain{down} limit %(reach)s
            ) d order by c.place{down}, d.domain{down} offset %(skipped)s limit %(wanted)s
        """
        found = await fetch_rows(self.connection, statement, values, plan=Plan.FOR_ANY_VALUES)
        return [domain for (domain,) in found]

    async def _walked(self, key: str, window: Window, place: Place) -> list[str]:
        """Walk one place by the index in which its leads lie side by side, in the order of their domains."""
        down = " desc" if window.is_backwards else ""
        # A lead without score is in the index of scores by null.
        column = self._index_column
        at = f"{column} is null" if place.index_value < 0 else f"{column} = %(index_value)s"
        statement = f"""
            select domain from leads
            where {at} and {key} = %(place)s and {self.filters.on_cells}
            order by domain{down} offset {window.offset} limit {window.limit}
        """
        return await self._run(statement, {"index_value": place.index_value, "place": place.number})

    @property
    def _index_column(self) -> str:
        return "readiness_score" if self.query.sort is LeadSort.READINESS_SCORE else "prio_rank"

    async def counted(self, window: Window) -> tuple[list[str], Counted] | None:
        """Return a window and the counts, where the one is come by along with the other; else None."""
        key = cell_key(self.query.sort, self.query.order)
        if self.sizes is None:
            if key is None:
                return None
            counted, places = await count_places(self.connection, self.query, self.filters, window)
            return await self._by_cells(key, window, places), counted
        way = self._way(window, self.sizes)
        if way is not Way.CELLS and self._is_first_by_words(window) and not self.query.with_facets:
            return await self._counted_by_words(window)
        if way is Way.WALK:
            return await self._counted_by_walk(key, window, self.sizes)
        if self.query.with_facets and way is Way.CELLS:
            return None
        return await self._counted_hits(key, window, way)

    async def _counted_hits(self, key: str | None, window: Window, way: Way) -> tuple[list[str], Counted]:
        """Count all hits and take the window out of them, in one statement."""
        query, filters = self.query, self.filters
        columns = self._hit_columns(key)
        # Facets ignore their own selection, so that all that the live filters find has to be there.
        hits = all_hits(filters, columns, "true")
        within = filters.on_cells
        if not query.with_facets:
            # They match already: asking again would only mislead the planner.
            hits, within = hits_by(way, filters, columns), "true"
        page = f"from hits where {within} {self._rest(key, window, within)}"
        is_merged = query.with_facets and self._is_first_by_words(window)
        if is_merged:
            page = f"from ({first_hits(filters, window.offset + window.limit)}) f {_in_default_order(window)}"
        # Out of an index alone all hits are read twice in less time than they are put down and read back.
        is_kept = key is None or (filters.has_search and not is_merged)
        statement = f"""
            with {_hits_by_cells(hits, is_told_by_cells=key is not None or query.with_facets, is_kept=is_kept)}
            {counting(filters, with_facets=query.with_facets, within=within)}
            union all (select '>', 0, 0, domain::text {page})
        """
        values = {**filters.values, **(after_values(window.after) if window.after is not None else {})}
        rows = await fetch_rows(self.connection, statement, values)
        domains = [domain for name, _, _, domain in rows if name == ">"]
        numbers = ((name, value, leads) for name, value, leads, _ in rows if name != ">")
        counts = counted(numbers, with_facets=query.with_facets)
        if counts.total > MOST_COUNTED:
            counts = replace(counts, total=MOST_COUNTED + 1, is_exact=False)
        return domains, counts

    @property
    def _is_default(self) -> bool:
        return self.query.sort is LeadSort.PRIORITY_SCORE and self.query.order is SortOrder.ASC

    def _is_first_by_words(self, window: Window) -> bool:
        """Return whether the window is among those hits that are counted, and can be merged out of words."""
        if self.filters.words is None or not self._is_default:
            return False
        return window.after is None and not window.is_backwards

    async def _counted_by_words(self, window: Window) -> tuple[list[str], Counted]:
        """Merge the words as far as hits are counted."""
        end = max(window.offset + window.limit, MOST_COUNTED + 1)
        statement = f"""
            with first as materialized ({first_hits(self.filters, end)})
            select null, count(*) from first union all (
                select domain, 0 from first {_in_default_order(window)}
            )
        """
        (_, total), *rows = await fetch_rows(self.connection, statement, self.filters.values)
        counted = Counted(min(total, MOST_COUNTED + 1), is_exact=total <= MOST_COUNTED, facets=())
        return [domain for domain, _ in rows], counted

    async def _counted_by_walk(
        self, key: str | None, window: Window, sizes: Estimate
    ) -> tuple[list[str], Counted] | None:
        """Return a window and the count where the window ends beyond the last row that is counted; else None."""
        is_deep = window.after is None and not window.is_backwards and window.offset + window.limit > MOST_COUNTED
        if not is_deep or self.query.with_facets:
            return None
        domains = await self._live(key, window, sizes)
        total = window.offset + len(domains)
        if total > MOST_COUNTED:
            return domains, Counted(MOST_COUNTED + 1, is_exact=False, facets=())
        # A walk that met some of the window and then no more has met all; one that met none has not said how many.
        if domains:
            return domains, Counted(total, is_exact=True, facets=())
        return domains, await count_live(self.connection, self.filters, sizes, with_facets=False)

    def _hit_columns(self, key: str | None) -> str:
        """Return what is kept of each hit: where cells tell its place, no more than the cell."""
        return "domain, cell" + ("" if key else f", {sort_value(self.query.sort)} as place, {IS_SCORED} as is_scored")

    def _way(self, window: Window, sizes: Estimate) -> Way:
        # Favourites are few, whatever is estimated.
        if self.query.favorite_of is not None:
            return Way.HITS
        return sizes.paging(window.offset + window.limit, self.query.sort, has_search=self.filters.has_search)

    async def _live(self, key: str | None, window: Window, sizes: Estimate) -> list[str]:
        way = self._way(window, sizes)
        if way is not Way.WALK:
            return await self._fetched(key, window, way)
        if key is None:
            return await self._by_column(window)
        return await (self._walk_ranks(window, sizes) if self._is_default else self._walk_cells(key, window))

    async def _fetched(self, key: str | None, window: Window, way: Way) -> list[str]:
        """Fetch all that matches, and sort it."""
        statement = f"""
            with {_hits_by_cells(hits_by(way, self.filters, self._hit_columns(key)))}
            select domain from hits where true {self._rest(key, window, "true")}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    def _rest(self, key: str | None, window: Window, within: str) -> str:
        """Return what follows a cursor among those hits that match, in order, as far as the window goes."""
        down = " desc" if window.is_backwards else ""
        order, after = f"{key}{down}, domain{down}", ""
        if key is None:
            flip = (self.query.order is SortOrder.DESC) != window.is_backwards
            turned = " desc" if flip else ""
            # Where all hits have a score, it is not compared: the deepest page sorts every hit.
            parts = f"is_scored{'' if window.is_backwards else ' desc'}, " if self.query.include_unscored else ""
            order = f"{parts}place{turned}, domain{turned}"
            after = _after_in_column(window, is_down=flip)
        elif window.after is not None:
            after = f"and ({key}, domain) > (%(after_key)s, %(after_domain)s)"
        elif not window.is_backwards:
            return _touched(key, window, within)
        return f"{after} order by {order} offset {window.offset} limit {window.limit}"

    async def _walk_ranks(self, window: Window, sizes: Estimate) -> list[str]:
        """Walk the index of the default order, from the first rank that may match, up to the end of the window."""
        first, last = sizes.ranks
        between = f"and prio_rank between {first} and {last}"
        down = " desc" if window.is_backwards else ""
        after = "and (prio_rank, domain) > (%(after_key)s, %(after_domain)s)" if window.after is not None else ""
        statement = f"""
            select domain from leads where {self.filters.everything} {between} {after}
            order by prio_rank{down}, domain{down} offset {window.offset} limit {window.limit}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    async def _walk_cells(self, key: str, window: Window) -> list[str]:
        """Walk the cells in the order of their places up to the end of the window; those behind are not looked at."""
        down = " desc" if window.is_backwards else ""
        start, after = "", ""
        if window.after is not None:
            start = f"and {key} >= %(after_key)s"
            after = "and (c.place > %(after_key)s or l.domain > %(after_domain)s)"
        statement = f"""
            select d.domain from (
                select cell as at, {key} as place from ({ROLLUP}) r
                where {self.filters.on_cells} {start} order by 2{down}
            ) c cross join lateral (
                select l.domain from (select * from leads where cell = c.at) l where {self.filters.live} {after}
                order by l.domain{down} limit {window.offset + window.limit}
            ) d order by c.place{down}, d.domain{down} offset {window.offset} limit {window.limit}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    async def _by_column_or_cells(self, window: Window) -> list[str]:
        """Order by a column: walk its index, or, where few leads match, fetch those."""
        sizes, _ = await estimate(self.connection, self.filters)
        if sizes.ordering(window.offset + window.limit, self.query.sort) is Way.CELLS:
            return await self._fetched(None, window, Way.CELLS)
        return await self._by_column(window)

    async def _by_column(self, window: Window) -> list[str]:
        """Walk the index of a column: first the scored leads, then, where they are asked for, the others."""
        parts = [True, False] if self.query.include_unscored else [True]
        if window.is_backwards:
            parts.reverse()
        after, offset = window.after, window.offset
        found: list[str] = []
        for is_scored in parts:
            if after is not None and is_scored and not after.is_scored:
                continue
            own = after if after is not None and after.is_scored == is_scored else None
            part = replace(window, offset=offset, limit=window.limit - len(found), after=own)
            rows = await self._part_by_column(part, is_scored=is_scored)
            found += rows
            if len(found) >= window.limit:
                break
            if rows:
                offset = 0
            elif offset:
                offset = max(offset - await self._count_part(is_scored=is_scored, limit=offset), 0)
        return found

    async def _part_by_column(self, window: Window, *, is_scored: bool) -> list[str]:
        column = sort_column(self.query.sort)
        is_down = (self.query.order is SortOrder.DESC) != window.is_backwards
        columns = ["domain"] if column == "domain" else [column, "domain"]
        after = f"and ({_behind(window.after, columns, is_down=is_down)})" if window.after is not None else ""
        order = ", ".join(f"{name} desc" if is_down else name for name in columns)
        rows = f"select domain from leads where {self._part(is_scored=is_scored)} {after} order by {order}"
        if self.query.sort is LeadSort.SCANNED_AT:
            rows = self._scans(f"{self._scored(is_scored=is_scored)} {after} order by {order}")
        statement = f"{rows} offset {window.offset} limit {window.limit}"
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    async def _count_part(self, *, is_scored: bool, limit: int) -> int:
        hits = f"select 1 from leads where {self._part(is_scored=is_scored)} limit {limit}"
        statement = f"select count(*) from ({hits}) h"
        ((count,),) = await fetch_rows(self.connection, statement, self.filters.values)
        return int(count)

    def _scans(self, rest: str) -> str:
        """Return the domains of scans in the order of their time; what `lead_scans` does not hold is asked of leads.

        The offset keeps the planner from taking all hits of a search first and sorting them: that has been weighed.
        What is lateral is gone through row by row, so that the order stays.
        """
        if not self.filters.has_search:
            return f"select domain from lead_scans where {self.filters.live} and {rest}"
        return f"""
            select s.domain from (select domain, id from lead_scans where {rest} offset 0) s
            cross join lateral (select from leads where id = s.id and {self.filters.live} offset 0) l
        """

    def _part(self, *, is_scored: bool) -> str:
        return f"{self.filters.live} and {self._scored(is_scored=is_scored)}"

    def _scored(self, *, is_scored: bool) -> str:
        """Return the terms on cells in one of the two parts, none of them twice: the planner would count it twice."""
        if not self.query.include_unscored:
            return self.filters.on_cells
        return f"{self.filters.on_cells} and {'' if is_scored else 'not '}({IS_SCORED})"

    async def _run(self, statement: str, values: dict[str, Any]) -> list[str]:
        found = await fetch_rows(self.connection, statement, {**self.filters.values, **values})
        return [domain for (domain,) in found]


def _behind(after: Position, columns: Sequence[str], *, is_down: bool) -> str:
    """Return the rows behind a cursor; a value that is null stands above all others, as in the index."""
    sign, first = ("<" if is_down else ">"), columns[0]
    if after.key is None:
        same = f"{first} is null and domain {sign} %(after_domain)s"
        return f"{same} or {first} is not null" if is_down else same
    right = ", ".join("%(after_domain)s" if name == "domain" else "%(after_key)s" for name in columns)
    behind = f"({', '.join(columns)}) {sign} ({right})"
    return behind if is_down or after.is_scored else f"{behind} or {first} is null"


def _after_in_column(window: Window, *, is_down: bool) -> str:
    """Return the rows behind a cursor in an order by a column: in its own part, and all of the part behind."""
    if window.after is None:
        return ""
    behind = f"({_behind(window.after, ['place', 'domain'], is_down=is_down)})"
    if window.after.is_scored:
        return f"and ((is_scored and {behind}) or not is_scored)"
    return f"and not is_scored and {behind}"


def _in_default_order(window: Window) -> str:
    return f"order by prio_rank, domain offset {window.offset} limit {window.limit}"


def _hits_by_cells(hits: str, *, is_told_by_cells: bool = True, is_kept: bool = True) -> str:
    """Return the hits and how many of them lie in each cell, as tables `hits` and `c`; or in all of them."""
    cells = "cell, count(*) as leads from hits group by cell" if is_told_by_cells else "count(*) as leads from hits"
    return f"hits as {'' if is_kept else 'not '}materialized ({hits}), c as materialized (select {cells})"


def _touched(key: str, window: Window, within: str) -> str:
    """Return a window among hits in an order of cells: only those places that it touches are sorted."""
    end = window.offset + window.limit
    places = f"""
        select place, leads, sum(leads) over (order by place) - leads as before from (
            select {key} as place, sum(leads)::bigint as leads from c where {within} group by 1
        ) g
    """
    touched = f"from ({places}) p where before < {end} and before + leads > {window.offset}"
    # As arrays and values these are worked out once; as tables the planner may work them out for each hit.
    return f"""
        and {key} = any(array(select place {touched})) order by {key}, domain
        offset {window.offset} - coalesce((select min(before) {touched}), 0) limit {window.limit}
    """

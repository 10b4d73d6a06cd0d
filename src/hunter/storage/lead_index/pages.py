"""Which domains stand on a page: the path through the indexes that the filters and the order allow.

In: a query and its counts. Out: the page's domains in order, one more than asked where there is more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import AccessPath, Estimate, all_hits, asked_of_scans, estimate, hits_by
from hunter.storage.lead_index.bucket_pages import BucketPages
from hunter.storage.lead_index.counts import Counted, count_hits, counted, counting, facets_by_key
from hunter.storage.lead_index.facet_key import IS_SCORED
from hunter.storage.lead_index.fields import KEY_FACETS
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.ordering import Position, bucket_key, sort_column, sort_value
from hunter.storage.lead_index.query import MOST_COUNTED, LeadQuery, LeadSort, SortOrder
from hunter.storage.lead_index.rank_buckets import PageWindow, after_values, count_buckets
from hunter.storage.lead_index.words import first_hits
from hunter.storage.statements import fetch_rows


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one query."""

    connection: AsyncConnection
    query: LeadQuery
    filters: Filters
    #: Given where there are residual filters.
    sizes: Estimate | None

    async def domains(self, window: PageWindow) -> list[str]:
        """Return the domains of a window in the order of the list, or from its end where it is read backwards."""
        key = bucket_key(self.query.sort, self.query.order)
        if self.sizes is not None:
            return await self._residual(key, window, self.sizes)
        if key is None:
            return await self._by_column_or_keys(window)
        _, buckets = await count_buckets(self.connection, self.query, self.filters, window)
        return await self._bucket_pages.domains(window, buckets)

    @property
    def _bucket_pages(self) -> BucketPages:
        return BucketPages(self.connection, self.query, self.filters)

    async def counted(self, window: PageWindow) -> tuple[list[str], Counted] | None:
        """Return a window and the counts, where the one is come by along with the other; else None."""
        key = bucket_key(self.query.sort, self.query.order)
        if self.sizes is None:
            if key is None:
                return None
            fields = facets_by_key(self.filters) if self.query.with_facets else []
            counted, buckets = await count_buckets(self.connection, self.query, self.filters, window, fields=fields)
            return await self._bucket_pages.domains(window, buckets), counted
        path = self._path(window, self.sizes)
        if path is not AccessPath.BUCKET_SCAN and self._is_first_by_words(window) and not self.query.with_facets:
            return await self._counted_by_words(window)
        if path is AccessPath.ORDERED_SCAN:
            return await self._counted_by_scan(key, window, self.sizes)
        return await self._counted_hits(key, window, path)

    async def _counted_hits(self, key: str | None, window: PageWindow, path: AccessPath) -> tuple[list[str], Counted]:
        """Count all hits and take the window out of them, in one statement."""
        query, filters = self.query, self.filters
        columns = self._hit_columns(key)
        # Facets ignore their own selection, so that all that the residual filters find has to be there.
        hits, within = all_hits(filters, columns, "true"), filters.on_key
        fields = list(KEY_FACETS) if query.with_facets else []
        if not fields or path is AccessPath.BUCKET_SCAN:
            # They match already: asking again would only mislead the planner.
            hits, within = hits_by(path, filters, columns), "true"
            fields = [field for field in fields if field.name not in filters.key_terms]
        page = f"from hits where {within} {self._rest(key, window, within)}"
        is_merged = query.with_facets and path is not AccessPath.BUCKET_SCAN and self._is_first_by_words(window)
        if is_merged:
            page = f"from ({first_hits(filters, window.offset + window.limit)}) f {_in_default_order(window)}"
        # Out of an index alone all hits are read twice in less time than they are put down and read back.
        is_kept = key is None or path is AccessPath.BUCKET_SCAN or (filters.has_search and not is_merged)
        statement = f"""
            with {_hits_by_key(hits, is_told_by_key=key is not None or query.with_facets, is_kept=is_kept)}
            {counting(filters, fields, within=within)}
            union all (select '>', 0, 0, domain::text {page})
        """
        values = {**filters.values, **(after_values(window.after) if window.after is not None else {})}
        rows = await fetch_rows(self.connection, statement, values)
        domains = [domain for name, _, _, domain in rows if name == ">"]
        numbers = ((name, value, leads) for name, value, leads, _ in rows if name != ">")
        counts = counted(numbers, fields)
        if counts.total > MOST_COUNTED:
            counts = replace(counts, total=MOST_COUNTED + 1, is_exact=False)
        return domains, counts

    @property
    def _is_default(self) -> bool:
        return self.query.sort is LeadSort.PRIORITY_SCORE and self.query.order is SortOrder.ASC

    def _is_first_by_words(self, window: PageWindow) -> bool:
        """Return whether the window is among those hits that are counted, and can be merged out of words."""
        if self.filters.words is None or not self._is_default:
            return False
        return window.after is None and not window.is_backwards

    async def _counted_by_words(self, window: PageWindow) -> tuple[list[str], Counted]:
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

    async def _counted_by_scan(
        self, key: str | None, window: PageWindow, sizes: Estimate
    ) -> tuple[list[str], Counted] | None:
        """Return a window and the count where the window ends beyond the last row that is counted; else None."""
        is_deep = window.after is None and not window.is_backwards and window.offset + window.limit > MOST_COUNTED
        if not is_deep or self.query.with_facets:
            return None
        domains = await self._residual(key, window, sizes)
        total = window.offset + len(domains)
        if total > MOST_COUNTED:
            return domains, Counted(MOST_COUNTED + 1, is_exact=False, facets=())
        # A scan that met some of the window and then no more has met all; one that met none has not said how many.
        if domains:
            return domains, Counted(total, is_exact=True, facets=())
        return domains, await count_hits(self.connection, self.filters, sizes, with_facets=False)

    def _hit_columns(self, key: str | None) -> str:
        """Return what is kept of each hit: where the key tells its bucket, no more than the key."""
        return "domain, facet_key" + (
            "" if key else f", {sort_value(self.query.sort)} as place, {IS_SCORED} as is_scored"
        )

    def _path(self, window: PageWindow, sizes: Estimate) -> AccessPath:
        # Favourites are few, whatever is estimated.
        if self.query.favorite_of is not None:
            return AccessPath.INDEX
        reach, is_down = window.offset + window.limit, self.query.order is SortOrder.DESC
        return sizes.paging(reach, self.query.sort, has_search=self.filters.has_search, is_down=is_down)

    async def _residual(self, key: str | None, window: PageWindow, sizes: Estimate) -> list[str]:
        path = self._path(window, sizes)
        if path is not AccessPath.ORDERED_SCAN:
            return await self._fetched(key, window, path)
        if key is None:
            return await self._by_column(window)
        return await (self._scan_ranks(window, sizes) if self._is_default else self._scan_buckets(key, window))

    async def _fetched(self, key: str | None, window: PageWindow, path: AccessPath) -> list[str]:
        """Fetch all that matches, and sort it."""
        statement = f"""
            with {_hits_by_key(hits_by(path, self.filters, self._hit_columns(key)))}
            select domain from hits where true {self._rest(key, window, "true")}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    def _rest(self, key: str | None, window: PageWindow, within: str) -> str:
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

    async def _scan_ranks(self, window: PageWindow, sizes: Estimate) -> list[str]:
        """Scan the index of the default order, from the first rank that may match, up to the end of the window."""
        first, last = sizes.ranks
        between = f"and prio_rank between {first} and {last}"
        down = " desc" if window.is_backwards else ""
        after = "and (prio_rank, domain) > (%(after_key)s, %(after_domain)s)" if window.after is not None else ""
        table, residual = "leads", self.filters.residual
        if self.filters.is_by_scan and asked_of_scans(self.filters)[1] == "true":
            table, residual = "lead_scans", asked_of_scans(self.filters)[0]
        statement = f"""
            select domain from {table} where {residual} and {self.filters.on_key} {between} {after}
            order by prio_rank{down}, domain{down} offset {window.offset} limit {window.limit}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    async def _scan_buckets(self, key: str, window: PageWindow) -> list[str]:
        """Scan the keys in the order of their buckets up to the end of the window; those behind are not looked at."""
        down = " desc" if window.is_backwards else ""
        start, after = "", ""
        if window.after is not None:
            start = "and bucket >= %(after_key)s"
            after = "and (c.bucket > %(after_key)s or leads.domain > %(after_domain)s)"
        statement = f"""
            select d.domain from (
                select at, bucket from (
                    select facet_key as at, {key} as bucket from lead_facets where {self.filters.on_key}
                    group by facet_key
                ) r where true {start} order by 2{down}
            ) c cross join lateral (
                select leads.domain from leads where facet_key = c.at and {self.filters.residual} {after}
                order by leads.domain{down} limit {window.offset + window.limit}
            ) d order by c.bucket{down}, d.domain{down} offset {window.offset} limit {window.limit}
        """
        return await self._run(statement, after_values(window.after) if window.after is not None else {})

    async def _by_column_or_keys(self, window: PageWindow) -> list[str]:
        """Order by a column: scan its index, or, where few leads match, fetch those."""
        sizes, _ = await estimate(self.connection, self.filters)
        if sizes.ordering(window.offset + window.limit, self.query.sort) is AccessPath.BUCKET_SCAN:
            return await self._fetched(None, window, AccessPath.BUCKET_SCAN)
        return await self._by_column(window)

    async def _by_column(self, window: PageWindow) -> list[str]:
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

    async def _part_by_column(self, window: PageWindow, *, is_scored: bool) -> list[str]:
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
        own, others = asked_of_scans(self.filters)
        if others == "true":
            return f"select domain from lead_scans where {own} and {rest}"
        return f"""
            select s.domain from (select domain, id from lead_scans where {own} and {rest} offset 0) s
            cross join lateral (select from leads where id = s.id and {others} offset 0) l
        """

    def _part(self, *, is_scored: bool) -> str:
        return f"{self.filters.residual} and {self._scored(is_scored=is_scored)}"

    def _scored(self, *, is_scored: bool) -> str:
        """Return the terms on keys in one of the two parts, none of them twice: the planner would count it twice."""
        if not self.query.include_unscored:
            return self.filters.on_key
        return f"{self.filters.on_key} and {'' if is_scored else 'not '}({IS_SCORED})"

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


def _after_in_column(window: PageWindow, *, is_down: bool) -> str:
    """Return the rows behind a cursor in an order by a column: in its own part, and all of the part behind."""
    if window.after is None:
        return ""
    behind = f"({_behind(window.after, ['place', 'domain'], is_down=is_down)})"
    if window.after.is_scored:
        return f"and ((is_scored and {behind}) or not is_scored)"
    return f"and not is_scored and {behind}"


def _in_default_order(window: PageWindow) -> str:
    return f"order by prio_rank, domain offset {window.offset} limit {window.limit}"


def _hits_by_key(hits: str, *, is_told_by_key: bool = True, is_kept: bool = True) -> str:
    """Return the hits and how many of them have each key, as tables `hits` and `c`; or in all of them."""
    keys = (
        "facet_key, count(*) as leads from hits group by facet_key" if is_told_by_key else "count(*) as leads from hits"
    )
    return f"hits as {'' if is_kept else 'not '}materialized ({hits}), c as materialized (select {keys})"


def _touched(key: str, window: PageWindow, within: str) -> str:
    """Return a window among hits in an order by buckets: only those that it touches are sorted."""
    end = window.offset + window.limit
    buckets = f"""
        select bucket, leads, sum(leads) over (order by bucket) - leads as before from (
            select {key} as bucket, sum(leads)::bigint as leads from c where {within} group by 1
        ) g
    """
    touched = f"from ({buckets}) p where before < {end} and before + leads > {window.offset}"
    # As arrays and values these are worked out once; as tables the planner may work them out for each hit.
    return f"""
        and {key} = any(array(select bucket {touched})) order by {key}, domain
        offset {window.offset} - coalesce((select min(before) {touched}), 0) limit {window.limit}
    """

"""The one big read: filter, sort, search, page and count leads (engine specification 9.2), and stream them all (9.3).

In: a LeadQuery. Out: a LeadPage, by a few statements however many leads there are: count, find the page, fetch it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any, Final

from psycopg import AsyncConnection as DriverConnection
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.decision_table import Condition
from hunter.storage.lead_index.access_path import estimate
from hunter.storage.lead_index.counts import Counted, count_hits, count_in_rollup
from hunter.storage.lead_index.facet_key import IS_SCORED
from hunter.storage.lead_index.fields import D365, MARKS, SCORE, SEGMENT
from hunter.storage.lead_index.filters import Filters, filters_of, prepared
from hunter.storage.lead_index.ordering import (
    Position,
    any_bucket_key,
    bucket_key,
    order_name,
    read_cursor,
    sort_value,
    write_cursor,
)
from hunter.storage.lead_index.pages import Pages
from hunter.storage.lead_index.query import DEEPEST_ROW, LeadQuery, LeadSort, PageTooDeep, SortOrder
from hunter.storage.lead_index.rank_buckets import PageWindow
from hunter.storage.lead_index.reading import VIEW_COLUMNS, VIEW_TABLES, view_of
from hunter.storage.lead_index.value_counts import with_all_facets
from hunter.storage.lead_index.view import LeadPage, LeadTotals, LeadView
from hunter.storage.statements import Plan, fetch_records

#: Rows that a stream fetches at a time.
_STREAMED_AT_ONCE: Final = 1000
#: Of the last row, from which a cursor may lead on, also its place in the order.
_ROWS: Final = f"""
select {VIEW_COLUMNS}, case when p.position = cardinality(%(domains)s::text[]) then {any_bucket_key()} end as place,
    l.name_key, l.readiness_score is not null as is_scored
from unnest(%(domains)s::text[]) with ordinality as p(domain, position)
join leads l on l.domain = p.domain {VIEW_TABLES} order by p.position
"""
_SEGMENT_COUNTS: Final = ", ".join(
    f"coalesce(sum(leads) filter (where {SEGMENT.expression} = {number}), 0)::bigint as {word.lower()}"
    for number, word in enumerate(SEGMENT.words)
    if word
)
_POINTS: Final = f"({SCORE.expression} - 1)"
_TOTALS: Final = f"""
select coalesce(sum(leads), 0)::bigint as total_leads, {_SEGMENT_COUNTS},
    coalesce(sum(leads * {_POINTS}) / nullif(sum(leads), 0), 0)::float as avg_score,
    max({_POINTS})::integer as max_score,
    coalesce(sum(leads) filter (
        where {SEGMENT.expression} = any(%(segments)s) and {SCORE.expression} = any(%(scores)s)
    ), 0)::bigint as high_priority,
    (select count(*) from partner_center_referrals) as pc_referrals,
    (select coalesce(sum(v.leads), 0) from lead_value_facets v where v.field = '{D365.name}' and v.value = 'synced'
        and v.core_key in (select facet_key from c))::bigint as d365_synced,
    coalesce(sum(low), 0)::bigint as annual_low_eur, coalesce(sum(high), 0)::bigint as annual_high_eur
from c
"""
_TOTALLED: Final = f"""
with c as materialized (
    select facet_key, leads, low, high from (
        select core_key as facet_key, sum(leads) as leads, sum(annual_low_eur) as low, sum(annual_high_eur) as high
        from lead_core_facets group by core_key having sum(leads) > 0
    ) r where {{shown}}
) {_TOTALS}
"""


async def search(connection: AsyncConnection, query: LeadQuery, hidden: Collection[str] = MARKS) -> LeadPage:
    """Return one page; `hidden` marks keep leads out. Raises PageTooDeep and BadCursor."""
    after = read_cursor(query)
    filters = await prepared(connection, query, hidden)
    sizes = None
    if filters.residual_terms:
        sizes, filters = await estimate(connection, filters)
    pages = Pages(connection, query, filters, sizes)
    window = _simple_window(query, after)
    found = await pages.counted(window) if window is not None else None
    if found is not None:
        domains, counted = found
    else:
        counted = await _count(pages)
        window = window or await _far_window(pages, counted)
        domains = await pages.domains(window)
    has_more = len(domains) > query.page_size
    domains = domains[: query.page_size]
    if window is not None and window.is_backwards:
        domains.reverse()
        has_more = False
    rows = await _fetch(connection, query, domains)
    cursor = write_cursor(query, _position(query, rows[-1])) if has_more and rows else None
    page = LeadPage(tuple(map(view_of, rows)), counted.total, counted.is_exact, cursor, counted.facets)
    return await with_all_facets(connection, page, filters, sizes) if query.with_facets else page


async def totals(connection: AsyncConnection, high_priority: Condition, hidden: Collection[str] = MARKS) -> LeadTotals:
    """Return the counts over all scored leads without one of the marks that hide.

    The rulebook says by segment and score what is of high priority.
    """
    asked = high_priority.allowed
    values = {
        "segments": SEGMENT.numbers(map(str, asked.get("segment", SEGMENT.words))),
        "scores": SCORE.numbers(map(str, asked.get("score", SCORE.words))),
    }
    shown = filters_of(LeadQuery(), hidden=hidden).on_key
    (record,) = await fetch_records(connection, _TOTALLED.format(shown=shown), values, plan=Plan.FOR_ANY_VALUES)
    return LeadTotals(**record)


async def _count(pages: Pages) -> Counted:
    with_facets = pages.query.with_facets
    if pages.sizes is None:
        return await count_in_rollup(pages.connection, pages.filters, with_facets=with_facets)
    return await count_hits(pages.connection, pages.filters, pages.sizes, with_facets=with_facets)


def _simple_window(query: LeadQuery, after: Position | None) -> PageWindow | None:
    """Return which rows to fetch, one more than the page has, to know whether there is more; None beyond the cap."""
    if after is not None:
        return PageWindow(limit=query.page_size + 1, after=after)
    offset = (query.page - 1) * query.page_size
    return PageWindow(offset=offset, limit=query.page_size + 1) if offset < DEEPEST_ROW else None


async def _far_window(pages: Pages, counted: Counted) -> PageWindow:
    """Return the last page, which is near the end whatever lies before it; raises PageTooDeep for any other."""
    offset = (pages.query.page - 1) * pages.query.page_size
    if counted.is_exact and offset < counted.total <= offset + pages.query.page_size:
        return PageWindow(limit=counted.total - offset, is_backwards=True)
    raise PageTooDeep(await _deepest_cursor(pages))


async def _deepest_cursor(pages: Pages) -> str | None:
    domains = await pages.domains(PageWindow(offset=DEEPEST_ROW - 1, limit=1))
    rows = await _fetch(pages.connection, pages.query, domains)
    return write_cursor(pages.query, _position(pages.query, rows[0])) if rows else None


async def _fetch(connection: AsyncConnection, query: LeadQuery, domains: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """Fetch what is shown of these domains, in their order, with the place of each row in the order."""
    if not domains:
        return []
    values = {"domains": list(domains), "order": order_name(query.sort, query.order)}
    return await fetch_records(connection, _ROWS, values, plan=Plan.FOR_ANY_VALUES)


def _position(query: LeadQuery, row: Mapping[str, Any]) -> Position:
    columns = {LeadSort.DOMAIN: "domain", LeadSort.SCANNED_AT: "scanned_at", LeadSort.NAME: "name_key"}
    return Position(row[columns.get(query.sort, "place")], row["domain"], row["is_scored"])


async def stream(
    connection: AsyncConnection, query: LeadQuery, hidden: Collection[str] = MARKS
) -> AsyncIterator[LeadView]:
    """Yield every lead that matches, in the order of the query, by a cursor of the server: memory stays flat."""
    filters = await prepared(connection, query, hidden)
    statement = f"""
        select {VIEW_COLUMNS} from ({_all_in_order(query, filters)}) l {VIEW_TABLES} order by l.place
    """
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, DriverConnection):
        raise TypeError("a stream needs psycopg")
    async with driver.cursor(name="lead_stream", row_factory=dict_row, binary=True) as cursor:
        cursor.itersize = _STREAMED_AT_ONCE
        await cursor.execute(statement.encode(), dict(filters.values))
        async for row in cursor:
            yield view_of(row)


def _all_in_order(query: LeadQuery, filters: Filters) -> str:
    """Number the leads in their order first: what is sorted is narrow, and the wide values are joined in that order."""
    key = bucket_key(query.sort, query.order)
    down = " desc" if query.order is SortOrder.DESC else ""
    order = f"{key}, domain" if key else f"not ({IS_SCORED}), {sort_value(query.sort)}{down}, domain{down}"
    columns = "id, domain, d365_sync_status"
    return f"select {columns}, row_number() over (order by {order}) as place from leads where {filters.everything}"

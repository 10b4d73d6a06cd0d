"""The lead list, held against a search by hand over the same leads: filters, orders, pages, cursors and facets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.decision_table import Condition
from hunter.core.segmentation import Segment
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.access_path import AccessPath, Estimate
from hunter.storage.lead_index.facet_key import RANK, read_key
from hunter.storage.lead_index.fields import FACET_NAMES, FIELDS
from hunter.storage.lead_index.filters import filters_of, prepared
from hunter.storage.lead_index.pages import Pages
from hunter.storage.lead_index.query import BadCursor, LeadQuery, LeadSort, PageTooDeep, SortOrder
from hunter.storage.lead_index.rank_buckets import PageWindow
from hunter.storage.statements import fetch_rows
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.searched_leads import by_hand, drawn, everything, fill
from tests.support.storage_database import StorageServer

#: Few leads, looked at as if they were many, so that each path is gone.
SIZES = {
    AccessPath.INDEX: Estimate(100, 99, 0),
    AccessPath.BUCKET_SCAN: Estimate(100, 0, 99),
    AccessPath.ORDERED_SCAN: Estimate(10**6, 10**9, 10**9),
}


@pytest.fixture(scope="module")
def filled(server: StorageServer) -> Iterator[str]:
    """A database of leads of every kind."""
    with server.database() as url:
        asyncio.run(fill(url))
        yield url


@pytest.fixture
async def looks(filled: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(filled, read_only=True)
    yield engine
    await engine.dispose()


async def test_random_queries_find_what_a_search_by_hand_finds(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(1)
    hits = 0
    for _ in range(500):
        query = drawn(random)
        expected = by_hand(query, world)
        last = max((len(expected) + query.page_size - 1) // query.page_size, 1)
        query = replace(query, page=random.randint(1, last))
        async with UnitOfWork(looks) as unit:
            page = await unit.leads.search(query)
        start = (query.page - 1) * query.page_size
        assert (page.total, page.total_is_exact) == (len(expected), True), query
        assert [view.domain for view in page.leads] == [
            view.domain for view in expected[start : start + query.page_size]
        ], query
        hits += len(expected)
    assert hits > 4000


@pytest.mark.parametrize("order", list(SortOrder))
@pytest.mark.parametrize("sort", list(LeadSort))
async def test_cursors_lead_through_the_whole_list_once(looks: AsyncEngine, sort: LeadSort, order: SortOrder) -> None:
    world = await everything(looks)
    for search in ("", "firma"):
        query = LeadQuery(sort=sort, order=order, include_unscored=True, page_size=37, search=search)
        walked: list[str] = []
        after: str | None = None
        for _ in range(10):
            async with UnitOfWork(looks) as unit:
                page = await unit.leads.search(replace(query, after=after))
            walked += [view.domain for view in page.leads]
            after = page.after
            if after is None:
                break
        assert walked == [view.domain for view in by_hand(query, world)]


async def test_each_access_path_gives_the_same_page(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(3)
    for _ in range(150):
        query = replace(drawn(random), search=random.choice(("firma", "ilgaz")), favorite_of=None)
        expected = [view.domain for view in by_hand(query, world)][2:12]
        for path, sizes in SIZES.items():
            assert sizes.paging(12, query.sort, has_search=True) is path
            async with UnitOfWork(looks) as unit:
                pages = Pages(unit.connection, query, await prepared(unit.connection, query), sizes)
                assert await pages.domains(PageWindow(offset=2, limit=10)) == expected, (path, query)


@pytest.mark.parametrize("sort", [sort for sort in LeadSort if sort not in (LeadSort.DOMAIN, LeadSort.NAME)])
async def test_deep_pages_of_a_search_go_on_where_the_ones_before_end(looks: AsyncEngine, sort: LeadSort) -> None:
    world = await everything(looks)
    for order in SortOrder:
        query = LeadQuery(search="firma", sort=sort, order=order, page_size=7)
        expected = [view.domain for view in by_hand(query, world)]
        for page in range(14, 1 + len(expected) // 7):
            async with UnitOfWork(looks) as unit:
                found = await unit.leads.search(replace(query, page=page))
            assert [view.domain for view in found.leads] == expected[7 * (page - 1) : 7 * page], (query, page)


async def test_the_end_of_a_list_is_walked_backwards(looks: AsyncEngine) -> None:
    world = await everything(looks)
    for sort in LeadSort:
        for order in SortOrder:
            query = LeadQuery(sort=sort, order=order)
            expected = [view.domain for view in by_hand(query, world)]
            async with UnitOfWork(looks) as unit:
                pages = Pages(unit.connection, query, filters_of(query), None)
                found = await pages.domains(PageWindow(limit=7, is_backwards=True))
            assert found[::-1] == expected[-7:], query


async def test_a_facet_ignores_its_own_selection_and_heeds_all_others(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(5)
    own = {
        "segment": ("segments", "segment"),
        "provider": ("providers", "provider"),
        "priority": ("priorities", "priority_score"),
        "priority_category": ("priority_categories", "priority_category"),
        "m365_state": ("m365_states", "m365_state"),
        "d365_sync_status": ("d365_sync_statuses", "d365_sync_status"),
        "tenant_size": ("tenant_sizes", "tenant_size"),
        "referral_type": ("referral_types", "referral_types"),
        "local_provider": ("local_providers", "local_provider"),
        "gateway": ("gateways", "gateway"),
        "tag": ("tags", "tags"),
        "city": ("cities", "city"),
        "list": ("lists", "lists"),
        "marks": ("marks", "marks"),
    }
    assert set(own) == set(FACET_NAMES)
    for _ in range(60):
        query = replace(drawn(random), with_facets=True)
        async with UnitOfWork(looks) as unit:
            page = await unit.leads.search(query)
        assert {facet.name for facet in page.facets} == set(own)
        for facet in page.facets:
            argument, field = own[facet.name]
            expected: dict[str, int] = {}
            others: dict[str, Any] = {argument: ()}
            if argument == "marks":
                # What a list leaves out is told by the facet that brings it back.
                others["include_excluded"] = True
            for view in by_hand(replace(query, **others), world):
                value = getattr(
                    world[1][view.domain] if facet.name in ("tag", "city", "list", "marks") else view, field
                )
                for word in value if isinstance(value, tuple) else (str(value or ""),):
                    expected[word] = expected.get(word, 0) + 1
            assert {word: count for word, count in facet.counts if count} == expected, (facet.name, query)


async def test_a_stream_gives_all_matches_in_order(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(9)
    for _ in range(40):
        query = replace(drawn(random), include_unscored=False)
        async with UnitOfWork(looks) as unit:
            streamed = [view.domain async for view in unit.leads.stream(query)]
        assert streamed == [view.domain for view in by_hand(query, world)], query


@pytest.mark.parametrize("segments", [(Segment.MIGRATION,), (Segment.EXISTING, Segment.COLD)])
async def test_totals_are_those_of_the_scored_leads(looks: AsyncEngine, segments: tuple[Segment, ...]) -> None:
    high_priority = Condition({"segment": segments, "score": range(40, 86)})
    views = by_hand(LeadQuery(), await everything(looks))
    scores = [view.readiness_score or 0 for view in views]
    async with UnitOfWork(looks) as unit:
        totals = await unit.leads.totals(high_priority=high_priority)
    assert totals.total_leads == len(views)
    assert totals.avg_score == pytest.approx(sum(scores) / len(scores))
    assert totals.max_score == max(scores)
    assert totals.skip == sum(view.segment == "Skip" for view in views)
    wanted = [view for view in views if high_priority.holds({"segment": view.segment, "score": view.readiness_score})]
    assert totals.high_priority == len(wanted) > 0
    assert totals.annual_low_eur == sum(view.annual_low_eur or 0 for view in views)
    assert totals.d365_synced == sum(view.d365_sync_status == "synced" for view in views)


async def test_a_cursor_of_another_order_is_refused(looks: AsyncEngine) -> None:
    async with UnitOfWork(looks) as unit:
        page = await unit.leads.search(LeadQuery(page_size=5))
    with pytest.raises(BadCursor):
        async with UnitOfWork(looks) as unit:
            await unit.leads.search(LeadQuery(sort=LeadSort.DOMAIN, after=page.after))


async def test_a_page_beyond_the_cap_names_the_way_on(looks: AsyncEngine) -> None:
    with pytest.raises(PageTooDeep) as raised:
        async with UnitOfWork(looks) as unit:
            await unit.leads.search(LeadQuery(page=201))
    assert (raised.value.code, raised.value.after) == ("PAGE_TOO_DEEP", None)


async def test_text_that_looks_like_sql_or_holds_nul_finds_nothing_and_harms_nothing(looks: AsyncEngine) -> None:
    async with UnitOfWork(looks) as unit:
        for search in ("'; drop table leads; --", "a\0b\0c", "\ud800\ud800\ud800", "%(word_0)s", "\\\\\\"):
            assert (await unit.leads.search(LeadQuery(search=search))).total == 0


async def test_a_key_unpacks_to_the_values_that_it_was_made_from(looks: AsyncEngine) -> None:
    columns = ", ".join(field.column for field in FIELDS)
    async with UnitOfWork(looks) as unit:
        rows = await fetch_rows(unit.connection, f"select facet_key, prio_rank, {columns} from leads")
        ranks = await fetch_rows(unit.connection, f"select count(*) from leads where prio_rank <> {RANK}")
    assert ranks == [(0,)]
    assert len({key for key, *_ in rows}) > 100
    for key, rank, *values in rows:
        read = read_key(key)
        for field, value in zip(FIELDS, values, strict=True):
            kept = read[field.name]
            assert (sorted(kept) if isinstance(kept, tuple) else kept) == (
                sorted(value) if isinstance(value, list) else value
            ), field.name
        assert (rank == 1253) is (read["score"] is None)

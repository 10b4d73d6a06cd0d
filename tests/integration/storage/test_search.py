"""The lead list, held against a search by hand over the same leads: filters, orders, pages, cursors and facets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.decision_table import Condition
from hunter.core.new_company import NewCompany
from hunter.core.segmentation import Segment
from hunter.core.signals import NOT_ASKED
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.access_path import Estimate, Way
from hunter.storage.lead_index.facet_key import RANK, read_cell
from hunter.storage.lead_index.filters import filters_of
from hunter.storage.lead_index.folding import turkish_fold, turkish_sort_key
from hunter.storage.lead_index.pages import Pages
from hunter.storage.lead_index.query import BadCursor, LeadQuery, LeadSort, PageTooDeep, SortOrder
from hunter.storage.lead_index.rank_buckets import Window
from hunter.storage.lead_index.view import LeadView
from hunter.storage.statements import fetch_rows
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, MICROSOFT, OWN, intake, judged, save
from tests.support.builders import (
    ABSENT,
    COLLECTED_AT,
    UNKNOWN,
    dkim_key,
    dmarc_policy,
    evidence,
    mail_evidence,
    spf_policy,
)
from tests.support.storage_database import StorageServer

LEADS = 240
TODAY = date(2026, 3, 2)
HOSTS: list[Any] = [GOOGLE, MICROSOFT, OWN, ("mx.yandex.net",), ("mx1.hostinger.com",), ABSENT, UNKNOWN]
NAMES = (
    "Çınar Döküm",
    "Ilgaz Gıda",
    "İnci Yapı",
    "Şafak Tekstil",
    "Üçler Otomotiv",
    "100%_Yerli",
    "Öncü Ağaç",
    "Zirve",
)
#: Few leads, looked at as if they were many, so that each way is walked.
SIZES = {Way.HITS: Estimate(100, 99, 0), Way.CELLS: Estimate(100, 0, 99), Way.WALK: Estimate(10**6, 10**9, 10**9)}


@pytest.fixture(scope="module")
def filled(server: StorageServer) -> Iterator[str]:
    """A database of leads of every kind."""
    with server.database() as url:
        asyncio.run(fill(url))
        yield url


async def fill(url: str) -> None:
    engine = open_engine(url)
    random = Random(7)
    domains = [f"{random.choice('abcdefgh')}firma{number:03}.example" for number in range(LEADS)]
    await intake(
        engine, *(NewCompany(domain=one, name=f"{random.choice(NAMES)} {random.randrange(9)}") for one in domains)
    )
    for round_ in range(2):
        scanned = [one for one in domains if round_ == 0 or random.randrange(3) == 0][8:]
        await save(
            engine, *(_scan(random, one, COLLECTED_AT + timedelta(hours=random.randrange(500))) for one in scanned)
        )
    async with UnitOfWork(engine) as unit:
        for number, domain in enumerate(random.sample(domains, 40)):
            kind = random.choice(("co-sell", "marketplace", "solution-provider"))
            await unit.connection.exec_driver_sql(
                "insert into partner_center_referrals (referral_id, referral_type, domain) "
                "values (%(i)s, %(k)s, %(d)s)",
                {"i": f"r{number}", "k": kind, "d": domain},
            )
        await unit.connection.exec_driver_sql(
            "update companies set d365_sync_status = (array['queued', 'synced', 'error'])[1 + id %% 3] "
            "where id %% 4 = 0"
        )
        await unit.connection.exec_driver_sql(
            "insert into favorites (domain, user_id) select domain, 'u1' from companies where id %% 5 = 0"
        )
    await intake(engine, *(NewCompany(domain=one, country="TR") for one in domains))
    await engine.dispose()


def _scan(random: Random, domain: str, at: datetime) -> Any:
    expires_at = TODAY + timedelta(days=random.randrange(-20, 400)) if random.randrange(5) else NOT_ASKED
    mail = mail_evidence(
        mx=random.choice(HOSTS),
        spf=random.choice((ABSENT, spf_policy("a.example"))),
        dkim=random.choice((ABSENT, UNKNOWN, [dkim_key()])),
        dmarc=random.choice((ABSENT, dmarc_policy("none"), dmarc_policy("quarantine"), dmarc_policy())),
    )
    low = random.randrange(5000)
    return judged(evidence(mail, domain=domain, collected_at=at, expires_at=expires_at), annual=(low, 2 * low))


@pytest.fixture
async def looks(filled: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(filled, read_only=True)
    yield engine
    await engine.dispose()


async def everything(engine: AsyncEngine) -> tuple[list[LeadView], dict[str, datetime | None], set[str]]:
    async with UnitOfWork(engine) as unit:
        views = [view async for view in unit.leads.stream(LeadQuery(include_unscored=True))]
        changed = dict(await fetch_rows(unit.connection, "select domain, last_changed_at from leads"))
        favorites = {one for (one,) in await fetch_rows(unit.connection, "select domain from favorites")}
    assert len(views) == LEADS
    return views, changed, favorites


def by_hand(query: LeadQuery, world: tuple[list[LeadView], dict[str, datetime | None], set[str]]) -> list[LeadView]:
    """Find what matches without any index."""
    views, changed, favorites = world

    def matches(view: LeadView) -> bool:
        text = turkish_fold(f"{view.domain} {view.canonical_name} {view.provider or ''}")
        words = turkish_fold(query.search).split()
        only_short = all(len(word) < 3 for word in words)
        at = changed[view.domain]
        return all(
            (
                query.include_unscored or view.readiness_score is not None,
                not query.segments or view.segment in query.segments,
                not query.providers or view.provider in query.providers,
                not query.referral_types or set(query.referral_types) & set(view.referral_types),
                not query.priorities or view.priority_score in query.priorities,
                not query.priority_categories or view.priority_category in query.priority_categories,
                not query.d365_sync_statuses or view.d365_sync_status in query.d365_sync_statuses,
                not query.m365_states or view.m365_state in query.m365_states,
                not query.tenant_sizes or view.tenant_size in query.tenant_sizes,
                query.min_score is None
                or (view.readiness_score is not None and view.readiness_score >= query.min_score),
                query.max_score is None
                or (view.readiness_score is not None and view.readiness_score <= query.max_score),
                query.expires_from is None or (view.expires_at is not None and view.expires_at >= query.expires_from),
                query.expires_to is None or (view.expires_at is not None and view.expires_at <= query.expires_to),
                query.changed_since is None or (at is not None and at >= query.changed_since),
                query.favorite_of is None or view.domain in favorites,
                all(view.domain.startswith(word) if only_short else word in text for word in words),
            )
        )

    return sorted(filter(matches, views), key=order_of(query))


def order_of(query: LeadQuery) -> Callable[[LeadView], Any]:
    """Return the order as a key; descending numbers are negated, descending words turned letter by letter."""
    is_down = query.order is SortOrder.DESC

    def turned(text: str) -> tuple[int, ...]:
        return (*(-ord(letter) for letter in text), 1) if is_down else tuple(map(ord, text))

    def key(view: LeadView) -> tuple[Any, ...]:
        sign = -1 if is_down else 1
        score, rank = view.readiness_score or 0, (view.priority_score or 8) * 128 - (view.readiness_score or 0)
        own: tuple[Any, ...]
        match query.sort:
            case LeadSort.PRIORITY_SCORE:
                own = (sign * rank, view.domain)
            case LeadSort.READINESS_SCORE:
                own = (sign * score, view.domain)
            case LeadSort.SEGMENT:
                own = (turned(view.segment or ""), rank, view.domain)
            case LeadSort.PROVIDER:
                own = (turned(view.provider or ""), rank, view.domain)
            case LeadSort.DOMAIN:
                own = (turned(view.domain),)
            case LeadSort.NAME:
                own = (turned(turkish_sort_key(view.canonical_name)), turned(view.domain))
            case LeadSort.SCANNED_AT:
                at = view.scanned_at
                own = (
                    at is None if not is_down else at is not None,
                    sign * (at.timestamp() if at else 0),
                    turned(view.domain),
                )
        if view.readiness_score is None and query.sort not in (LeadSort.DOMAIN, LeadSort.NAME, LeadSort.SCANNED_AT):
            own = (view.domain,)
        return (view.readiness_score is None, *own)

    return key


def drawn(random: Random) -> LeadQuery:
    """Draw a query."""

    def some(*words: Any) -> tuple[Any, ...]:
        return tuple(random.sample(words, random.randint(1, 2))) if random.randrange(5) == 0 else ()

    def maybe(value: Any, one_in: int = 6) -> Any:
        return value if random.randrange(one_in) == 0 else None

    return LeadQuery(
        segments=some("Migration", "Existing", "Cold", "Skip", "Nichts"),
        providers=some("M365", "Google", "Local", "Hosting", "Unknown"),
        referral_types=some("co-sell", "marketplace", "solution-provider"),
        priorities=some(1, 2, 3, 4, 5, 6, 7),
        priority_categories=some("P1", "P2", "P4", "P6"),
        d365_sync_statuses=some("not_synced", "queued", "synced"),
        m365_states=some("yes", "no", "unknown"),
        tenant_sizes=some("medium", "large"),
        min_score=maybe(random.randrange(60)),
        max_score=maybe(random.randrange(40, 100)),
        expires_from=maybe(TODAY),
        expires_to=maybe(TODAY + timedelta(days=random.choice((30, 90, 365)))),
        changed_since=maybe(COLLECTED_AT + timedelta(hours=random.randrange(400))),
        favorite_of=maybe("u1", 12),
        search=random.choice(
            ("", "", "", "sinar", "ILGAZ", "inci yapi", "şafak 3", "c", "bf", "100%_", "%", "firma0 ")
        ),
        include_unscored=random.randrange(3) == 0,
        sort=random.choice(list(LeadSort)),
        order=random.choice(list(SortOrder)),
        page_size=random.choice((3, 10, 50, 200)),
    )


async def test_random_queries_find_what_a_search_by_hand_finds(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(1)
    hits = 0
    for _ in range(400):
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


async def test_each_way_through_the_indexes_gives_the_same_page(looks: AsyncEngine) -> None:
    world = await everything(looks)
    random = Random(3)
    for _ in range(150):
        query = replace(drawn(random), search=random.choice(("firma", "ilgaz")), favorite_of=None)
        expected = [view.domain for view in by_hand(query, world)][2:12]
        for way, sizes in SIZES.items():
            assert sizes.paging(12, query.sort, has_search=True) is way
            async with UnitOfWork(looks) as unit:
                pages = Pages(unit.connection, query, filters_of(query), sizes)
                assert await pages.domains(Window(offset=2, limit=10)) == expected, (way, query)


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
                found = await pages.domains(Window(limit=7, is_backwards=True))
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
    }
    for _ in range(40):
        query = replace(drawn(random), with_facets=True)
        async with UnitOfWork(looks) as unit:
            page = await unit.leads.search(query)
        assert {facet.name for facet in page.facets} == set(own)
        for facet in page.facets:
            argument, field = own[facet.name]
            expected: dict[str, int] = {}
            others = dict.fromkeys((argument,), ())
            for view in by_hand(replace(query, **others), world):  # type: ignore[arg-type]  # each takes a tuple
                value = getattr(view, field)
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
    views = [view for view in (await everything(looks))[0] if view.readiness_score is not None]
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


async def test_a_cell_unpacks_to_the_values_that_it_was_made_from(looks: AsyncEngine) -> None:
    names = "segment, provider, priority_score, readiness_score, priority_category, m365_state, d365_sync_status"
    async with UnitOfWork(looks) as unit:
        rows = await fetch_rows(
            unit.connection, f"select cell, prio_rank, {names}, referral_types, tenant_size from leads"
        )
        ranks = await fetch_rows(unit.connection, f"select count(*) from leads where prio_rank <> {RANK}")
    assert ranks == [(0,)]
    for number, rank, *values, referrals, size in rows:
        cell = read_cell(number)
        assert [cell.segment, cell.provider, cell.priority, cell.score, cell.priority_category] == values[:5]
        assert (cell.m365_state, cell.d365_sync_status) == (values[5], values[6])
        assert (list(cell.referral_types), cell.tenant_size) == (referrals, size)
        assert (rank == 1253) is (cell.score is None)

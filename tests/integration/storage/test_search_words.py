"""Searches for one word by the words of names: what they find, how they keep up, and when they are not used."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from random import Random

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.names.company_name import NameSource
from hunter.core.new_company import NewCompany
from hunter.storage.check import differences
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.access_path import estimate
from hunter.storage.lead_index.filters import filters_of
from hunter.storage.lead_index.query import LeadQuery, LeadSort
from hunter.storage.lead_index.words import ngrams_of
from hunter.storage.tidy import Retention, tidy
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import MICROSOFT, intake, save, scan, strong_mail
from tests.support.builders import COLLECTED_AT
from tests.support.storage_database import StorageServer

ROOTS = ("Anadolu", "Bulut", "Çınar", "Dolunay", "Lotus", "Nadir", "Utku")
TRADES = ("Döküm", "Gıda", "Tekstil", "Tuğla", "Ve")
COMPANIES = 120


@pytest.fixture(scope="module")
def filled(server: StorageServer) -> Iterator[str]:
    """Companies whose domains are made of their names, of parts of them, or of something else."""
    with server.database() as url:
        asyncio.run(fill(url))
        yield url


async def fill(url: str) -> None:
    engine = open_engine(url)
    random = Random(3)
    for number in range(COMPANIES):
        root, other, trade = random.choice(ROOTS), random.choice(ROOTS), random.choice(TRADES)
        plain = filters_of(LeadQuery(search=f"{root}{trade}")).word or ""
        domain = (plain, plain[: random.randrange(3, 8)], "nadolut", f"{plain[2:]}lot")[number % 4]
        await intake(engine, NewCompany(domain=f"{domain}{number}.example", name=f"{root} {other} {trade}"))
    async with UnitOfWork(engine) as unit:
        domains = [row.domain for row in await unit.connection.exec_driver_sql("select domain from companies")]
    await save(engine, *(scan(domain, strong_mail()) for domain in domains if random.randrange(3)))
    await engine.dispose()


@pytest.fixture
async def looks(filled: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(filled, read_only=True)
    yield engine
    await engine.dispose()


async def all_texts(engine: AsyncEngine) -> dict[str, str]:
    async with UnitOfWork(engine) as unit:
        rows = await unit.connection.exec_driver_sql("select domain, search_text from leads")
        return {row.domain: row.search_text for row in rows}


def parts_of(texts: list[str]) -> list[str]:
    """Return every part of the texts of three to seven letters that is one word without a dot."""
    parts = {text[at : at + size] for text in texts for size in range(3, 8) for at in range(len(text) - size + 1)}
    return sorted(part for part in parts if not set(part) & set(". "))


async def test_every_part_of_every_text_has_a_word_or_a_piece_of_the_domain(looks: AsyncEngine) -> None:
    texts = await all_texts(looks)
    async with UnitOfWork(looks) as unit:
        rows = await unit.connection.exec_driver_sql(
            "select domain, lead_grams(search_text) as pieces, lead_tokens(search_text) as words from leads"
        )
        kept = {row.domain: (set(row.pieces), row.words) for row in rows}
    for domain, text in texts.items():
        pieces, words = kept[domain]
        for part in parts_of([text]):
            assert any(part in word for word in words) or pieces & set(ngrams_of(part)), (part, text)


@pytest.mark.parametrize("sort", [LeadSort.PRIORITY_SCORE, LeadSort.DOMAIN, LeadSort.SCANNED_AT])
async def test_a_search_by_words_finds_each_lead_once(looks: AsyncEngine, sort: LeadSort) -> None:
    texts = await all_texts(looks)
    by_words = 0
    random = Random(5)
    in_names = random.sample(parts_of([text.split(" ", 1)[1] for text in texts.values()]), 60)
    for part in (*in_names, *random.sample(parts_of(list(texts.values())), 60)):
        query = LeadQuery(search=part, include_unscored=True, page_size=200, sort=sort)
        async with UnitOfWork(looks) as unit:
            page = await unit.leads.search(query)
            sizes, _ = await estimate(unit.connection, filters_of(query))
        expected = sorted(domain for domain, text in texts.items() if part in text)
        assert sorted(lead.domain for lead in page.leads) == expected
        assert (page.total, page.total_is_exact) == (len(expected), True)
        by_words += sizes.is_by_words
    assert by_words >= len(in_names)


async def test_pages_by_words_follow_one_another(looks: AsyncEngine) -> None:
    async def domains(page: int, page_size: int) -> list[str]:
        query = LeadQuery(search="nad", include_unscored=True, page=page, page_size=page_size)
        async with UnitOfWork(looks) as unit:
            return [lead.domain for lead in (await unit.leads.search(query)).leads]

    whole = await domains(1, 200)
    assert len(whole) > 30
    assert [domain for page in range(1, 10) for domain in await domains(page, 25)] == whole


@pytest.mark.parametrize("search", ["example", "bulut.", "bulut lotus", "yoktur"])
async def test_what_stands_in_domains_alone_is_not_searched_by_words(looks: AsyncEngine, search: str) -> None:
    async with UnitOfWork(looks) as unit:
        sizes, filters = await estimate(unit.connection, filters_of(LeadQuery(search=search)))
    assert not sizes.is_by_words
    assert filters.words is None


async def test_words_keep_up_with_names_scores_and_erasure(engine: AsyncEngine, database: str) -> None:
    async def is_right() -> bool:
        async with UnitOfWork(engine) as unit:
            return not [one async for one in differences(unit.connection)]

    def words() -> list[tuple[str, int]]:
        with psycopg.connect(database) as connection:
            return connection.execute("select distinct word, id from lead_words order by 1").fetchall()

    await intake(engine, NewCompany(domain="a.example", name="Pınar Demir"), NewCompany(domain="b.example", name="Ay"))
    assert [word for word, _ in words()] == ["demir", "pinar"]
    await save(engine, scan("a.example", strong_mail(MICROSOFT)))
    assert [word for word, _ in words()] == ["demir", "m365", "pinar"]
    assert await is_right()
    await intake(engine, NewCompany(domain="a.example", name="Pınar Çelik", name_source=NameSource.PERSON))
    assert [word for word, _ in words()] == ["celik", "m365", "pinar"]
    assert await is_right()
    assert (await tidy(engine, Retention()))["search_words"] == 1
    assert await is_right()
    async with UnitOfWork(engine) as unit:
        await unit.companies.erase("a.example")
    assert words() == []
    with psycopg.connect(database) as connection:
        assert connection.execute("select word from search_words").fetchall() == []


async def test_words_wait_for_the_next_time_while_leads_are_written(engine: AsyncEngine) -> None:
    await intake(engine, NewCompany(domain="a.example", name="Pınar"))
    await intake(engine, NewCompany(domain="a.example", name="Meşe"))
    async with UnitOfWork(engine) as unit:
        await unit.companies.intake(NewCompany(domain="b.example", name="Pınar"))
        assert "search_words" not in await tidy(engine, Retention())
    async with UnitOfWork(engine) as unit:
        assert (await unit.leads.search(LeadQuery(search="pinar", include_unscored=True))).total == 1


@pytest.mark.parametrize("search", ["çekerpınar-ülen", "CEKERPINAR", "çekerpınar-ülen.example", "xn--ekerpnar"])
async def test_a_domain_in_turkish_letters_is_found_as_people_write_it(engine: AsyncEngine, search: str) -> None:
    await intake(engine, "xn--ekerpnar-len-jdb71ah1a.example", "baska.example")
    async with UnitOfWork(engine) as unit:
        page = await unit.leads.search(LeadQuery(search=search, include_unscored=True))
    assert [lead.canonical_name for lead in page.leads] == ["çekerpınar-ülen.example"]


async def test_the_check_names_a_word_that_is_not_kept(engine: AsyncEngine, database: str) -> None:
    await intake(engine, NewCompany(domain="a.example", name="Pınar Demir"))
    with psycopg.connect(database) as connection:
        connection.execute("delete from search_words where word = 'demir'")
    async with UnitOfWork(engine) as unit:
        found = [one async for one in differences(unit.connection)]
    assert [(one.table, one.domain, one.expected) for one in found] == [("lead_words", "a.example", "missing")]


async def test_a_later_scan_moves_the_words_to_its_rank(engine: AsyncEngine, database: str) -> None:
    await intake(engine, NewCompany(domain="a.example", name="Pınar"))
    await save(engine, scan("a.example", strong_mail(), at=COLLECTED_AT))
    with psycopg.connect(database) as connection:
        ranks = connection.execute(
            "select w.prio_rank, l.prio_rank from lead_words w join leads l using (domain) where word = 'pinar'"
        ).fetchall()
    assert ranks == [(ranks[0][1], ranks[0][1])]
    assert ranks[0][0] < 1253

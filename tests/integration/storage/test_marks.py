"""Exclusion marks: who sets them, what they leave behind, and names that nobody may bring again."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.company_marks import CompanyOrigin, ExclusionMark
from hunter.core.errors import InvalidInput, NotFound
from hunter.core.new_company import NewCompany
from hunter.storage.companies import IntakeResult
from hunter.storage.do_not_contact import DoNotContact, NameKeyChanged, no_name_key
from hunter.storage.erasure import Erased
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import scan

DOMAIN = "firma.example"
OTHER = "baska.example"
OWN, LEAVE, DEMO = ExclusionMark.OWN_CUSTOMER, ExclusionMark.DO_NOT_CONTACT, ExclusionMark.DEMO


def key() -> bytes:
    return b"k" * 32


def another_key() -> bytes:
    return b"o" * 32


def unit_on(engine: AsyncEngine, name_key: Callable[[], bytes] = key) -> UnitOfWork:
    return UnitOfWork(engine, name_key=name_key)


async def bring(engine: AsyncEngine, *domains: str, origin: CompanyOrigin = CompanyOrigin.LIST) -> IntakeResult:
    async with unit_on(engine) as unit:
        return await unit.companies.intake_many([NewCompany(domain=one, origin=origin) for one in domains])


async def mark(engine: AsyncEngine, **marks: bool) -> frozenset[ExclusionMark]:
    async with unit_on(engine) as unit:
        return await unit.companies.mark(DOMAIN, {ExclusionMark(word): is_set for word, is_set in marks.items()})


async def marks_of(engine: AsyncEngine, domain: str = DOMAIN) -> frozenset[ExclusionMark]:
    async with unit_on(engine) as unit:
        company = await unit.companies.find(domain)
    assert company is not None
    return company.marks


async def erase(engine: AsyncEngine, domain: str = DOMAIN) -> Erased:
    async with unit_on(engine) as unit:
        erased = await unit.companies.erase(domain)
    assert erased is not None
    return erased


async def test_marks_are_set_and_taken_away_one_by_one(engine: AsyncEngine) -> None:
    await bring(engine, DOMAIN, OTHER)
    assert await marks_of(engine) == set()
    assert await mark(engine, own_customer=True, demo=True) == {OWN, DEMO}
    assert await mark(engine, demo=False, do_not_contact=True) == {OWN, LEAVE}
    assert await marks_of(engine) == {OWN, LEAVE}
    assert await marks_of(engine, OTHER) == set()


async def test_a_list_sets_marks_and_takes_none_away(engine: AsyncEngine) -> None:
    async with unit_on(engine) as unit:
        await unit.companies.intake_many(
            [NewCompany(domain=DOMAIN, marks=frozenset((OWN,))), NewCompany(domain=DOMAIN, marks=frozenset((DEMO,)))]
        )
        await unit.companies.intake(NewCompany(domain=DOMAIN))
    assert await marks_of(engine) == {OWN, DEMO}


async def test_only_a_company_has_marks(engine: AsyncEngine) -> None:
    for marks in ({"own_customer": True}, {"do_not_contact": True, "demo": False}, {"do_not_contact": False}):
        with pytest.raises(NotFound):
            await mark(engine, **marks)


async def test_who_must_not_be_contacted_is_refused_at_every_door_but_a_scan(engine: AsyncEngine) -> None:
    await bring(engine, DOMAIN)
    await mark(engine, do_not_contact=True)
    for origin in (CompanyOrigin.LIST, CompanyOrigin.DOMAIN, CompanyOrigin.WEBHOOK, CompanyOrigin.PARTNER_CENTER):
        result = await bring(engine, DOMAIN, OTHER, origin=origin)
        assert (set(result.refused), set(result.ids)) == ({DOMAIN}, {OTHER})
        with pytest.raises(DoNotContact):
            async with unit_on(engine) as unit:
                await unit.companies.intake(NewCompany(domain=DOMAIN, origin=origin))
    assert set((await bring(engine, DOMAIN, origin=CompanyOrigin.SCAN)).ids) == {DOMAIN}


async def test_an_erased_company_that_must_not_be_contacted_comes_back_by_no_door(
    engine: AsyncEngine, database: str
) -> None:
    await bring(engine, DOMAIN, OTHER)
    await mark(engine, do_not_contact=True)
    assert (await erase(engine)).is_name_refused
    for origin in CompanyOrigin:
        result = await bring(engine, DOMAIN, OTHER, origin=origin)
        assert (set(result.refused), set(result.ids)) == ({DOMAIN}, {OTHER})
    async with unit_on(engine) as unit:
        assert await unit.leads.save_many([scan(DOMAIN)]) == ()
    with psycopg.connect(database) as connection:
        kept = connection.execute("select count(*), min(length(name_hash)) from do_not_contact").fetchone()
        # One more than names: the hash by which the key is known.
        assert connection.execute("select domain from companies").fetchall() == [(OTHER,)]
    assert kept == (2, 32)


async def test_a_list_that_comes_while_the_company_is_erased_is_refused(engine: AsyncEngine) -> None:
    await bring(engine, DOMAIN, OTHER)
    async with unit_on(engine) as unit:
        await unit.companies.mark(DOMAIN, {LEAVE: True})
        await unit.companies.erase(DOMAIN)
        coming = asyncio.create_task(bring(engine, OTHER, DOMAIN))
        waiting = "select count(*) from pg_locks where not granted"
        while (await unit.connection.exec_driver_sql(waiting)).scalar_one() == 0:
            assert not coming.done()
            await asyncio.sleep(0)
    result = await coming
    assert (set(result.refused), set(result.ids)) == ({DOMAIN}, {OTHER})


async def test_an_erased_company_without_the_mark_may_come_back(engine: AsyncEngine) -> None:
    await bring(engine, DOMAIN)
    await mark(engine, own_customer=True)
    assert not (await erase(engine)).is_name_refused
    assert set((await bring(engine, DOMAIN)).ids) == {DOMAIN}
    assert await marks_of(engine) == set()


async def test_a_person_lets_a_name_in_again(engine: AsyncEngine) -> None:
    await bring(engine, DOMAIN)
    await mark(engine, do_not_contact=True)
    await erase(engine)
    assert await mark(engine, do_not_contact=False) == set()
    assert set((await bring(engine, DOMAIN)).ids) == {DOMAIN}


async def test_a_name_that_is_no_company_can_be_refused(engine: AsyncEngine) -> None:
    assert await mark(engine, do_not_contact=True) == {LEAVE}
    assert (await bring(engine, DOMAIN)).refused == {DOMAIN}


async def test_under_another_key_nobody_is_taken_in_and_no_name_added(engine: AsyncEngine) -> None:
    await mark(engine, do_not_contact=True)
    async with unit_on(engine, another_key) as unit:
        with pytest.raises(NameKeyChanged):
            await unit.companies.intake(NewCompany(domain=OTHER, origin=CompanyOrigin.SCAN))
        with pytest.raises(NameKeyChanged):
            await unit.companies.mark(OTHER, {LEAVE: True})
        with pytest.raises(NameKeyChanged):
            await unit.companies.mark(OTHER, {LEAVE: False})
    assert await mark(engine, do_not_contact=False) == set()


async def test_the_key_is_asked_for_only_where_a_name_is_refused(engine: AsyncEngine) -> None:
    async with unit_on(engine, no_name_key) as unit:
        await unit.companies.intake(NewCompany(domain=DOMAIN))
        await unit.companies.mark(DOMAIN, {LEAVE: True})
    with pytest.raises(InvalidInput, match="HUNTER_SECRET_KEY"):
        async with unit_on(engine, no_name_key) as unit:
            await unit.companies.erase(DOMAIN)
    assert await marks_of(engine) == {LEAVE}, "nothing is erased where its name cannot be refused"

"""Lists: which row of which list named a company, and what a list says of it besides its name."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.company_marks import CompanyOrigin
from hunter.core.errors import InvalidInput
from hunter.core.new_company import NewCompany
from hunter.storage.companies import StoredCompany
from hunter.storage.tidy import Retention, tidy
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import MICROSOFT, save, scan
from tests.support.builders import mail_evidence

DOMAIN = "firma.example"
OTHER = "baska.example"


async def open_list(engine: AsyncEngine, name: str) -> int:
    async with UnitOfWork(engine) as unit:
        return await unit.lists.open_list(name)


async def bring(engine: AsyncEngine, *companies: NewCompany) -> None:
    async with UnitOfWork(engine) as unit:
        await unit.companies.intake_many(companies)


async def rows_of(engine: AsyncEngine, domain: str = DOMAIN) -> list[tuple[str, int | None]]:
    async with UnitOfWork(engine) as unit:
        return [(one.name, one.row_number) for one in await unit.lists.of_company(domain)]


async def found(engine: AsyncEngine) -> StoredCompany:
    async with UnitOfWork(engine) as unit:
        company = await unit.companies.find(DOMAIN)
    assert company is not None
    return company


async def test_a_company_keeps_the_first_row_of_each_list(engine: AsyncEngine) -> None:
    first, second = await open_list(engine, "ostim.xlsx"), await open_list(engine, "fuar.csv")
    await bring(
        engine,
        NewCompany(domain=DOMAIN, list_id=first, row_number=7),
        NewCompany(domain=OTHER, list_id=first, row_number=8),
        NewCompany(domain=DOMAIN, list_id=first, row_number=9),
    )
    await bring(engine, NewCompany(domain=DOMAIN, list_id=second, row_number=2))
    await bring(engine, NewCompany(domain=DOMAIN, list_id=first, row_number=3), NewCompany(domain=OTHER))
    assert await rows_of(engine) == [("fuar.csv", 2), ("ostim.xlsx", 7)]
    assert await rows_of(engine, OTHER) == [("ostim.xlsx", 8)]


async def test_a_list_brought_again_is_the_same_list(engine: AsyncEngine) -> None:
    first = await open_list(engine, "ostim.xlsx")
    async with UnitOfWork(engine) as unit:
        await unit.lists.close_list(first, row_count=120)
    assert await open_list(engine, "  ostim.xlsx\n") == first
    assert await open_list(engine, "Ostim.xlsx") != first
    with pytest.raises(InvalidInput):
        await open_list(engine, " \n")


async def test_lists_outlive_the_raw_rows_and_go_with_the_company(engine: AsyncEngine) -> None:
    name = await open_list(engine, "ostim.xlsx")
    await bring(engine, NewCompany(domain=DOMAIN, list_id=name, row_number=7))
    async with UnitOfWork(engine) as unit:
        await unit.connection.exec_driver_sql("update company_lists set added_at = added_at - interval '3 years'")
    await tidy(engine, Retention(raw_leads_days=1, history_days=1))
    assert await rows_of(engine) == [("ostim.xlsx", 7)]
    async with UnitOfWork(engine) as unit:
        erased = await unit.companies.erase(DOMAIN)
    assert erased is not None
    assert dict(erased.counts)["company_lists"] == 1
    assert await rows_of(engine) == []


async def test_the_first_door_is_kept(engine: AsyncEngine) -> None:
    await bring(engine, NewCompany(domain=DOMAIN, origin=CompanyOrigin.WEBHOOK))
    await bring(engine, NewCompany(domain=DOMAIN, origin=CompanyOrigin.LIST, name="Firma"))
    assert (await found(engine)).origin is CompanyOrigin.WEBHOOK


async def test_the_last_list_says_country_and_city_and_none_takes_them_away(engine: AsyncEngine) -> None:
    await bring(engine, NewCompany(domain=DOMAIN, country="TR", city=" Ankara "))
    await bring(engine, NewCompany(domain=DOMAIN, country="NL"), NewCompany(domain=DOMAIN, city=""))
    company = await found(engine)
    assert (company.country, company.city) == ("NL", "Ankara")


async def test_a_country_of_a_referral_stays(engine: AsyncEngine) -> None:
    await bring(engine, NewCompany(domain=DOMAIN, country="TR"))
    async with UnitOfWork(engine) as unit:
        await unit.connection.exec_driver_sql("update companies set country_source = 'referral'")
    await bring(engine, NewCompany(domain=DOMAIN, country="NL"))
    assert (await found(engine)).country == "TR"


async def test_employees_of_a_list_beat_the_mail_host_and_lose_to_a_person(engine: AsyncEngine) -> None:
    await bring(engine, NewCompany(domain=DOMAIN, seat_count=700, tenant_size="large"), NewCompany(domain=OTHER))
    await save(engine, scan(mail=mail_evidence(mx=MICROSOFT)))
    company = await found(engine)
    assert (company.tenant_size, company.seat_count, company.size_source) == ("large", 700, "import")
    async with UnitOfWork(engine) as unit:
        await unit.companies.confirm_size(DOMAIN, tenant_size=None, seat_count=40)
    await bring(engine, NewCompany(domain=DOMAIN, seat_count=60, tenant_size="medium"))
    assert (await found(engine)).size_source == "confirmed"
    async with UnitOfWork(engine) as unit:
        await unit.companies.confirm_size(DOMAIN, tenant_size=None, seat_count=None)
    company = await found(engine)
    assert (company.tenant_size, company.seat_count, company.size_source) == ("medium", 60, "import")


async def test_other_bands_of_the_rulebook_reach_a_list_that_is_brought_again(engine: AsyncEngine) -> None:
    for size in ("small", "medium"):
        await bring(engine, NewCompany(domain=DOMAIN, seat_count=60, tenant_size=size))
        assert (await found(engine)).tenant_size == size

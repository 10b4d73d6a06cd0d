"""Companies: intake and merging, sizes, contacts, erasure."""

import asyncio

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.errors import NotFound
from hunter.core.names.company_name import NameSource
from hunter.core.new_company import NewCompany
from hunter.storage.companies import IntakeResult, StoredCompany
from hunter.storage.raw_leads import RawLead
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, MICROSOFT, intake, save, scan
from tests.support.builders import UNKNOWN, mail_evidence

DOMAIN = "firma.example"


def named(name: str | None, source: NameSource = NameSource.LIST, country: str | None = None) -> NewCompany:
    return NewCompany(domain=DOMAIN, name=name, name_source=source, country=country)


async def found(engine: AsyncEngine, domain: str = DOMAIN) -> StoredCompany:
    async with UnitOfWork(engine) as unit:
        company = await unit.companies.find(domain)
    assert company is not None
    return company


async def test_a_company_without_a_name_is_called_by_its_domain(engine: AsyncEngine) -> None:
    await intake(engine, named("   "))
    assert (await found(engine)).canonical_name == DOMAIN


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (named("Çınar Döküm"), named(None), "Çınar Döküm"),
        (named("Çınar Döküm"), named("Çınar Döküm A.Ş."), "Çınar Döküm A.Ş."),
        (named("Çınar Döküm A.Ş."), named("ÇINAR DÖKÜM"), "Çınar Döküm A.Ş."),
        (named("Çınar Döküm"), named(DOMAIN), "Çınar Döküm"),
        (named("Çınar Döküm"), named("Ardıç Kimya"), "Ardıç Kimya"),
        (named("Çınar", NameSource.CRM), named("Ardıç Kimya"), "Çınar"),
        (named("Çınar Döküm", NameSource.CRM), named("Çınar", NameSource.PERSON), "Çınar"),
        (named(None), named("Ardıç Kimya"), "Ardıç Kimya"),
        (named("Çınar Döküm Sanayi A.Ş."), named("ÇINAR DÖKÜM San…"), "Çınar Döküm Sanayi A.Ş."),
        (named("Çınar Döküm Sanayi A.Ş."), named("Çınar Döküm..."), "Çınar Döküm Sanayi A.Ş."),
        (named("Çınar Döküm"), named("ÇINAR DÖKÜM"), "Çınar Döküm"),
        *((named("Çınar"), named(text), "Çınar") for text in ("nan", "-", "yok", f"www.{DOMAIN}", DOMAIN.upper())),
        (named("A\r\nB"), named(None), "A B"),
    ],
)
@pytest.mark.parametrize("is_one_batch", [False, True])
async def test_the_better_name_is_kept(
    engine: AsyncEngine, first: NewCompany, second: NewCompany, kept: str, is_one_batch: bool
) -> None:
    # What is kept must not hang on where a list is cut.
    for batch in ([first, second],) if is_one_batch else ([first], [second]):
        await intake(engine, *batch)
    assert (await found(engine)).canonical_name == kept


async def test_a_country_is_not_taken_away(engine: AsyncEngine) -> None:
    await intake(engine, named("A", country="TR"))
    await intake(engine, named("A"))
    assert (await found(engine)).country == "TR"


async def test_intake_gives_the_same_id_again(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        first = await unit.companies.intake(named("A"))
    async with UnitOfWork(engine) as unit:
        assert await unit.companies.intake_many([named("B"), named("C")]) == IntakeResult(
            {DOMAIN: first}, refused=frozenset()
        )


async def test_a_race_on_the_same_new_domains_ends_with_one_company_each(engine: AsyncEngine) -> None:
    domains = [f"firma{number}.example" for number in range(50)]
    turned = [domains, domains[::-1], domains[25:] + domains[:25], domains]
    await asyncio.gather(*(intake(engine, *order) for order in turned))
    async with UnitOfWork(engine) as unit:
        assert await unit.companies.find_known([*domains, "fremd.example"]) == set(domains)
        page = await unit.connection.exec_driver_sql("select count(*), count(distinct domain) from companies")
        assert tuple(page.one()) == (50, 50)


async def test_nul_and_half_characters_in_a_name_are_replaced(engine: AsyncEngine) -> None:
    await intake(engine, named("A\0B\ud800"))
    assert (await found(engine)).canonical_name == "A\ufffdB\ufffd"


async def test_a_confirmed_size_is_not_overwritten_by_a_scan(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=mail_evidence(mx=MICROSOFT)))
    assert ((await found(engine)).tenant_size, (await found(engine)).size_source) == ("medium", "mx_pattern")
    async with UnitOfWork(engine) as unit:
        await unit.companies.confirm_size(DOMAIN, tenant_size="small", seat_count=40)
    await save(engine, scan(mail=mail_evidence(mx=MICROSOFT)))
    company = await found(engine)
    assert (company.tenant_size, company.seat_count, company.size_source) == ("small", 40, "confirmed")


async def test_a_withdrawn_size_gives_way_to_the_next_best(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=mail_evidence(mx=MICROSOFT)))
    async with UnitOfWork(engine) as unit:
        await unit.companies.confirm_size(DOMAIN, tenant_size="large", seat_count=None)
        await unit.companies.confirm_size(DOMAIN, tenant_size=None, seat_count=None)
        lead = await unit.leads.get(DOMAIN)
    assert (lead.tenant_size, lead.seat_count, lead.size_source) == ("medium", None, "mx_pattern")


async def test_a_size_that_no_host_tells_is_taken_back_but_not_by_a_failed_look(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=mail_evidence(mx=GOOGLE)))
    await save(engine, scan(mail=mail_evidence(mx=UNKNOWN)))
    assert (await found(engine)).tenant_size == "medium"
    await save(engine, scan(mail=mail_evidence()))
    assert ((await found(engine)).tenant_size, (await found(engine)).size_source) == (None, None)


async def test_the_size_of_a_stranger_is_not_found(engine: AsyncEngine) -> None:
    with pytest.raises(NotFound):
        async with UnitOfWork(engine) as unit:
            await unit.companies.confirm_size(DOMAIN, tenant_size="small", seat_count=None)


async def test_contacts_stand_in_the_lead(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    async with UnitOfWork(engine) as unit:
        emails = ["ayse.demir@firma.example", "bilgi@firma.example"]
        await unit.companies.save_contacts(
            DOMAIN, emails=emails, quality_score=60, linkedin_pattern="firstname.lastname"
        )
        lead = await unit.leads.find(DOMAIN)
    assert lead is not None
    assert (lead.contact_emails, lead.contact_quality_score) == (tuple(emails), 60)


async def test_erasure_leaves_nothing_that_names_the_domain(engine: AsyncEngine, database: str) -> None:
    await intake(engine, DOMAIN, "bleibt.example")
    await save(engine, scan(mail=mail_evidence(mx=GOOGLE)))
    await save(engine, scan(mail=mail_evidence(mx=MICROSOFT)), scan("bleibt.example"))
    async with UnitOfWork(engine) as unit:
        await unit.raw_leads.add_many([RawLead(source="csv", domain=DOMAIN, company_name="Firma")])
        key, _ = await unit.access.create("Form")
        await unit.connection.exec_driver_sql(
            "insert into partner_center_referrals (referral_id, domain) values ('r1', 'firma.example')"
        )
        await unit.connection.exec_driver_sql(
            "insert into webhook_retries (api_key_id, payload, domain, status) values (%(id)s, '{}', 'firma.example', "
            "'failed')",
            {"id": key.id},
        )
    async with UnitOfWork(engine) as unit:
        erased = await unit.companies.erase(DOMAIN)
    assert erased is not None
    assert erased.had_referrals
    assert dict(erased.counts)["evidence"] == 2
    with psycopg.connect(database) as connection:
        # The words of its name and domain, too, but for those that another has.
        words = connection.execute("select word from search_words order by 1").fetchall()
        assert words == connection.execute("select distinct word from lead_words order by 1").fetchall()
        tables = connection.execute(
            "select c.table_name from information_schema.columns c join information_schema.tables t using (table_name) "
            "where c.column_name = 'domain' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'"
        ).fetchall()
        assert len(tables) > 15
        left = {
            table: connection.execute(
                f"select count(*) from {table} where domain = 'firma.example'".encode()
            ).fetchone()
            for (table,) in tables
        }
        counted = connection.execute("select sum(leads) from lead_facets").fetchone()
    assert set(left.values()) == {(0,)}
    assert counted == (1,)


async def test_a_stranger_cannot_be_erased(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        assert await unit.companies.erase(DOMAIN) is None

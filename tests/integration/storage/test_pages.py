"""Page by page nothing is lost and nothing comes twice, also where hundreds of leads have no score yet."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.names.company_name import NameSource
from hunter.core.new_company import NewCompany
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.query import LeadQuery, LeadSort, SortOrder
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, save, scan
from tests.support.builders import mail_evidence
from tests.support.storage_database import StorageServer

DOMAINS = [f"firma{number:03}.example" for number in range(260)]
SCORED = DOMAINS[:30]
SIZES = ("small", "medium", "large")
#: As long as a name may be, in letters that are longest in a cursor.
LONGEST = "Ğ" * 250


@pytest.fixture(scope="module")
def filled(server: StorageServer) -> Iterator[str]:
    """A database of many leads that nobody has scanned."""
    with server.database() as url:
        asyncio.run(fill(url))
        yield url


async def fill(url: str) -> None:
    engine = open_engine(url)
    async with UnitOfWork(engine) as unit:
        companies = [
            NewCompany(domain=domain, name=f"{LONGEST}{number:03}", name_source=NameSource.LIST)
            for number, domain in enumerate(DOMAINS)
        ]
        await unit.companies.intake_many(companies)
        # Sizes make cells of their own, so that pages are walked to and not merged.
        for number, domain in enumerate(DOMAINS[len(SCORED) :]):
            await unit.companies.confirm_size(domain, tenant_size=SIZES[number % 3], seat_count=None)
    await save(engine, *(scan(domain, mail_evidence(mx=GOOGLE)) for domain in SCORED))
    await engine.dispose()


@pytest.fixture
async def looks(filled: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(filled, read_only=True)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("sort", LeadSort)
@pytest.mark.parametrize("order", SortOrder)
async def test_pages_by_number_hold_every_lead_once(looks: AsyncEngine, sort: LeadSort, order: SortOrder) -> None:
    found: list[str] = []
    for page in range(1, 22):
        query = LeadQuery(include_unscored=True, sort=sort, order=order, page=page, page_size=13)
        async with UnitOfWork(looks) as unit:
            found += [lead.domain for lead in (await unit.leads.search(query)).leads]
    assert sorted(found) == DOMAINS
    assert set(found[: len(SCORED)]) == set(SCORED)

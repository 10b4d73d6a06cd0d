"""Which statements of a look at the list are planned once for all values, and which anew for those at hand."""

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.statements import fetch_rows
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import intake, save, scan, strong_mail

#: As many as the server thinks that an array has whose length it does not know.
DOMAINS = tuple(f"firma{number}.example" for number in range(12))
#: The driver keeps a statement after five uses, the server its plan after five more.
USES = 12


async def kept_plans(reads: AsyncEngine, query: LeadQuery) -> list[str]:
    """Look often, one after the other and so by one connection; return what was planned for any values."""
    for _ in range(USES):
        async with UnitOfWork(reads) as unit:
            assert (await unit.leads.search(query)).total == len(DOMAINS)
    async with UnitOfWork(reads) as unit:
        kept = await fetch_rows(unit.connection, "select statement from pg_prepared_statements where generic_plans > 0")
    return [" ".join(statement.split()) for (statement,) in kept]


async def fill(engine: AsyncEngine) -> None:
    await intake(engine, *DOMAINS)
    await save(engine, *(scan(domain, strong_mail()) for domain in DOMAINS))


async def test_a_page_is_fetched_and_counted_by_plans_that_are_kept(engine: AsyncEngine, reads: AsyncEngine) -> None:
    await fill(engine)
    kept = await kept_plans(reads, LeadQuery(with_facets=True))
    assert {"select l.id as com", "with c as material"} <= {statement[:18] for statement in kept}


async def test_a_search_is_planned_for_its_own_words(engine: AsyncEngine, reads: AsyncEngine) -> None:
    await fill(engine)
    kept = await kept_plans(reads, LeadQuery(search="firma"))
    assert [statement[:18] for statement in kept] == ["select l.id as com"]

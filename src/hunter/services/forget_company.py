"""Forget a company (KVKK): the company and all that hangs on it, in one transaction. The log keeps a hash."""

from hunter.observability.logs import logger_of
from hunter.services.application import Application
from hunter.storage.erasure import Erased
from hunter.storage.leads import NotIngested


async def forget_company(hunter: Application, domain: str) -> Erased:
    """Erase a company; raises `NotIngested` for one that is not there."""
    async with hunter.writes() as unit:
        erased = await unit.companies.erase(domain)
    # Also of a company that is not there: a look may have left answers before it was handed in.
    await hunter.forget_answers(domain)
    if erased is None:
        raise NotIngested("the company is not ingested")
    logger_of("companies").info("company_forgotten", domain_reference=domain, rows=sum(dict(erased.counts).values()))
    return erased

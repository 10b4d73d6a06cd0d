"""Confirm how big a company is: what a salesperson knows beats every estimate, and no scan overwrites it."""

from hunter.services.application import Application
from hunter.storage.lead_index.view import LeadView
from hunter.storage.leads import NotIngested


async def confirm_size(
    hunter: Application, domain: str, *, tenant_size: str | None, seat_count: int | None
) -> LeadView:
    """Keep a size or a number of seats, which sets the size by the rulebook; both None withdraws what was confirmed.

    Raises `NotIngested` for an unknown company.
    """
    if seat_count is not None:
        tenant_size = hunter.rulebook.rules.sizes.size_of(seat_count)
    async with hunter.writes() as unit:
        await unit.companies.confirm_size(domain, tenant_size=tenant_size, seat_count=seat_count)
        lead = await unit.leads.find(domain)
    if lead is None:
        raise NotIngested(f"{domain} was not handed in")
    return lead

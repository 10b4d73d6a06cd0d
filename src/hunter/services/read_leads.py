"""Read leads: one, a page of them, and what hangs on one. Every read has the short time-out of the reading engine."""

from dataclasses import dataclass

from hunter.services.application import Application
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.view import LeadPage, LeadTotals, LeadView
from hunter.storage.leads import Note, NotIngested, Tag


async def list_leads(hunter: Application, query: LeadQuery) -> LeadPage:
    """Return one page; raises `PageTooDeep` and `BadCursor`."""
    async with hunter.reads() as unit:
        return await unit.leads.search(query)


async def get_lead(hunter: Application, domain: str) -> LeadView:
    """Return one lead; raises `NotFound` with a code that tells "not ingested" from "not scanned"."""
    async with hunter.reads() as unit:
        return await unit.leads.get(domain)


async def list_notes(hunter: Application, domain: str) -> tuple[Note, ...]:
    """Return the notes of a known company, newest first."""
    async with hunter.reads() as unit:
        if await unit.companies.find(domain) is None:
            raise NotIngested(f"{domain} is not ingested")
        return await unit.leads.list_notes(domain)


async def list_tags(hunter: Application, domain: str) -> tuple[Tag, ...]:
    """Return the tags of a known company, newest first."""
    async with hunter.reads() as unit:
        if await unit.companies.find(domain) is None:
            raise NotIngested(f"{domain} is not ingested")
        return await unit.leads.list_tags(domain)


async def read_totals(hunter: Application) -> LeadTotals:
    """Return the counts over all scored leads."""
    async with hunter.reads() as unit:
        return await unit.leads.totals(high_priority=hunter.rulebook.rules.priority.high_priority)


@dataclass(frozen=True, slots=True)
class D365Links:
    """How an address of a lead in Dynamics 365 is made; both come from settings."""

    base_url: str | None
    app_id: str | None

    def to(self, lead_id: str | None) -> str | None:
        """Return the address of a lead; None without its id or our base."""
        if not lead_id or not self.base_url:
            return None
        application = f"&appid={self.app_id}" if self.app_id else ""
        return f"{self.base_url.rstrip('/')}/main.aspx?pagetype=entityrecord&etn=lead&id={lead_id}{application}"

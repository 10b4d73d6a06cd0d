"""Leads are read: one, a page of them, what hangs on one, and how its score came about.

In: a query or a canonical domain. Out: shapes of storage; a score taken apart. Each read is one transaction with the
short time-out of the engine for reads.
"""

from dataclasses import dataclass

from hunter.core.assessment import assess
from hunter.core.evidence import AddressFacts
from hunter.core.judgement.facts import PROVIDERS
from hunter.core.provider.infrastructure import hosting_facts
from hunter.core.provider.providers import Provider
from hunter.core.rulebook import Rulebook
from hunter.sales.breakdown import ScoreBreakdown, breakdown
from hunter.services.d365_links import D365Links
from hunter.services.ports import Clock, OpenUnit
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.view import LeadPage, LeadTotals, LeadView
from hunter.storage.leads import Note, NotIngested, NotScanned, Tag
from hunter.storage.lists import ListMembership


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReading:
    """What reading leads needs."""

    reads: OpenUnit
    #: Units whose statements take as long as they take.
    exports: OpenUnit
    rulebook: Rulebook
    clock: Clock
    links: D365Links


@dataclass(frozen=True, slots=True)
class ListedLead:
    """A lead with the lists that named it, the last one first."""

    lead: LeadView
    lists: tuple[ListMembership, ...]


@dataclass(frozen=True, slots=True)
class ExplainedLead:
    """A lead with its score taken apart."""

    lead: LeadView
    #: None where there is no score because MX has never been known, and where its points are not known any more:
    #: it was given under another rulebook.
    parts: ScoreBreakdown | None
    #: What address files say of where the company's own servers stand; None where they say nothing.
    hosting: AddressFacts | None


async def read_page(reading: LeadReading, query: LeadQuery) -> LeadPage:
    """Return one page; raises `PageTooDeep` and `BadCursor`."""
    async with reading.reads() as unit:
        return await unit.leads.search(query)


async def read_lead(reading: LeadReading, domain: str) -> ListedLead:
    """Return one lead; raises `NotFound` with a code that tells "not ingested" from "not scanned"."""
    async with reading.reads() as unit:
        return ListedLead(await unit.leads.get(domain), await unit.lists.of_company(domain))


async def read_lead_notes(reading: LeadReading, domain: str) -> tuple[Note, ...]:
    """Return the notes of a known company, newest first."""
    async with reading.reads() as unit:
        if await unit.companies.find(domain) is None:
            raise NotIngested(f"{domain} is not ingested")
        return await unit.leads.list_notes(domain)


async def read_lead_tags(reading: LeadReading, domain: str) -> tuple[Tag, ...]:
    """Return the tags of a known company, newest first."""
    async with reading.reads() as unit:
        if await unit.companies.find(domain) is None:
            raise NotIngested(f"{domain} is not ingested")
        return await unit.leads.list_tags(domain)


async def read_totals(reading: LeadReading) -> LeadTotals:
    """Return the counts over all scored leads."""
    async with reading.reads() as unit:
        return await unit.leads.totals(high_priority=reading.rulebook.rules.priority.high_priority)


async def explain_score(reading: LeadReading, domain: str) -> ExplainedLead:
    """Judge the kept evidence once more, so that every figure is that of the score itself.

    Under other rules than those of the score there are no such figures: the lead is shown as it was judged then, and
    never new points beside an old score. Raises `NotFound` for a company that is unknown or was never scanned.
    """
    async with reading.reads() as unit:
        lead = await unit.leads.get(domain)
        evidence = await unit.leads.find_judged_evidence(domain)
    if evidence is None:
        raise NotScanned(f"{domain} has no kept evidence")
    parts = breakdown(assess(evidence, reading.rulebook, reading.clock()), evidence)
    if parts is not None and not _explains(parts, lead):
        parts = None
    hosting = hosting_facts(evidence.network, PROVIDERS.get(lead.provider or "", Provider.UNKNOWN), lead.gateway)
    return ExplainedLead(lead, parts, hosting.facts if hosting is not None else None)


def _explains(parts: ScoreBreakdown, lead: LeadView) -> bool:
    """Say whether the points are those of the stored score: the same rules, and the same total.

    Rules of an operator's own may change without their version, so the version alone is not enough.
    """
    return (parts.rulebook_version, parts.total_score) == (lead.rulebook_version, lead.readiness_score)

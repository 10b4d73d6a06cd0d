"""Leads are read: one, a page of them, what hangs on one, and how its score came about.

In: a query or a canonical domain. Out: shapes of storage; a score taken apart. Each read is one transaction with the
short time-out of the engine for reads.
"""

from dataclasses import dataclass

from hunter.core.assessment import assess
from hunter.core.evidence import AddressFacts
from hunter.core.infrastructure import hosting_facts
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
    #: None where there is no score because MX has never been known.
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
        return await unit.leads.totals()


async def explain_score(reading: LeadReading, domain: str) -> ExplainedLead:
    """Judge the kept evidence once more, so that every figure is that of the score itself.

    Raises `NotFound` for a company that is unknown or was never scanned.
    """
    async with reading.reads() as unit:
        lead = await unit.leads.get(domain)
        evidence = await unit.leads.find_judged_evidence(domain)
    if evidence is None:
        raise NotScanned(f"{domain} has no kept evidence")
    assessment = assess(evidence, reading.rulebook, reading.clock())
    classification = assessment.classification
    hosting = hosting_facts(evidence.network, classification.provider, classification.gateway)
    return ExplainedLead(lead, breakdown(assessment, evidence), hosting.facts if hosting is not None else None)

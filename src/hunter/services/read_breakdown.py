"""Read how a score came about: the kept evidence is judged once more, so every figure is that of the score itself."""

from dataclasses import dataclass

from hunter.core.assessment import assess
from hunter.core.evidence import AddressFacts
from hunter.core.infrastructure import hosting_facts
from hunter.sales.breakdown import ScoreBreakdown, breakdown
from hunter.services.application import Application
from hunter.storage.lead_index.view import LeadView
from hunter.storage.leads import NotScanned


@dataclass(frozen=True, slots=True)
class ExplainedLead:
    """A lead with its score taken apart."""

    lead: LeadView
    #: None where there is no score because MX has never been known.
    parts: ScoreBreakdown | None
    #: What address files say of where the company's own servers stand; None where they say nothing.
    hosting: AddressFacts | None


async def read_breakdown(hunter: Application, domain: str) -> ExplainedLead:
    """Explain a lead's score; raises `NotFound` for a company that is unknown or was never scanned."""
    async with hunter.reads() as unit:
        lead = await unit.leads.get(domain)
        evidence = await unit.leads.find_judged_evidence(domain)
    if evidence is None:
        raise NotScanned(f"{domain} has no kept evidence")
    assessment = assess(evidence, hunter.rulebook, hunter.today())
    classification = assessment.classification
    hosting = hosting_facts(evidence.network, classification.provider, classification.gateway)
    return ExplainedLead(lead, breakdown(assessment, evidence), hosting.facts if hosting is not None else None)

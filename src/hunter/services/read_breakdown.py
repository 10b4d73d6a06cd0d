"""Read how a score came about: the kept evidence is judged once more, so every figure is that of the score itself."""

from dataclasses import dataclass

from hunter.core.assessment import Assessment, assess
from hunter.core.evidence import AddressFacts
from hunter.core.infrastructure import hosting_facts
from hunter.sales.breakdown import ScoreBreakdown, breakdown
from hunter.services.application import Application
from hunter.storage.lead_view import LeadView
from hunter.storage.leads import NotScanned


def _gives(assessment: Assessment, points: int | None) -> bool:
    return (assessment.score.points if assessment.score is not None else None) == points


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
        kept = await unit.leads.list_evidence(domain)
    if not kept:
        raise NotScanned(f"{domain} has no kept evidence")
    judged = [(evidence, assess(evidence, hunter.rulebook, hunter.today())) for evidence in kept]
    # A look that failed leaves the score of the one before.
    evidence, assessment = next((pair for pair in judged if _gives(pair[1], lead.readiness_score)), judged[0])
    classification = assessment.classification
    hosting = hosting_facts(evidence.network, classification.provider, classification.gateway)
    return ExplainedLead(lead, breakdown(assessment, evidence), hosting.facts if hosting is not None else None)

"""Read how a score came about: the kept evidence is judged once more, so every figure is that of the score itself.

Under other rules than those of the score there are no such figures: the lead is shown as it was judged then, with the
version of those rules, and never new points beside an old score.
"""

from dataclasses import dataclass

from hunter.core.assessment import assess
from hunter.core.evidence import AddressFacts
from hunter.core.facts import PROVIDERS
from hunter.core.infrastructure import hosting_facts
from hunter.core.providers import Provider
from hunter.sales.breakdown import ScoreBreakdown, breakdown
from hunter.services.application import Application
from hunter.storage.lead_index.view import LeadView
from hunter.storage.leads import NotScanned


@dataclass(frozen=True, slots=True)
class ExplainedLead:
    """A lead with its score taken apart."""

    lead: LeadView
    #: None where there is no score because MX has never been known, and where its points are not known any more:
    #: it was given under another rulebook.
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
    parts = breakdown(assess(evidence, hunter.rulebook, hunter.today()), evidence)
    if parts is not None and not _explains(parts, lead):
        parts = None
    hosting = hosting_facts(evidence.network, PROVIDERS.get(lead.provider or "", Provider.UNKNOWN), lead.gateway)
    return ExplainedLead(lead, parts, hosting.facts if hosting is not None else None)


def _explains(parts: ScoreBreakdown, lead: LeadView) -> bool:
    """Say whether the points are those of the stored score: the same rules, and the same total.

    Rules of an operator's own may change without their version, so the version alone is not enough.
    """
    return (parts.rulebook_version, parts.total_score) == (lead.rulebook_version, lead.readiness_score)

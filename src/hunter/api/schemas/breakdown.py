"""How a score came about (engine specification 4.7). Points sum to the total, which is the score of the lead."""

from typing import Any, Final

from pydantic import ConfigDict

from hunter.api.schemas.shapes import ResponseModel
from hunter.sales.breakdown import ScoreBreakdown
from hunter.services.leads import ExplainedLead
from hunter.storage.lead_index.view import LeadView

_EXAMPLE: Final[dict[str, Any]] = {
    "domain": "ornek-gida.example",
    "base_score": 0,
    "provider": {"name": "Google", "points": 50},
    "signal_points": {"spf": 10, "dkim": 10, "dmarc_none": 0},
    "risk_points": {"dmarc_none": -10},
    "clamping_points": 0,
    "total_score": 60,
    "hard_fail": None,
    "is_complete": True,
    "signals_unknown": [],
    "tenant_size": "medium",
    "local_provider": None,
    "dmarc_coverage": 100,
    "dmarc_policy": "none",
    "ip_enrichment": None,
    "technical_heat": "Warm",
    "commercial_segment": "COMPETITIVE",
    "commercial_heat": "HIGH",
    "priority_category": "P2",
    "priority_label": "Competitive",
    "referral_type": None,
    "link_status": "none",
    "referral_id": None,
    "referral_count": 0,
    "referral_types": [],
    "referral_ids": [],
    "rulebook_version": "1.0",
}


class ProviderPoints(ResponseModel):
    """Points for the provider."""

    name: str | None
    points: int


class Breakdown(ResponseModel):
    """A score with its components."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    domain: str
    base_score: int
    provider: ProviderPoints
    signal_points: dict[str, int]
    """Points by signal; only rules that matched."""
    risk_points: dict[str, int]
    """Points by risk; only rules that matched."""
    clamping_points: int
    """Correction that keeps the sum between 0 and 100."""
    total_score: int | None
    """The score of the lead; null until MX was read once."""
    hard_fail: str | None
    """`mx_missing` or `invalid_domain`: no score is computed and all points are empty."""
    is_complete: bool
    """False if a signal could not be read, or if the points of an older score are no longer stored."""
    signals_unknown: list[str]
    tenant_size: str | None
    local_provider: str | None
    dmarc_coverage: int | None
    dmarc_policy: str | None
    ip_enrichment: dict[str, Any] | None
    technical_heat: str | None
    commercial_segment: str | None
    commercial_heat: str | None
    priority_category: str | None
    priority_label: str | None
    referral_type: str | None
    link_status: str
    referral_id: str | None
    referral_count: int
    referral_types: list[str]
    referral_ids: list[str]
    rulebook_version: str | None


def breakdown_of(explained: ExplainedLead) -> Breakdown:
    """Write an explained lead; points of another score than the stored one are never shown."""
    lead, parts = explained.lead, explained.parts
    points = _points(parts) if parts is not None else _no_points(lead)
    return Breakdown(**points, **_of_lead(lead), ip_enrichment=_hosting(explained))


def _points(parts: ScoreBreakdown) -> dict[str, Any]:
    return {
        "base_score": parts.base_score,
        "provider": {"name": parts.provider, "points": parts.provider_points},
        "signal_points": dict(parts.signal_points),
        "risk_points": dict(parts.risk_points),
        "clamping_points": parts.clamping_points,
        "hard_fail": parts.hard_fail,
        "is_complete": parts.is_complete,
        "signals_unknown": list(parts.signals_unknown),
    }


def _no_points(lead: LeadView) -> dict[str, Any]:
    """There is no score, or its points are not known any more: it was given under other rules."""
    return {
        "base_score": 0,
        "provider": {"name": lead.provider, "points": 0},
        "signal_points": {},
        "risk_points": {},
        "clamping_points": 0,
        "hard_fail": None,
        "is_complete": False,
        "signals_unknown": list(lead.signals_unknown),
    }


def _hosting(explained: ExplainedLead) -> dict[str, Any] | None:
    facts = explained.hosting
    if facts is None:
        return None
    return {name: getattr(facts, name) for name in ("country", "city", "isp", "is_proxy", "proxy_type")}


#: Fields that are the lead's own.
_SAME: Final = (
    "domain",
    "tenant_size",
    "local_provider",
    "dmarc_coverage",
    "dmarc_policy",
    "technical_heat",
    "commercial_segment",
    "commercial_heat",
    "priority_category",
    "priority_label",
    "referral_type",
    "link_status",
    "referral_id",
    "referral_count",
    "referral_types",
    "referral_ids",
    "rulebook_version",
)


def _of_lead(lead: LeadView) -> dict[str, Any]:
    same = {name: getattr(lead, name) for name in _SAME}
    return {**same, "total_score": lead.readiness_score}

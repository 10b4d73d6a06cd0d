"""Scans on the wire (engine specification 6.1, 6.3)."""

from typing import Any, Final

from pydantic import ConfigDict

from hunter.api.schemas.leads import M365, lead_fields
from hunter.api.schemas.shapes import DomainText, RequestModel, ResponseModel
from hunter.services.d365_links import D365Links
from hunter.services.scan_domain import Scanned

_SCAN: Final[dict[str, Any]] = {
    "domain": "ornek-gida.example",
    "score": 70,
    "segment": "Migration",
    "reason": "Google Workspace kullanıyor. Score: 70, Provider: Google",
    "provider": "Google",
    "local_provider": None,
    "tenant_size": "medium",
    "mx_root": "google.com",
    "spf": True,
    "dkim": True,
    "dmarc_policy": "none",
    "dmarc_coverage": 100,
    "scan_status": "completed",
    "signals_unknown": [],
    "provider_confidence": "high",
    "gateway": None,
    "mail_service": None,
    "m365": {"state": "no", "confidence": "high", "reasons": []},
    "priority_score": 2,
    "scanned_at": "2026-03-02T09:30:00Z",
    "is_from_memory": False,
}


class ScanBody(RequestModel):
    """The company to scan."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"domain": "ornek-gida.example"}]})

    domain: DomainText


class ScanAnswer(ResponseModel):
    """Result of a scan; score, segment and priority are null until MX was read once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SCAN]})

    domain: str
    score: int | None
    segment: str | None
    reason: str | None
    provider: str | None
    local_provider: str | None
    tenant_size: str | None
    mx_root: str | None
    spf: bool | None
    dkim: bool | None
    dmarc_policy: str | None
    dmarc_coverage: int | None
    scan_status: str | None
    signals_unknown: list[str]
    provider_confidence: str | None
    gateway: str | None
    mail_service: str | None
    m365: M365 | None
    priority_score: int | None
    scanned_at: str | None
    is_from_memory: bool
    """Whether a recent scan was returned instead of a new one."""


class ChangeAnswer(ResponseModel):
    """One change since the previous scan."""

    kind: str
    """`spf_changed`, `provider_changed` ..."""
    old: str | None
    new: str | None


class RescanAnswer(ResponseModel):
    """Changes since the previous scan."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "success": True,
                    "changes_detected": True,
                    "signal_changes": 1,
                    "score_changes": 0,
                    "alerts_created": 0,
                    "changes": [{"kind": "spf_changed", "old": "false", "new": "true"}],
                    "result": _SCAN,
                    "error": None,
                }
            ]
        }
    )

    domain: str
    success: bool
    changes_detected: bool
    signal_changes: int
    score_changes: int
    alerts_created: int
    changes: list[ChangeAnswer]
    result: ScanAnswer | None
    error: str | None
    """Stable error code; null after a successful scan."""


def scan_answer(scanned: Scanned) -> ScanAnswer:
    """Write a scan: the lead as it stands after it."""
    lead = scanned.lead
    fields = {**lead_fields(lead, D365Links()), "signals_unknown": list(scanned.signals_unknown)}
    return ScanAnswer(
        score=lead.readiness_score,
        scanned_at=lead.scanned_at.isoformat() if lead.scanned_at else None,
        is_from_memory=scanned.is_from_memory,
        **{name: fields[name] for name in ScanAnswer.model_fields if name in fields and name != "scanned_at"},
    )

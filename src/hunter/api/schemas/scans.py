"""Scans on the wire (engine specification 6.1, 6.3)."""

from typing import Any, Final

from pydantic import ConfigDict

from hunter.api.schemas.leads import M365
from hunter.api.schemas.shapes import DomainText, RequestModel, ResponseModel
from hunter.core.lead_record import ProviderRecord
from hunter.services.scan.shapes import Scanned

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
    "cached": False,
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
    cached: bool
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
    """Write a scan: what stands of the company after it."""
    record = scanned.record
    if record is None:
        raise ValueError("a scan that is not stored is no answer")
    score, policies, hosts, provider = record.score, record.policies, record.mail_hosts, record.provider
    return ScanAnswer(
        domain=record.domain,
        score=score.points if score is not None else None,
        segment=score.segment if score is not None else None,
        reason=score.reason if score is not None else record.unscored_reason,
        provider=record.company.provider,
        local_provider=provider.local_provider,
        tenant_size=record.company.tenant_size,
        mx_root=hosts.mx_root,
        spf=policies.spf,
        dkim=policies.dkim,
        dmarc_policy=policies.dmarc_policy,
        dmarc_coverage=policies.dmarc_coverage,
        scan_status=record.scan_status,
        signals_unknown=list(scanned.assessment.signals_unknown),
        provider_confidence=provider.confidence,
        gateway=hosts.gateway,
        mail_service=provider.mail_service,
        m365=_m365(provider),
        priority_score=score.priority if score is not None else None,
        scanned_at=record.scanned_at.isoformat() if record.scanned_at is not None else None,
        cached=scanned.cached,
    )


def _m365(provider: ProviderRecord) -> M365 | None:
    if provider.m365_state is None:
        return None
    reasons = list(provider.m365_reasons or ())
    return M365(state=provider.m365_state, confidence=provider.m365_confidence, reasons=reasons)

"""One JSON object a line for programs: every field always there, unknown is null.

In: an assessment with its evidence and the reason in words. Out: a line of UTF-8 text. Built by hand, because this
runs once for each of a hundred thousand domains.
"""

import json
from collections.abc import Sequence
from typing import Any

from hunter.core.assessment import Assessment
from hunter.core.changes import Change
from hunter.core.evidence import (
    AddressFacts,
    Evidence,
    MailEvidence,
    MicrosoftEvidence,
    Realm,
    RegistrationEvidence,
    Tenant,
    autodiscover_of,
    whois_status_of,
)
from hunter.core.provider.classification import Classification
from hunter.core.provider.infrastructure import infrastructure_summary
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.core.surveyed import Timing

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


def json_line(
    assessment: Assessment,
    evidence: Evidence,
    *,
    text: str,
    reason: str,
    elapsed_seconds: float,
    timing: Timing,
    changes: Sequence[Change] = (),
    cached: bool = False,
) -> str:
    """Return one assessment as a line without its end; `text` is what was handed in."""
    mail, classification = evidence.mail, assessment.classification
    fields = {
        "domain": assessment.domain,
        "input": text,
        "scan_status": assessment.scan_status,
        **_classified(classification),
        "tenant_size": assessment.tenant_size.size if assessment.tenant_size else None,
        **_mail(mail),
        "mx_root": assessment.mx_root,
        **_registered(evidence.registration),
        "expires_in_days": assessment.expires_in_days,
        "tenant": _tenant(evidence.microsoft),
        "infrastructure_summary": infrastructure_summary(
            evidence.network, classification.provider, classification.gateway
        ),
        "infrastructure": {"mx": _place(evidence.network.mx), "web": _place(evidence.network.web)},
        "signals": {**_signals(mail), **_surroundings(evidence)},
        "signals_unknown": assessment.signals_unknown,
        **_judged(assessment),
        "reason": reason,
        "rulebook_version": assessment.rulebook_version,
        "elapsed_ms": round(elapsed_seconds * 1000),
        "scanned_at": evidence.collected_at.isoformat(),
        "cached": cached,
        "changes": [{"kind": one.kind, "old": one.old, "new": one.new} for one in changes],
        "timing_ms": {kind: _milliseconds(seconds) for kind, seconds in timing._asdict().items()},
    }
    line = _encode(fields)
    # JSON leaves C1 controls, direction marks and lone surrogates raw, and a terminal may obey them.
    return line if line.isprintable() else _encode_ascii(fields).replace("\x7f", "\\u007f")


def _classified(classification: Classification) -> dict[str, Any]:
    m365 = classification.m365
    return {
        "provider": classification.provider,
        "provider_reason": classification.reason,
        "mail_service": classification.mail_service,
        "provider_confidence": classification.confidence,
        "provider_evidence": [
            {"source": fact.source, "value": fact.value, "points_to": fact.points_to}
            for fact in classification.evidence
        ],
        "gateway": classification.gateway,
        "local_provider": classification.local_provider,
        "m365": {"state": m365.state, "confidence": m365.confidence, "reasons": m365.reasons},
    }


def _mail(mail: MailEvidence) -> dict[str, Any]:
    dmarc = mail.dmarc.value if isinstance(mail.dmarc, Found) else None
    return {
        "mx_records": _mx_records(mail),
        "spf": _flag(mail.spf),
        "dkim": _flag(mail.dkim),
        "dmarc_policy": dmarc.policy if dmarc else None,
        "dmarc_coverage": dmarc.coverage if dmarc else None,
        "dmarc_testing": dmarc.is_testing if dmarc else None,
        "dmarc_domain": dmarc.domain if dmarc else None,
    }


def _mx_records(mail: MailEvidence) -> list[str] | None:
    match mail.mx:
        case Found(hosts):
            return [mx.host for mx in hosts]
        case Absent():
            return []
        case Unknown():
            return None


def _judged(assessment: Assessment) -> dict[str, Any]:
    score, commercial = assessment.score, assessment.commercial
    return {
        "score": score.points if score else None,
        "score_complete": score.is_complete if score else None,
        "hard_fail": score.hard_fail if score else None,
        "segment": assessment.segment,
        "contributions": [{"code": one.code, "points": one.points, "signal": one.signal} for one in score.contributions]
        if score
        else [],
        "priority_score": assessment.priority,
        "technical_heat": commercial.technical_heat if commercial else None,
        "commercial_segment": commercial.commercial_segment if commercial else None,
        "commercial_heat": commercial.commercial_heat if commercial else None,
        "priority_category": commercial.priority_category if commercial else None,
        "priority_label": commercial.priority_label if commercial else None,
        "tags": assessment.tags,
    }


def _signals(mail: MailEvidence) -> dict[str, Any]:
    return {
        "mx": _signal(mail.mx),
        "spf": _signal(mail.spf),
        "dkim": _signal(mail.dkim),
        "dmarc": _signal(mail.dmarc),
        "autodiscover": _signal(autodiscover_of(mail)),
        "dkim_targets": _signal(mail.dkim_targets),
        "ns": _signal(mail.ns),
        "verifications": _signal(mail.verifications),
    }


def _registered(registration: RegistrationEvidence) -> dict[str, Any]:
    """Return the fields of the registry: null where it did not tell, an empty list where there is no such name."""
    registrar, expires_at = registration.registrar, registration.expires_at
    return {
        "registrar": registrar.value if isinstance(registrar, Found) else None,
        "expires_at": expires_at.value.isoformat() if isinstance(expires_at, Found) else None,
        "nameservers": _listed(registration.nameservers),
        "registration_statuses": _listed(registration.statuses),
        "whois_status": whois_status_of(registration),
    }


def _listed(signal: Signal[tuple[str, ...]]) -> Sequence[str] | None:
    if isinstance(signal, Found):
        return signal.value
    return [] if isinstance(signal, Absent) else None


def _tenant(microsoft: MicrosoftEvidence) -> dict[str, Any] | None:
    tenant, realm = microsoft.tenant, microsoft.realm
    if not isinstance(tenant, Found):
        return None
    return {**_fields(tenant.value), "realm": _fields(realm.value) if isinstance(realm, Found) else None}


def _place(facts: Signal[AddressFacts]) -> dict[str, Any] | None:
    return _fields(facts.value) if isinstance(facts, Found) else None


def _fields(shape: Tenant | Realm | AddressFacts) -> dict[str, Any]:
    return {name: getattr(shape, name) for name in shape.__slots__}


def _surroundings(evidence: Evidence) -> dict[str, Any]:
    registration, microsoft, network = evidence.registration, evidence.microsoft, evidence.network
    return {
        "registrar": _signal(registration.registrar),
        "expires_at": _signal(registration.expires_at),
        "nameservers": _signal(registration.nameservers),
        "statuses": _signal(registration.statuses),
        "tenant": _signal(microsoft.tenant),
        "realm": _signal(microsoft.realm),
        "mx_network": _signal(network.mx),
        "web_network": _signal(network.web),
    }


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _signal(signal: Signal[Any]) -> dict[str, Any]:
    if isinstance(signal, Found):
        return {"state": "found", "reason": None, "raw": signal.raw}
    state = "absent" if isinstance(signal, Absent) else "unknown"
    return {"state": state, "reason": signal.reason, "raw": signal.raw}


def _flag(signal: Signal[Any]) -> bool | None:
    """Return true, false or null for found, absent and unknown."""
    if isinstance(signal, Unknown):
        return None
    return isinstance(signal, Found)

"""Assessments as JSON values, version 4; names and words as on the wire where the wire has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from hunter.core.assessment import Assessment
from hunter.core.classification import Classification, M365Answer, ProviderFact
from hunter.core.commercial import (
    CommercialHeat,
    CommercialPosition,
    CommercialSegment,
    PriorityCategory,
    TechnicalHeat,
)
from hunter.core.expiry import EXPIRIES
from hunter.core.facts import PROVIDERS
from hunter.core.providers import Confidence, M365State
from hunter.core.scoring import Contribution, Score
from hunter.core.segmentation import SEGMENTS
from hunter.core.tenant_size import TenantSize

# Dictionaries are four times as fast as calling an enumeration with a value.
_CONFIDENCES: Final = {confidence.value: confidence for confidence in Confidence}
_STATES: Final = {state.value: state for state in M365State}


def write_assessment(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON values."""
    segment, size = assessment.segment, assessment.tenant_size
    return {
        "domain": assessment.domain,
        "as_of": assessment.as_of.isoformat(),
        "scan_status": assessment.scan_status,
        "classification": _write_classification(assessment.classification),
        "mx_root": assessment.mx_root,
        "tenant_size": None if size is None else _write_size(size),
        "score": None if assessment.score is None else _write_score(assessment.score),
        "segment": None if segment is None else segment.value,
        "segment_rule": assessment.segment_rule,
        "priority": assessment.priority,
        "commercial": None if assessment.commercial is None else _write_position(assessment.commercial),
        "expires_in_days": assessment.expires_in_days,
        "expiry": None if assessment.expiry is None else assessment.expiry.value,
        "tags": list(assessment.tags),
        "tags_undecided": list(assessment.tags_undecided),
        "tags_absent": list(assessment.tags_absent),
        "signals_unknown": list(assessment.signals_unknown),
        "reason_code": assessment.reason_code,
        "reason_params": [list(pair) for pair in assessment.reason_params],
        "rulebook_version": assessment.rulebook_version,
    }


def read_assessment(document: Mapping[str, Any]) -> Assessment:
    """Return the assessment that was written."""
    size, score, commercial = document["tenant_size"], document["score"], document["commercial"]
    segment = document["segment"]
    return Assessment(
        domain=document["domain"],
        as_of=datetime.fromisoformat(document["as_of"]),
        scan_status=document["scan_status"],
        classification=_read_classification(document["classification"]),
        mx_root=document["mx_root"],
        tenant_size=None if size is None else _read_size(size),
        score=None if score is None else _read_score(score),
        segment=None if segment is None else SEGMENTS[segment],
        segment_rule=document["segment_rule"],
        priority=document["priority"],
        commercial=None if commercial is None else _read_position(commercial),
        expires_in_days=document["expires_in_days"],
        expiry=None if document["expiry"] is None else EXPIRIES[document["expiry"]],
        tags=tuple(document["tags"]),
        tags_undecided=tuple(document["tags_undecided"]),
        tags_absent=tuple(document["tags_absent"]),
        signals_unknown=tuple(document["signals_unknown"]),
        reason_code=document["reason_code"],
        reason_params=tuple([(key, value) for key, value in document["reason_params"]]),
        rulebook_version=document["rulebook_version"],
    )


def with_expiry(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lift a document of version 1, which said nothing of the days that are left."""
    return {**document, "expires_in_days": None}


def with_undecided_tags(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lift a document of version 2, which said nothing of tags that may hold."""
    return {**document, "tags_undecided": []}


def with_absent_tags(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lift a document of version 3, which said nothing of tags that do not hold and of how near the end is."""
    return {**document, "tags_absent": [], "expiry": None}


def _write_classification(classification: Classification) -> dict[str, Any]:
    m365 = classification.m365
    return {
        "provider": classification.provider.value,
        "confidence": classification.confidence.value,
        "reason": classification.reason,
        # A fact may point to a provider as the enumeration has it; stored it is the bare word.
        "evidence": [[fact.source, fact.value, str(fact.points_to)] for fact in classification.evidence],
        "mail_service": classification.mail_service,
        "gateway": classification.gateway,
        "local_provider": classification.local_provider,
        "m365": {"state": m365.state.value, "confidence": m365.confidence.value, "reasons": list(m365.reasons)},
    }


def _read_classification(written: Mapping[str, Any]) -> Classification:
    m365 = written["m365"]
    return Classification(
        provider=PROVIDERS[written["provider"]],
        confidence=_CONFIDENCES[written["confidence"]],
        reason=written["reason"],
        evidence=tuple([ProviderFact(source, value, points_to) for source, value, points_to in written["evidence"]]),
        mail_service=written["mail_service"],
        gateway=written["gateway"],
        local_provider=written["local_provider"],
        m365=M365Answer(_STATES[m365["state"]], _CONFIDENCES[m365["confidence"]], tuple(m365["reasons"])),
    )


def _write_size(size: TenantSize) -> dict[str, Any]:
    return {
        "size": size.size,
        "source": size.source,
        "reason": size.reason,
        "seats_from": size.seats_from,
        "seats_to": size.seats_to,
    }


def _read_size(written: Mapping[str, Any]) -> TenantSize:
    return TenantSize(
        size=written["size"],
        source=written["source"],
        reason=written["reason"],
        seats_from=written["seats_from"],
        seats_to=written["seats_to"],
    )


def _write_score(score: Score) -> dict[str, Any]:
    return {
        "points": score.points,
        "contributions": [[line.code, line.points, line.signal] for line in score.contributions],
        "hard_fail": score.hard_fail,
        "is_complete": score.is_complete,
    }


def _read_score(written: Mapping[str, Any]) -> Score:
    return Score(
        written["points"],
        tuple([Contribution(code, points, signal) for code, points, signal in written["contributions"]]),
        written["hard_fail"],
        written["is_complete"],
    )


def _write_position(position: CommercialPosition) -> dict[str, str]:
    return {
        "technical_heat": position.technical_heat.value,
        "commercial_segment": position.commercial_segment.value,
        "commercial_heat": position.commercial_heat.value,
        "priority_category": position.priority_category.value,
        "priority_label": position.priority_label,
    }


def _read_position(written: Mapping[str, str]) -> CommercialPosition:
    return CommercialPosition(
        TechnicalHeat(written["technical_heat"]),
        CommercialSegment(written["commercial_segment"]),
        CommercialHeat(written["commercial_heat"]),
        PriorityCategory(written["priority_category"]),
        written["priority_label"],
    )

"""The verdict that stands, as an assessment: to show what is stored where rules or a failed look moved on since.

In: a fresh assessment of the newest look, and the record. Out: the assessment with the stored verdict and its version.
"""

from dataclasses import replace

from hunter.core.assessment import Assessment
from hunter.core.judgement.commercial import (
    CommercialHeat,
    CommercialPosition,
    CommercialSegment,
    PriorityCategory,
    TechnicalHeat,
)
from hunter.core.judgement.facts import PROVIDERS
from hunter.core.judgement.scoring import Score
from hunter.core.judgement.segmentation import SEGMENTS
from hunter.core.lead_record import LeadRecord, ScoreRecord
from hunter.core.provider.classification import Classification, M365Answer, ProviderFact
from hunter.core.provider.providers import Confidence, M365State


def with_stored_verdict(fresh: Assessment, record: LeadRecord) -> Assessment:
    """Return the verdict of the record; the lines of its score only where they sum to it under its own rules."""
    score = record.score
    if score is None or _is_same(fresh, record, score):
        return fresh
    return replace(
        fresh,
        classification=_classification(fresh.classification, record, score),
        mx_root=record.mail_hosts.mx_root,
        score=_score(fresh, score),
        segment=SEGMENTS[score.segment],
        segment_rule=score.reason_code,
        priority=score.priority,
        commercial=_position(score),
        reason_code=score.reason_code or fresh.reason_code,
        reason_params=score.reason_params,
        rulebook_version=score.rulebook_version or fresh.rulebook_version,
    )


def _is_same(fresh: Assessment, record: LeadRecord, score: ScoreRecord) -> bool:
    return (
        fresh.rulebook_version == score.rulebook_version
        and fresh.classification.provider.value == record.company.provider
        and fresh.score is not None
        and (fresh.score.points, fresh.segment, fresh.priority) == (score.points, score.segment, score.priority)
    )


def _classification(fresh: Classification, record: LeadRecord, score: ScoreRecord) -> Classification:
    stored = record.provider
    if record.company.provider is None or stored.confidence is None or stored.m365_state is None:
        return fresh
    reason = dict(score.reason_params).get("provider_reason")
    return Classification(
        provider=PROVIDERS[record.company.provider],
        confidence=Confidence(stored.confidence),
        reason=None if reason is None else str(reason),
        evidence=tuple([ProviderFact(*fact) for fact in stored.facts or ()]),
        mail_service=stored.mail_service,
        gateway=record.mail_hosts.gateway,
        local_provider=stored.local_provider,
        m365=M365Answer(
            M365State(stored.m365_state),
            Confidence(stored.m365_confidence or stored.confidence),
            stored.m365_reasons or (),
        ),
    )


def _score(fresh: Assessment, score: ScoreRecord) -> Score:
    if (
        fresh.score is not None
        and fresh.score.points == score.points
        and fresh.rulebook_version == score.rulebook_version
    ):
        return fresh.score
    is_hard_fail = score.reason_code in ("invalid_domain", "mx_missing")
    is_complete = {"spf", "dkim", "dmarc"}.isdisjoint(score.signals_unknown)
    return Score(score.points, (), score.reason_code if is_hard_fail else None, is_complete)


def _position(score: ScoreRecord) -> CommercialPosition | None:
    heat, segment, commercial_heat = score.technical_heat, score.commercial_segment, score.commercial_heat
    if heat is None or segment is None or commercial_heat is None or score.priority_category is None:
        return None
    return CommercialPosition(
        TechnicalHeat(heat),
        CommercialSegment(segment),
        CommercialHeat(commercial_heat),
        PriorityCategory(score.priority_category),
        priority_label=score.priority_label or "",
    )

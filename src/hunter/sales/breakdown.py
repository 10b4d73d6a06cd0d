"""The breakdown: how a score came about, ordered for showing. An assessment and its evidence in, figures out.

All figures are those of the assessment itself, so the total cannot differ from the score.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence
from hunter.core.judgement.commercial import CommercialPosition
from hunter.core.judgement.scoring import RISK_CODES, SIGNAL_CODES, Score
from hunter.core.signals import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBreakdown:
    """One score, taken apart: base, provider, signals, risks and clamping sum to the total."""

    base_score: int
    #: Wire value of the provider.
    provider: str
    provider_points: int
    #: Points by signal; a key stands there only where the signal was seen. `dmarc_none` is worth 0: its points
    #: are those of the risk of the same name.
    signal_points: Mapping[str, int]
    #: Points by risk, all below 0; a key stands there only where the rule fired.
    risk_points: Mapping[str, int]
    #: What was added to stay at the lowest score, or taken away to stay at the highest; 0 in between.
    clamping_points: int
    total_score: int
    #: Why nothing was scored: `invalid_domain` or `mx_missing`; all points are then empty.
    hard_fail: str | None
    is_complete: bool
    signals_unknown: tuple[str, ...]
    tenant_size: str | None
    local_provider: str | None
    #: The published policy; None where there is none or it is unknown.
    dmarc_policy: str | None
    dmarc_coverage: int | None
    commercial: CommercialPosition
    #: Of the rules that gave these points.
    rulebook_version: str


def breakdown(assessment: Assessment, evidence: Evidence) -> ScoreBreakdown | None:
    """Take the score of an assessment apart; None where there is no score because MX is unknown."""
    score, commercial = assessment.score, assessment.commercial
    if score is None or commercial is None:
        return None
    points = {line.code: line.points for line in score.contributions}
    dmarc = evidence.mail.dmarc
    policy = dmarc.value if isinstance(dmarc, Found) else None
    return ScoreBreakdown(
        base_score=points.get("base", 0),
        provider=assessment.classification.provider.value,
        provider_points=points.get("provider", 0),
        signal_points=_signal_points(score),
        risk_points={code: points[code] for code in RISK_CODES if code in points},
        clamping_points=points.get("floor", 0) + points.get("cap", 0),
        total_score=score.points,
        hard_fail=score.hard_fail,
        is_complete=score.is_complete,
        signals_unknown=assessment.signals_unknown,
        tenant_size=None if assessment.tenant_size is None else assessment.tenant_size.size,
        local_provider=assessment.classification.local_provider,
        dmarc_policy=None if policy is None else policy.policy,
        dmarc_coverage=None if policy is None else policy.coverage,
        commercial=commercial,
        rulebook_version=assessment.rulebook_version,
    )


def _signal_points(score: Score) -> dict[str, int]:
    found = {line.code: line.points for line in score.contributions if line.code in SIGNAL_CODES}
    if any(line.code == "dmarc_none" for line in score.contributions):
        found["dmarc_none"] = 0
    return found

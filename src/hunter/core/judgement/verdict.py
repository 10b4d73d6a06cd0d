"""Verdict: all that follows from one set of facts, worked out once and then looked up.

There are some thousand different sets of facts and millions of domains, so `Verdicts` keeps each answer.
"""

from dataclasses import dataclass

from hunter.core.judgement.commercial import CommercialPosition, CommercialRules, position_of
from hunter.core.judgement.expiry import ExpiryRules
from hunter.core.judgement.facts import Facts
from hunter.core.judgement.priority import PriorityRules, priority_of
from hunter.core.judgement.reason_codes import strongest_facts
from hunter.core.judgement.scoring import Score, ScoringRules, score
from hunter.core.judgement.segmentation import Segment, SegmentRules, segment_of
from hunter.core.judgement.tags import TagRules, absent_tags, standing_tags, undecided_tags
from hunter.core.provider.tenant_size import SizeRules


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of judgement: all of a rulebook that knows no name of a domain."""

    scoring: ScoringRules
    segments: SegmentRules
    priority: PriorityRules
    commercial: CommercialRules
    tags: TagRules
    expiry: ExpiryRules
    sizes: SizeRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Score, segment, priority and commercial view of one case; the first five are None when MX is unknown."""

    score: Score | None
    segment: Segment | None
    #: Code of the segment rule, or of the hard fail, that decided.
    segment_rule: str | None
    #: 1 (call first) to 7.
    priority: int | None
    commercial: CommercialPosition | None
    #: Tags that hold whatever the day, sorted.
    tags: tuple[str, ...]
    #: Tags of which it cannot be said whether they hold, sorted.
    tags_undecided: tuple[str, ...]
    #: Tags that do not hold, but for those that hang on the day, sorted.
    tags_absent: tuple[str, ...]
    #: One of `reason_codes.REASON_CODES`.
    reason_code: str
    #: The reason parameters that hang on the facts alone.
    reason_params: tuple[tuple[str, str | int], ...]


def decide(rules: Rules, facts: Facts) -> Verdict:
    """Judge one case from its score to its tags."""
    scored = score(rules.scoring, facts)
    decision = segment_of(rules.segments, facts.provider, scored)
    if scored is None or decision is None:
        return _undecided(rules, facts)
    segment, rule = decision
    params: list[tuple[str, str | int]] = [("provider", facts.provider.value), ("score", scored.points)]
    named = strongest_facts(facts)
    if named and scored.hard_fail is None:
        params.append(("facts", ",".join(named)))
    return Verdict(
        score=scored,
        segment=segment,
        segment_rule=rule,
        priority=priority_of(rules.priority, segment, scored.points),
        commercial=position_of(rules.commercial, segment, facts.provider, scored.points),
        tags=standing_tags(rules.tags, facts, segment, scored.points),
        tags_undecided=undecided_tags(rules.tags, facts, segment, scored.points),
        tags_absent=absent_tags(rules.tags, facts, segment, scored.points),
        reason_code=rule,
        reason_params=tuple(params),
    )


def _undecided(rules: Rules, facts: Facts) -> Verdict:
    """Judge a case of which nobody knows whether the domain takes mail."""
    return Verdict(
        score=None,
        segment=None,
        segment_rule=None,
        priority=None,
        commercial=None,
        tags=standing_tags(rules.tags, facts, None, None),
        tags_undecided=undecided_tags(rules.tags, facts, None, None),
        tags_absent=absent_tags(rules.tags, facts, None, None),
        reason_code=facts.standing.value,
        reason_params=(("provider", facts.provider.value),),
    )


class Verdicts(dict[Facts, Verdict]):
    """The verdicts of one rulebook by facts; a missing one is worked out when it is first asked for."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, facts: Facts) -> Verdict:
        verdict = self[facts] = decide(self._rules, facts)
        return verdict

"""Segmentation: what to do with a company, by its provider and score; the first rule that matches decides.

Only assessed evidence (MX found or absent) has a segment, and then exactly one: the table is proven when it is read.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from hunter.core.judgement.facts import PROVIDERS
from hunter.core.judgement.reason_codes import SEGMENT_CODES
from hunter.core.judgement.scoring import Score
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.decision_table import DecisionTable, Space, read_table
from hunter.core.rule_files.rule_reader import RuleReader


class Segment(StrEnum):
    """What a salesperson does with a company."""

    #: On another or a self-run system and technically ready to move.
    MIGRATION = "Migration"
    #: Already on Microsoft 365.
    EXISTING = "Existing"
    #: Worth a later look.
    COLD = "Cold"
    #: Not worth a call now.
    SKIP = "Skip"


SEGMENTS: Final = {segment.value: segment for segment in Segment}
_CODES: Final = {code: code for code in SEGMENT_CODES}


class SegmentDecision(NamedTuple):
    """A segment and the rule that decided it."""

    segment: Segment
    #: One of `reason_codes.SEGMENT_CODES`, or the code of the hard fail.
    rule: str


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """The checked content of `segments.json`."""

    #: Decides by provider and score.
    table: DecisionTable[SegmentDecision]
    #: What a hard fail ends in.
    hard_fail: Segment


def read_segments(place: RuleReader, scale: range) -> SegmentRules:
    """Read `segments.json`; raises RulebookError."""
    parts = place.file("segments", "hard_fail")
    space: Space = {"provider": PROVIDERS, "score": scale}
    table = read_table(parts["segments"], space, ("code", "segment"), _read_decision)
    return SegmentRules(table, parts["hard_fail"].word(SEGMENTS))


def _read_decision(fields: dict[str, RuleReader]) -> SegmentDecision:
    return SegmentDecision(fields["segment"].word(SEGMENTS), fields["code"].word(_CODES))


def segment_of(rules: SegmentRules, provider: Provider, score: Score | None) -> SegmentDecision | None:
    """Return the segment of a scored domain and the rule that decided; None without a score."""
    if score is None:
        return None
    if score.hard_fail is not None:
        return SegmentDecision(rules.hard_fail, score.hard_fail)
    return rules.table.decide(provider, score.points)

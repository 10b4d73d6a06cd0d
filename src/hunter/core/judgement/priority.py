"""Priority: whom to call first, 1 to 7, by segment and score; and the mark of the high-priority figure."""

from dataclasses import dataclass
from typing import Final

from hunter.core.judgement.segmentation import SEGMENTS, Segment
from hunter.core.rule_files.decision_table import Condition, DecisionTable, Space, read_condition, read_table
from hunter.core.rule_files.rule_reader import RuleReader

_FIRST: Final = 1
_LAST: Final = 7


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """The checked content of `priority.json`."""

    #: Decides by segment and score: 1 (call first) to 7.
    table: DecisionTable[int]
    #: What counts into the figure "high priority", by segment and score; it is not the priority itself.
    high_priority: Condition


def read_priority(place: RuleReader, scale: range) -> PriorityRules:
    """Read `priority.json`; raises RulebookError."""
    parts = place.file("priority", "high_priority")
    space: Space = {"segment": SEGMENTS, "score": scale}
    table = read_table(
        parts["priority"], space, ("priority",), lambda fields: fields["priority"].integer(_FIRST, _LAST)
    )
    return PriorityRules(table, read_condition(parts["high_priority"], space))


def priority_of(rules: PriorityRules, segment: Segment | None, points: int | None) -> int | None:
    """Return the priority; None without a segment or a score."""
    return None if segment is None or points is None else rules.table.decide(segment, points)

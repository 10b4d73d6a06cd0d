"""Priorities at their thresholds, and the figure that shares their name."""

import pytest

from hunter.core.judgement.priority import priority_of
from hunter.core.judgement.segmentation import Segment
from tests.support.rulebooks import shipped_rulebook

RULES = shipped_rulebook().rules.priority


@pytest.mark.parametrize(
    ("segment", "points", "priority"),
    [
        ("Migration", 100, 1), ("Migration", 80, 1), ("Migration", 79, 2), ("Migration", 70, 2), ("Migration", 69, 3),
        ("Migration", 60, 3), ("Migration", 59, 4),
        ("Existing", 70, 3), ("Existing", 69, 4), ("Existing", 50, 4), ("Existing", 49, 5), ("Existing", 30, 5),
        ("Existing", 29, 6), ("Existing", 0, 6),
        ("Cold", 40, 5), ("Cold", 39, 6), ("Cold", 20, 6), ("Cold", 19, 7), ("Cold", 0, 7),
        ("Skip", 100, 7), ("Skip", 0, 7),
    ],
)  # fmt: skip
def test_priority_steps_at_its_thresholds(segment: str, points: int, priority: int) -> None:
    assert priority_of(RULES, Segment(segment), points) == priority


def test_without_segment_or_score_there_is_no_priority() -> None:
    assert priority_of(RULES, None, 80) is None
    assert priority_of(RULES, Segment.MIGRATION, None) is None


def test_the_high_priority_figure_counts_migrations_from_seventy() -> None:
    counts = RULES.high_priority.holds
    assert counts({"segment": Segment.MIGRATION, "score": 70})
    assert not counts({"segment": Segment.MIGRATION, "score": 69})
    assert not counts({"segment": Segment.EXISTING, "score": 90})


def test_a_lead_without_score_does_not_count_as_high_priority() -> None:
    assert not RULES.high_priority.holds({"segment": None, "score": None})

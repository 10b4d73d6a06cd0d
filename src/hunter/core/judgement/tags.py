"""Automatic tags: words that storage keeps beside a domain for as long as their condition holds.

In: facts, segment, score, and how near the end of the registration is. Out: the tags that hold, those that do not, and
those of which that cannot be said, each sorted.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

from hunter.core.judgement.expiry import EXPIRIES, Expiry
from hunter.core.judgement.facts import ASKABLE, PROVIDERS, DKIMState, DMARCState, Facts, SPFState
from hunter.core.judgement.segmentation import SEGMENTS, Segment
from hunter.core.rule_files.decision_table import Condition, Space, read_condition
from hunter.core.rule_files.rule_reader import RuleReader

_UNKNOWN: Final = frozenset((SPFState.UNKNOWN, DKIMState.UNKNOWN, DMARCState.UNKNOWN))
#: The published policy under `t=y` is still the published policy.
_PUBLISHED: Final = {
    DMARCState.NONE_TESTING: DMARCState.NONE,
    DMARCState.QUARANTINE_TESTING: DMARCState.QUARANTINE,
    DMARCState.REJECT_TESTING: DMARCState.REJECT,
}


@dataclass(frozen=True, slots=True)
class TagRules:
    """The checked content of `tags.json`."""

    #: Tags that hang on facts, segment and score.
    standing: tuple[tuple[str, Condition], ...]
    #: Tags that hang on how near the end of the registration is, and those of them that hold, by where it is.
    dated_names: tuple[str, ...]
    dated: Mapping[Expiry, tuple[str, ...]]

    @property
    def names(self) -> frozenset[str]:
        """All tags that these rules may set or take away."""
        return frozenset((*(tag for tag, _ in self.standing), *self.dated_names))


def read_tags(place: RuleReader, scale: range) -> TagRules:
    """Read `tags.json`; raises RulebookError. A condition asks for facts, or for the expiry alone."""
    space: Space = {"provider": PROVIDERS, "segment": SEGMENTS, "score": scale, **ASKABLE}
    standing: list[tuple[str, Condition]] = []
    dated: list[tuple[str, Condition]] = []
    for row in place.file("tags")["tags"].rows():
        fields = row.table(("tag", "when"))
        tag = fields["tag"].text()
        if any(tag == other for other, _ in (*standing, *dated)):
            raise row.error(f'"{tag}" stands there twice')
        if isinstance(fields["when"].value, dict) and "expiry" in fields["when"].value:
            dated.append((tag, read_condition(fields["when"], {"expiry": EXPIRIES})))
        else:
            standing.append((tag, read_condition(fields["when"], space)))
    held = {
        expiry: tuple(sorted(tag for tag, condition in dated if condition.holds({"expiry": expiry})))
        for expiry in Expiry
    }
    return TagRules(tuple(standing), tuple(tag for tag, _ in dated), held)


def standing_tags(rules: TagRules, facts: Facts, segment: Segment | None, points: int | None) -> tuple[str, ...]:
    """Return the tags that hold whatever the day, sorted; what is unknown fulfils no condition."""
    values = _values(facts, segment, points)
    return tuple(sorted(tag for tag, condition in rules.standing if condition.holds(values)))


def undecided_tags(rules: TagRules, facts: Facts, segment: Segment | None, points: int | None) -> tuple[str, ...]:
    """Return the tags that do not hold by what was seen, but may by what could not be seen, sorted.

    A score that lacks the points of a signal may be higher.
    """
    values = _values(facts, segment, points)
    unknown = {name for name, value in values.items() if value is None or value in _UNKNOWN}
    if unknown:
        unknown.add("score")
    undecided = (tag for tag, condition in rules.standing if condition.may_hold(values, unknown))
    return tuple(sorted(set(undecided).difference(standing_tags(rules, facts, segment, points))))


def absent_tags(rules: TagRules, facts: Facts, segment: Segment | None, points: int | None) -> tuple[str, ...]:
    """Return the tags that do not hold, whatever could not be seen, sorted."""
    may_hold = (*standing_tags(rules, facts, segment, points), *undecided_tags(rules, facts, segment, points))
    return tuple(sorted(tag for tag, _ in rules.standing if tag not in may_hold))


def _values(facts: Facts, segment: Segment | None, points: int | None) -> dict[str, Hashable]:
    values = facts.values(_PUBLISHED.get(facts.dmarc, facts.dmarc))
    values["segment"] = segment
    values["score"] = points
    return values

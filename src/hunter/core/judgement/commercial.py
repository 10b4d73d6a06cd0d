"""The P-model: the commercial view of a company, an axis of its own beside the priority.

Four tables of `commercial.json`, each fed by those before it; in each the first rule that matches decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from hunter.core.judgement.facts import PROVIDERS
from hunter.core.judgement.segmentation import SEGMENTS, Segment
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.decision_table import DecisionTable, Space, read_table
from hunter.core.rule_files.rule_reader import RuleReader

W = TypeVar("W", bound=StrEnum)


class TechnicalHeat(StrEnum):
    """How near the company stands to Microsoft: Hot is on it, Warm in another cloud, Cold self-run or weak."""

    HOT = "Hot"
    WARM = "Warm"
    COLD = "Cold"


class CommercialSegment(StrEnum):
    """What kind of business the company may be."""

    GREENFIELD = "GREENFIELD"
    COMPETITIVE = "COMPETITIVE"
    WEAK_PARTNER = "WEAK_PARTNER"
    RENEWAL = "RENEWAL"
    LOW_INTENT = "LOW_INTENT"
    NO_GO = "NO_GO"


class CommercialHeat(StrEnum):
    """How likely business is."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class PriorityCategory(StrEnum):
    """The commercial play; never called "priority" alone."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"


@dataclass(frozen=True, slots=True)
class CommercialPosition:
    """The commercial view of one company."""

    technical_heat: TechnicalHeat
    commercial_segment: CommercialSegment
    commercial_heat: CommercialHeat
    priority_category: PriorityCategory
    #: English name of the category, frozen by the wire: `Competitive Takeover` ...
    priority_label: str


@dataclass(frozen=True, slots=True)
class CommercialRules:
    """The checked content of `commercial.json`."""

    #: Decides by segment and provider.
    technical_heat: DecisionTable[TechnicalHeat]
    #: Decides by segment, provider and score.
    commercial_segment: DecisionTable[CommercialSegment]
    #: Decides by commercial segment and score.
    commercial_heat: DecisionTable[CommercialHeat]
    #: Decides by technical heat, commercial heat and commercial segment.
    priority_category: DecisionTable[PriorityCategory]
    labels: Mapping[PriorityCategory, str]


_TECHNICAL: Final = {heat.value: heat for heat in TechnicalHeat}
_COMMERCIAL: Final = {segment.value: segment for segment in CommercialSegment}
_HEATS: Final = {heat.value: heat for heat in CommercialHeat}
_CATEGORIES: Final = {category.value: category for category in PriorityCategory}


def read_commercial(place: RuleReader, scale: range) -> CommercialRules:
    """Read `commercial.json`; raises RulebookError."""
    parts = place.file("technical_heat", "commercial_segment", "commercial_heat", "priority_category", "labels")
    technical: Space = {"segment": SEGMENTS, "provider": PROVIDERS}
    commercial: Space = {"segment": SEGMENTS, "provider": PROVIDERS, "score": scale}
    heat: Space = {"commercial_segment": _COMMERCIAL, "score": scale}
    category: Space = {"technical_heat": _TECHNICAL, "commercial_heat": _HEATS, "commercial_segment": _COMMERCIAL}
    labels = parts["labels"].table(tuple(_CATEGORIES))
    return CommercialRules(
        technical_heat=_read(parts["technical_heat"], technical, _TECHNICAL),
        commercial_segment=_read(parts["commercial_segment"], commercial, _COMMERCIAL),
        commercial_heat=_read(parts["commercial_heat"], heat, _HEATS),
        priority_category=_read(parts["priority_category"], category, _CATEGORIES),
        labels={_CATEGORIES[name]: label.text() for name, label in labels.items()},
    )


def _read(place: RuleReader, space: Space, vocabulary: Mapping[str, W]) -> DecisionTable[W]:
    return read_table(place, space, ("is",), lambda fields: fields["is"].word(vocabulary))


def position_of(rules: CommercialRules, segment: Segment, provider: Provider, points: int) -> CommercialPosition:
    """Return the commercial view of a company that has a segment."""
    technical = rules.technical_heat.decide(segment, provider)
    commercial = rules.commercial_segment.decide(segment, provider, points)
    heat = rules.commercial_heat.decide(commercial, points)
    category = rules.priority_category.decide(technical, heat, commercial)
    return CommercialPosition(technical, commercial, heat, category, rules.labels[category])

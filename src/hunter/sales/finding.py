"""Finding and Unread: the shapes in which the brief says what was seen and what could not be learned."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hunter.core.signals import Signal


class Mark(StrEnum):
    """How a finding is to be taken, worst first."""

    BAD = "bad"
    WEAK = "weak"
    PLAIN = "plain"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen."""

    mark: Mark
    #: States the finding.
    title: str
    #: One sentence: what it means for the customer or the call.
    meaning: str
    #: The record's text, for DKIM the selectors; "" where there is none.
    raw: str


@dataclass(frozen=True, slots=True)
class Unread:
    """One signal that could not be read."""

    #: Names the signal.
    title: str
    #: Why.
    cause: str


def raw_of(signal: Signal[Any]) -> str:
    """Join the texts that prove a signal."""
    return " | ".join(signal.raw)

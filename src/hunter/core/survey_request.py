"""What a survey may be asked about one domain. Use cases decide it, collectors obey it; both know only this shape."""

from dataclasses import dataclass
from enum import StrEnum


class RegistryLookUp(StrEnum):
    """What the registry of a domain is asked."""

    #: Nothing: its signals are "not asked", and what is stored of them stays.
    LEFT_OUT = "left_out"
    #: What was learned lately is an answer.
    CACHED = "cached"
    #: It is asked whatever was learned lately, and the new answer takes its place.
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """One domain, and how it shall be looked at; what is not switched on is not asked whatever stands here."""

    #: Canonical form.
    domain: str
    registry: RegistryLookUp = RegistryLookUp.CACHED
    #: Whether Microsoft is asked how users sign in, too.
    is_deep: bool = False
    #: Whether the name servers of another operator are asked, where there are any.
    by_other_upstream: bool = False

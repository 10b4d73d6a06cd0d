"""Expiry: how near the end of a registration is (engine specification 4.5).

In: the days that are left, today being day 0. Out: one of three states, which tags, changes and sentences go by.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hunter.core.rule_files.rule_reader import RuleReader

_MOST_DAYS: Final = 3650


class Expiry(StrEnum):
    """Where a registration stands between its beginning and its end."""

    #: It has ended, and so is not about to end.
    ENDED = "ended"
    SOON = "soon"
    LATER = "later"


#: The states by their words in rule files.
EXPIRIES: Final = {expiry.value: expiry for expiry in Expiry}


@dataclass(frozen=True, slots=True)
class ExpiryRules:
    """The checked content of `expiry.json`."""

    #: With fewer days left the registration is about to end.
    soon_below: int

    def state_of(self, days: int) -> Expiry:
        """Return the state with so many days left; negative after the end."""
        if days < 0:
            return Expiry.ENDED
        return Expiry.SOON if days < self.soon_below else Expiry.LATER


def read_expiry(place: RuleReader) -> ExpiryRules:
    """Read `expiry.json`; raises RulebookError."""
    return ExpiryRules(place.file("soon_below")["soon_below"].integer(1, _MOST_DAYS))

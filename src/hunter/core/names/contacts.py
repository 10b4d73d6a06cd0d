"""Contacts of a company: how good its addresses are and by which pattern they are made (engine 9.5, 9.6).

In: e-mail addresses and the company's domain. Out: a score, a pattern, or the mailboxes that most companies have.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hunter.core.names.domain_name import domain_from_email, normalise_domain

#: Mailboxes that belong to a task and not to a person.
GENERIC_MAILBOXES: Final = ("admin", "hr", "ik", "iletisim", "info", "muhasebe", "sales", "satis", "support")
#: From so many addresses on, so many points.
_COUNT_POINTS: Final = ((10, 60), (5, 45), (3, 30), (2, 20), (1, 10))
_MATCH_POINTS: Final = 40
_MOST_POINTS: Final = 100


class LinkedinPattern(StrEnum):
    """How the local part of a person's address is made; the order decides between equally frequent ones."""

    FIRSTNAME_LASTNAME = "firstname.lastname"
    F_LASTNAME = "f.lastname"
    FIRSTNAME = "firstname"


#: The first that fits decides for an address. Letters of any alphabet; digits and underscores are none.
_SHAPES: Final = (
    (LinkedinPattern.F_LASTNAME, re.compile(r"[^\W\d_]\.[^\W\d_]+")),
    (LinkedinPattern.FIRSTNAME_LASTNAME, re.compile(r"[^\W\d_]{2,}\.[^\W\d_]+")),
    (LinkedinPattern.FIRSTNAME, re.compile(r"[^\W\d_]+")),
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """A company's addresses and what they tell."""

    emails: tuple[str, ...]
    #: 0 to 100.
    quality_score: int
    #: None where no address shows one.
    linkedin_pattern: LinkedinPattern | None


def read_contacts(emails: Iterable[str], domain: str) -> Contacts:
    """Return the usable addresses with their score and pattern; `domain` is canonical."""
    usable = clean_emails(emails)
    return Contacts(usable, contact_quality_score(usable, domain), linkedin_pattern(usable))


def clean_emails(emails: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses trimmed, in lower case, each once, in their order; what holds no `@` is dropped."""
    trimmed = (email.strip().replace("İ", "i").lower() for email in emails)
    return tuple(dict.fromkeys(email for email in trimmed if "@" in email))


def contact_quality_score(emails: Sequence[str], domain: str) -> int:
    """Return points for the number of addresses and for the share of them at the company's domain; 0 to 100."""
    if not emails:
        return 0
    count = next(points for least, points in _COUNT_POINTS if len(emails) >= least)
    at_home = sum(1 for email in emails if domain_from_email(email) == domain)
    return min(count + _MATCH_POINTS * at_home // len(emails), _MOST_POINTS)


def linkedin_pattern(emails: Iterable[str]) -> LinkedinPattern | None:
    """Return the most frequent pattern of the local parts; generic mailboxes are nobody's name."""
    counts = Counter(pattern for email in emails if (pattern := _pattern_of(email)) is not None)
    return max(LinkedinPattern, key=lambda pattern: counts[pattern]) if counts else None


def generic_emails(domain: str) -> tuple[str, ...]:
    """Return the addresses that most companies have, sorted; empty for what is no domain."""
    name = normalise_domain(domain)
    return tuple(f"{mailbox}@{name}" for mailbox in GENERIC_MAILBOXES) if name else ()


def _pattern_of(email: str) -> LinkedinPattern | None:
    local = email.partition("@")[0]
    if local in GENERIC_MAILBOXES:
        return None
    return next((pattern for pattern, shape in _SHAPES if shape.fullmatch(local)), None)

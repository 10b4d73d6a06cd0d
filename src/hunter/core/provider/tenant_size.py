"""Tenant size: a word for a number of users, and an estimate of it from the first mail host, with its reason.

In: the mail hosts and the provider, or a number of seats. Out: a size word with the range of users it stands for. The
standard host names say nothing of size, so the estimate is never a fact; every better source (a user, a referral, an
import) replaces it. Microsoft's Business plans end at 300 users, within the range of `medium`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hunter.core.evidence import MailEvidence
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.rule_reader import RuleReader
from hunter.core.signals import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSize:
    """How big the tenant may be."""

    #: `small`, `medium` or `large`.
    size: str
    #: Where the estimate comes from; a scan knows `mx_pattern` only.
    source: str = "mx_pattern"
    #: One of `SIZE_REASONS`: the pattern that decided.
    reason: str
    #: Fewest users that the word stands for.
    seats_from: int
    #: Most users; None where there is no upper end.
    seats_to: int | None


#: Every reason of an estimate; `other_host` is Microsoft 365 or Google behind a host that is not theirs.
SIZE_REASONS: Final = (
    "exchange_online_root",
    "exchange_online_regional",
    "outlook_consumer",
    "exchange_online_standard",
    "google_standard",
    "google_other",
    "other_host",
)

_SIZES: Final = {size: size for size in ("small", "medium", "large")}
_MOST_SEATS: Final = 1_000_000
_REGIONAL: Final = re.compile(r"[a-z]{3}[0-9]{2}\.protection\.outlook\.com", re.ASCII)
_MICROSOFT_ROOTS: Final = (".protection.outlook.com", ".mx.microsoft")
_GOOGLE_ROOTS: Final = (".google.com", ".googlemail.com")


@dataclass(frozen=True, slots=True)
class SizeRules:
    """The checked content of `sizes.json`."""

    #: Up to how many users a word goes; `large` has no end.
    small_up_to: int
    medium_up_to: int
    #: By reason; one object each, because the estimate has no other content.
    estimates: Mapping[str, TenantSize]

    def size_of(self, seats: int) -> str:
        """Return the word for a number of users."""
        if seats <= self.small_up_to:
            return "small"
        return "medium" if seats <= self.medium_up_to else "large"


def read_sizes(place: RuleReader) -> SizeRules:
    """Read `sizes.json`; raises RulebookError."""
    parts = place.file("small_up_to", "medium_up_to", "estimates")
    small = parts["small_up_to"].integer(1, _MOST_SEATS)
    medium = parts["medium_up_to"].integer(small + 1, _MOST_SEATS)
    seats: dict[str, tuple[int, int | None]] = {"small": (1, small), "medium": (small, medium), "large": (medium, None)}
    estimates: dict[str, TenantSize] = {}
    for reason, word in parts["estimates"].table(SIZE_REASONS).items():
        size = word.word(_SIZES)
        seats_from, seats_to = seats[size]
        estimates[reason] = TenantSize(size=size, reason=reason, seats_from=seats_from, seats_to=seats_to)
    return SizeRules(small, medium, estimates)


def estimate_tenant_size(rules: SizeRules, mail: MailEvidence, provider: Provider) -> TenantSize | None:
    """Estimate the size from the first mail host; None for other providers and where there is no host."""
    if not isinstance(mail.mx, Found) or not mail.mx.value:
        return None
    host = mail.mx.value[0].host
    if provider is Provider.M365:
        return rules.estimates[_microsoft(host)]
    return rules.estimates[_google(host)] if provider is Provider.GOOGLE else None


def _microsoft(host: str) -> str:
    if host == "mail.protection.outlook.com":
        return "exchange_online_root"
    if "olc.protection.outlook.com" in host:
        return "outlook_consumer"
    if _REGIONAL.fullmatch(host):
        return "exchange_online_regional"
    return "exchange_online_standard" if host.endswith(_MICROSOFT_ROOTS) else "other_host"


def _google(host: str) -> str:
    if "aspmx.l.google.com" in host:
        return "google_standard"
    return "google_other" if f".{host}".endswith(_GOOGLE_ROOTS) else "other_host"

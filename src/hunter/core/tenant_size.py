"""Tenant size: an estimate from the first mail host, with its reason, never a fact.

In: the mail hosts and the provider. Out: a size word with the range of users it stands for. The standard host names say
nothing of size; every better source (a user, a referral, an import) replaces the estimate. Microsoft's Business plans
end at 300 users, within the range of `medium`.
"""

import re
from dataclasses import dataclass
from typing import Final

from hunter.core.evidence import MailEvidence
from hunter.core.providers import Provider
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

_SIZES: Final = ("large", "small", "small", "medium", "medium", "large", "medium")
_SEATS: Final[dict[str, tuple[int, int | None]]] = {"small": (1, 50), "medium": (50, 500), "large": (500, None)}
_REGIONAL: Final = re.compile(r"[a-z]{3}[0-9]{2}\.protection\.outlook\.com", re.ASCII)
_MICROSOFT_ROOTS: Final = (".protection.outlook.com", ".mx.microsoft")
_GOOGLE_ROOTS: Final = (".google.com", ".googlemail.com")


def estimate_tenant_size(mail: MailEvidence, provider: Provider) -> TenantSize | None:
    """Estimate the size from the first mail host; None for other providers and where there is no host."""
    if not isinstance(mail.mx, Found) or not mail.mx.value:
        return None
    host = mail.mx.value[0].host
    if provider is Provider.M365:
        return _ESTIMATES[_microsoft(host)]
    return _ESTIMATES[_google(host)] if provider is Provider.GOOGLE else None


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


def _estimate(size: str, reason: str) -> TenantSize:
    seats_from, seats_to = _SEATS[size]
    return TenantSize(size=size, reason=reason, seats_from=seats_from, seats_to=seats_to)


#: One object per reason: the estimate has no other content.
_ESTIMATES: Final = {reason: _estimate(size, reason) for reason, size in zip(SIZE_REASONS, _SIZES, strict=True)}

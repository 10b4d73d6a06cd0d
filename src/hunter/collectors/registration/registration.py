"""Registration: what one registry answer, or a whole look-up, says of a domain. The shape of all readers here.

Three outcomes: found, not registered, unavailable. A quota answer, an error page or silence is unavailable, with a
stable reason; only a registry's own statement makes a domain not registered.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from hunter.core.evidence import RegistrationEvidence
from hunter.core.signals import Absent, Found, Signal, Unknown

#: Why a look-up was unavailable, by stable code.
REASONS: Final = (
    "malformed",  # the answer is no answer: HTML, half a text, another domain, nothing useful
    "network",  # no connection, or it broke
    "no_server",  # nobody answers for this top label, or the service says that it was closed
    "not_registrable",  # the name is a public suffix or no name: there is nothing to ask for
    "rate_limited",  # the registry says that we asked too often
    "refused",  # the registry will not tell: reserved, blocked, not allowed
    "refused_by_guard",  # a redirect or referral led to an address that is not public, or away from HTTPS
    "server_error",  # the registry's own trouble
    "timeout",  # nothing came in time
    "too_large",  # more than we read
)
#: A record was found that does not tell this field.
NOT_PUBLISHED: Final = "not_published"
NOT_REGISTERED: Final = "not_registered"


class Outcome(StrEnum):
    """What became of a question."""

    FOUND = "found"
    NOT_REGISTERED = "not_registered"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Proof:
    """The lines that the fields were read from, cleaned of control characters."""

    registrar: tuple[str, ...] = ()
    expires_at: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registration:
    """One answer. Fields are empty unless the outcome is `found`; then at least one of the first three is there."""

    outcome: Outcome
    #: Stable code out of `REASONS`; None unless the outcome is `unavailable`.
    reason: str | None = None
    #: Name of the registrar, without control characters, at most 255 characters.
    registrar: str | None = None
    #: Day on which the registration ends, as the registry writes it; the earliest where several are given.
    expires_at: date | None = None
    #: Delegated name servers: lower case, no trailing dot, sorted, unique.
    nameservers: tuple[str, ...] = ()
    #: States in the words of RFC 8056, lower case: `client transfer prohibited`, `redemption period` ...; sorted.
    statuses: tuple[str, ...] = ()
    #: WHOIS server that the answer refers to.
    referral: str | None = None
    #: True where the referral leads to the registry of the domain, whose "not found" counts; a registrar's does not.
    is_registry_referral: bool = False
    proof: Proof = Proof()
    #: Why a field of a record may be missing: the record does not tell it, or only a part of the record came.
    gap: str = NOT_PUBLISHED
    #: What was tried and how it ended, in order: `rdap: timeout`, `whois: found`.
    tried: tuple[str, ...] = ()
    #: True when this was cached and nobody was asked.
    cached: bool = False

    @property
    def is_complete(self) -> bool:
        """True when none of the fields that a lead needs is missing."""
        return self.registrar is not None and self.expires_at is not None and bool(self.nameservers)

    @property
    def is_partial(self) -> bool:
        """True for a record of which only a part came, so that asking again may tell more."""
        return self.outcome is Outcome.FOUND and not self.is_complete and self.gap != NOT_PUBLISHED


def unavailable(reason: str) -> Registration:
    """Return the outcome of a question that was not answered; `reason` is one of `REASONS`."""
    return Registration(Outcome.UNAVAILABLE, reason)


def joined(first: Registration, second: Registration) -> Registration:
    """Add to a found registration what a referral's answer knows besides; of two expiry dates the earlier counts."""
    if second.outcome is not Outcome.FOUND:
        return first
    dates = [one for one in (first.expires_at, second.expires_at) if one is not None]
    return replace(
        first,
        registrar=first.registrar or second.registrar,
        expires_at=min(dates, default=None),
        nameservers=first.nameservers or second.nameservers,
        statuses=tuple(sorted({*first.statuses, *second.statuses})),
        proof=Proof(
            first.proof.registrar or second.proof.registrar,
            first.proof.expires_at + second.proof.expires_at,
            first.proof.nameservers or second.proof.nameservers,
        ),
    )


def evidence_of(registration: Registration) -> RegistrationEvidence:
    """Turn a registration into signals: a field that a record does not tell is unknown, never absent."""
    if registration.outcome is Outcome.NOT_REGISTERED:
        absent = Absent(NOT_REGISTERED)
        return RegistrationEvidence(absent, absent, absent, absent)
    if registration.outcome is Outcome.UNAVAILABLE:
        unknown = Unknown(registration.reason or "malformed", registration.tried)
        return RegistrationEvidence(unknown, unknown, unknown, unknown)
    proof = registration.proof
    registrar: Signal[str] = Unknown(registration.gap)
    expires_at: Signal[date] = Unknown(registration.gap)
    nameservers: Signal[tuple[str, ...]] = Unknown(registration.gap)
    statuses: Signal[tuple[str, ...]] = Unknown(registration.gap)
    if registration.registrar is not None:
        registrar = Found(registration.registrar, proof.registrar)
    if registration.expires_at is not None:
        expires_at = Found(registration.expires_at, proof.expires_at)
    if registration.nameservers:
        nameservers = Found(registration.nameservers, proof.nameservers)
    if registration.statuses:
        statuses = Found(registration.statuses, registration.statuses)
    return RegistrationEvidence(registrar, expires_at, nameservers, statuses)

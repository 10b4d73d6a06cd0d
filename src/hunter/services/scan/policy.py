"""The policy of a scan, and what it means for the one domain at hand.

In: the policy, and what is stored of the domain. Out: the request that the survey is given, and whether the last scan
is the answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hunter.core.evidence import Evidence
from hunter.core.signals import NOT_ASKED, Signal
from hunter.core.survey_request import RegistryLookUp, SurveyRequest
from hunter.services.scan.shapes import StoredScan

#: `scan_status` of a scan that leaves nothing to ask again.
USABLE: Final = "completed"


@dataclass(frozen=True, slots=True)
class RegistryByAge:
    """The registry is asked where what is stored of it is old, or where the registration is about to end."""

    older_than: timedelta = timedelta(days=7)
    ends_within: timedelta = timedelta(days=60)

    def look_up(self, stored: StoredScan | None, now: datetime) -> RegistryLookUp:
        """Decide on one domain (engine specification 6.4); nothing stored is old."""
        read_at = stored.record.registration.checked_at if stored is not None else None
        if stored is None or read_at is None:
            return RegistryLookUp.AGAIN
        ends = stored.record.registration.expires_at
        is_ending = ends is not None and ends <= (now + self.ends_within).date()
        is_old = now - read_at > self.older_than
        return RegistryLookUp.AGAIN if is_old or is_ending else RegistryLookUp.LEFT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPolicy:
    """How each domain is scanned: from what is stored or anew, how much of the registry, how deep."""

    registry: RegistryLookUp | RegistryByAge = RegistryLookUp.CACHED
    #: Whether Microsoft is asked how users sign in, too.
    is_deep: bool = False
    by_other_upstream: bool = False
    #: Whether a scan that is young enough is the answer.
    accepts_stored: bool = False
    #: Whether that holds, too, for a scan that could not read the mail of the domain.
    accepts_failures: bool = False
    #: Whether the cached answers about the domain are dropped before anybody is asked.
    clears_caches: bool = False

    @property
    def needs_stored(self) -> bool:
        """Whether what is stored of a domain decides on how it is scanned."""
        return self.accepts_stored or isinstance(self.registry, RegistryByAge)

    def request(self, domain: str, stored: StoredScan | None, now: datetime) -> SurveyRequest:
        """Return what the survey is asked about a domain."""
        registry = self.registry
        look_up = registry.look_up(stored, now) if isinstance(registry, RegistryByAge) else registry
        return SurveyRequest(domain, look_up, self.is_deep, self.by_other_upstream)


#: A scan by hand asks the registry again, whatever was learned lately (engine specification 2.4).
BY_HAND: Final = ScanPolicy(registry=RegistryLookUp.AGAIN, accepts_stored=True)
#: Somebody wants everything anew.
FRESH: Final = ScanPolicy(registry=RegistryLookUp.AGAIN, clears_caches=True)


@dataclass(frozen=True, slots=True)
class AskedKinds:
    """Which kinds of evidence this installation asks for besides mail."""

    registries: bool = False
    tenants: bool = False
    networks: bool = False

    def are_answered_by(self, evidence: Evidence, policy: ScanPolicy) -> bool:
        """Return whether everything was asked, when this evidence was collected, that would be asked now."""
        registration, microsoft, network = evidence.registration, evidence.microsoft, evidence.network
        needed: list[tuple[Signal[Any], ...]] = []
        if self.registries and policy.registry is not RegistryLookUp.LEFT_OUT:
            needed.append((registration.registrar, registration.expires_at, registration.nameservers))
        if self.tenants:
            needed.append((microsoft.tenant,))
        if self.tenants and policy.is_deep:
            needed.append((microsoft.realm,))
        if self.networks:
            needed.append((network.mx, network.web))
        return all(any(signal != NOT_ASKED for signal in signals) for signals in needed)


MAIL_ALONE: Final = AskedKinds()

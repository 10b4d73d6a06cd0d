"""Gathering: all kinds of collectors asked about one domain at the same time, under one deadline.

In: a domain name. Out: its evidence, and how long each kind took. A collector that is late or broken costs its own
answers and nobody else's: mail never waits for a registry.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from time import monotonic
from typing import Final, NamedTuple, TypeVar

from hunter.collectors.mail.addresses import AddressLookUp
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.inquiry import all_unknown
from hunter.collectors.microsoft.collect import COLLECT_SECONDS, TenantCollector
from hunter.collectors.network.collect import HostAddresses, NetworkCollector
from hunter.collectors.registration.collect import LOOK_UP_SECONDS, RegistrationCollector
from hunter.core.errors import fault_line
from hunter.core.evidence import MailEvidence, MicrosoftEvidence, NetworkEvidence, RegistrationEvidence
from hunter.core.signals import NOT_ASKED, Found, Signal, Unknown
from hunter.core.survey_request import RegistryLookUp, SurveyRequest
from hunter.core.surveyed import Timing

T = TypeVar("T")

#: Why nothing is known where a collector broke: a fault of ours, told to whoever runs the survey.
FAILED: Final = "failed"
LATE: Final = "timeout"
#: How much later than its own clock a collector is cut off: that clock tells how far it came, ours does not.
_GRACE_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class HostNetworks:
    """What is needed to say where hosts stand: their addresses, and files that know addresses."""

    look_up: AddressLookUp
    files: NetworkCollector


@dataclass(frozen=True, slots=True)
class Collectors:
    """Who is asked about a domain; whoever is None is not, and its evidence stays "not asked"."""

    mail: MailCollector
    registration: RegistrationCollector | None = None
    microsoft: TenantCollector | None = None
    networks: HostNetworks | None = None
    #: Asks the name servers of another operator; None where there are no others.
    other_mail: MailCollector | None = None

    def mail_for(self, request: SurveyRequest) -> MailCollector:
        """Return who asks the name servers that a request wants."""
        return self.other_mail if request.by_other_upstream and self.other_mail is not None else self.mail


class Gathered(NamedTuple):
    """All that was learned about one domain."""

    mail: MailEvidence
    registration: RegistrationEvidence
    microsoft: MicrosoftEvidence
    network: NetworkEvidence
    timing: Timing
    #: A line for each collector that broke: its kind, the error, and where.
    faults: tuple[str, ...] = ()


_NO_REGISTRATION: Final = RegistrationEvidence()
_NO_MICROSOFT: Final = MicrosoftEvidence()
_NO_NETWORK: Final = NetworkEvidence()


class Gathering:
    """Asks the collectors together; belongs to their loop."""

    def __init__(self, collectors: Collectors) -> None:
        self.collectors = collectors
        others = (collectors.registration, collectors.microsoft, collectors.networks)
        self._is_mail_alone = all(other is None for other in others)

    async def acquire(self, request: SurveyRequest) -> str | None:
        """Return when the registry may be asked about a domain; waiting takes nothing from the seconds.

        What it returns is for `gather`: the line of a fault where the registry's rate limiter or cache is broken.
        """
        if self.collectors.registration is None or request.registry is RegistryLookUp.LEFT_OUT:
            return None
        try:
            is_fresh = request.registry is RegistryLookUp.AGAIN
            await self.collectors.registration.acquire(request.domain, is_fresh=is_fresh)
        except Exception as error:
            # A full disk or a broken store is the registry's trouble: mail and the others are asked all the same.
            return f"registration: {fault_line(error)}"
        return None

    async def gather(self, request: SurveyRequest, seconds: float, limiter_fault: str | None = None) -> Gathered:
        """Ask what a request wants; whoever has not answered after `seconds` is unknown."""
        if self._is_mail_alone:
            since = monotonic()
            mail = await self.collectors.mail_for(request).collect(request.domain, seconds=seconds)
            timing = Timing(monotonic() - since)
            return Gathered(mail, _NO_REGISTRATION, _NO_MICROSOFT, _NO_NETWORK, timing)
        return await _Inquiry(self.collectors, request, seconds, limiter_fault).run()


class _Inquiry:
    """One domain, asked of everybody at once."""

    def __init__(
        self, collectors: Collectors, request: SurveyRequest, seconds: float, limiter_fault: str | None
    ) -> None:
        self._collectors = collectors
        self._request = request
        self._domain = request.domain
        self._seconds = seconds
        self._since = monotonic()
        self._took: dict[str, float] = {}
        self._may_ask_registry = limiter_fault is None
        self._faults = [] if limiter_fault is None else [limiter_fault]

    async def run(self) -> Gathered:
        async with asyncio.TaskGroup() as group:
            mail = group.create_task(self._mail())
            registration = group.create_task(self._registration())
            microsoft = group.create_task(self._microsoft())
            network = group.create_task(self._network(mail))
        took = self._took
        timing = Timing(took["mail"], took.get("registration"), took.get("microsoft"), took.get("network"))
        faults = tuple(self._faults)
        return Gathered(mail.result(), registration.result(), microsoft.result(), network.result(), timing, faults)

    async def _mail(self) -> MailEvidence:
        # Waiting for a place among the questions under way does not count for mail: no clock runs beside its own.
        answers = self._collectors.mail_for(self._request).collect(self._domain, seconds=self._seconds)
        got = await self._answers("mail", answers, None)
        return all_unknown(got) if isinstance(got, str) else got

    async def _registration(self) -> RegistrationEvidence:
        collector, registry = self._collectors.registration, self._request.registry
        if collector is None or registry is RegistryLookUp.LEFT_OUT:
            return _NO_REGISTRATION
        if not self._may_ask_registry:
            return RegistrationEvidence(*[Unknown(FAILED)] * 4)
        seconds = min(LOOK_UP_SECONDS, self._seconds)
        work = collector.collect(self._domain, seconds=seconds, is_fresh=registry is RegistryLookUp.AGAIN)
        got = await self._answers("registration", work, self._seconds)
        return RegistrationEvidence(*[Unknown(got)] * 4) if isinstance(got, str) else got

    async def _microsoft(self) -> MicrosoftEvidence:
        collector, is_deep = self._collectors.microsoft, self._request.is_deep
        if collector is None:
            return _NO_MICROSOFT
        seconds = min(COLLECT_SECONDS, self._seconds)
        work = collector.collect(self._domain, deep=is_deep, seconds=seconds)
        got = await self._answers("microsoft", work, self._seconds)
        if isinstance(got, str):
            return MicrosoftEvidence(Unknown(got), Unknown(got) if is_deep else NOT_ASKED)
        return got

    async def _network(self, mail: asyncio.Task[MailEvidence]) -> NetworkEvidence:
        networks = self._collectors.networks
        if networks is None:
            return _NO_NETWORK
        got = await self._answers("network", self._stand_of_hosts(networks, mail), self._seconds)
        return NetworkEvidence(Unknown(got), Unknown(got)) if isinstance(got, str) else got

    async def _stand_of_hosts(self, networks: HostNetworks, mail: asyncio.Task[MailEvidence]) -> NetworkEvidence:
        [web] = await networks.look_up.addresses([self._domain])
        # Shielded: who gives up waiting here must not take the mail answers along.
        mx = (await asyncio.shield(mail)).mx
        host: Signal[tuple[str, ...]] = Unknown(mx.reason) if isinstance(mx, Unknown) else NOT_ASKED
        if isinstance(mx, Found):
            [host] = await networks.look_up.addresses([mx.value[0].host])
        return networks.files.collect(HostAddresses(mx=host, web=web))

    async def _answers(self, kind: str, work: Awaitable[T], seconds: float | None) -> T | str:
        """Return what one collector gives, or the reason why that is unknown; None for `seconds` sets no clock."""
        try:
            async with asyncio.timeout(None if seconds is None else seconds + _GRACE_SECONDS):
                return await work
        except TimeoutError:
            return LATE
        except Exception as error:
            # Collectors never raise for a remote failure. One that does is broken, and the others' answers still count.
            self._faults.append(f"{kind}: {fault_line(error)}")
            return FAILED
        finally:
            self._took[kind] = monotonic() - self._since

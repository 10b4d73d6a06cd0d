"""Settings -> an open survey with all collectors that are switched on. The only reader of their flags.

In: settings, and what the command line adds to them. Out: a survey, ready for use, whose clients close with it.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from hunter.collectors.gathering import Collectors, HostNetworks
from hunter.collectors.mail.addresses import AddressLookUp
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.collectors.microsoft.collect import TenantCollector
from hunter.collectors.microsoft.endpoint import CALL_SECONDS, WORLDWIDE, MicrosoftEndpoint
from hunter.collectors.microsoft.kept_answers import AnswerStore
from hunter.collectors.microsoft.kept_files import FileStore
from hunter.collectors.microsoft.politeness import Turns
from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.collect import NetworkCollector
from hunter.collectors.network.databases import AddressDatabases
from hunter.collectors.pacing import EachOf, Pace, Waits, is_public_address
from hunter.collectors.registration.bootstrap import Bootstrap, load_bootstrap
from hunter.collectors.registration.cache import RegistrationCache
from hunter.collectors.registration.collect import RegistrationCollector
from hunter.collectors.registration.suffix_list import renewed_suffixes
from hunter.collectors.shared_pace import SharedPace
from hunter.collectors.survey import Survey
from hunter.core.errors import InvalidInput, Unavailable
from hunter.core.evidence import Realm, Tenant
from hunter.core.public_suffix import use_suffixes
from hunter.core.signatures import Signatures
from hunter.core.snapshot_microsoft import read_realm, read_tenant, write_realm, write_tenant
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.outbound.targets import AllowedTargets, InvalidTarget, parse_targets
from hunter.settings.fields import Settings
from hunter.wiring.process import data_folder, utc_now

DNS_PORT: Final = 53
#: Calls to Microsoft's sign-in service.
_CALLS_PER_SECOND: Final = 1.0
_WEB_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller wants besides the settings."""

    #: Name servers to ask, each `HOST[:PORT]`; without any those of the settings.
    servers: Sequence[str] = ()
    #: Name servers of another operator, for requests that want another answer than the usual one.
    other_servers: Sequence[str] = ()
    #: Whether registries can be asked.
    registration: bool = True


class SharedParts(Protocol):
    """What all processes share; `wiring.shared` has it, with packages that a scan by hand does not need."""

    def pace(self, name: str, per_second: float) -> Waits:
        """Return the pace that all processes keep together towards a neighbour."""
        ...

    def registrations(self) -> RegistrationCache:
        """Return where registrations are kept."""
        ...

    def tenants(self) -> AnswerStore[Tenant]:
        """Return where Microsoft's answers about tenants are kept."""
        ...

    def realms(self) -> AnswerStore[Realm]:
        """Return where Microsoft's answers about sign-in are kept."""
        ...


@asynccontextmanager
async def open_survey(
    settings: Settings,
    signatures: Signatures,
    wanted: Wanted,
    *,
    warn: Callable[[str], None],
    clock: Callable[[], datetime] = utc_now,
    shared: SharedParts | None = None,
) -> AsyncIterator[Survey]:
    """Open a survey; `warn` is told in a sentence what is switched on and cannot be used.

    With `shared`, paces and kept answers are those of all processes; without it they are those of this machine.

    Named name servers are asked at no fixed pace; others at that of the settings, if any of them is public. A public
    resolver never gets more questions a second than the settings allow, named or not.
    Raises `InvalidInput` for what is no `HOST[:PORT]`, `Unavailable` for a host name that cannot be resolved.
    """
    plan = plan_questions(settings, wanted.servers)
    _use_renewed_suffixes(data_folder(settings), warn)
    async with AsyncExitStack() as open_things:
        resolver = await _resolver(plan.upstreams, open_things)
        others = [_upstream(text, settings) for text in wanted.other_servers]
        collectors = Collectors(
            MailCollector(resolver, signatures),
            await _registration(settings, open_things, warn, shared=shared) if wanted.registration else None,
            await _microsoft(settings, open_things, warn, shared=shared) if settings.tenant_lookup_enabled else None,
            _networks(settings, resolver, warn) if settings.enrichment_enabled else None,
            other_mail=MailCollector(await _resolver(others, open_things), signatures) if others else None,
        )
        rate = plan.analyses_per_second
        pace = Pace(rate) if shared is None else shared.pace("dns", rate)
        yield Survey(collectors, clock=clock, pace=pace, seconds=settings.domain_timeout_ms / 1000)


async def _resolver(upstreams: Sequence[Upstream], open_things: AsyncExitStack) -> Resolver:
    try:
        return await open_things.enter_async_context(Resolver(upstreams))
    except OSError as error:
        raise Unavailable(f"a name server cannot be used: {error}") from error


async def _registration(
    settings: Settings, open_things: AsyncExitStack, warn: Callable[[str], None], *, shared: SharedParts | None
) -> RegistrationCollector:
    """Open the registries; both servers named by the operator are asked at the pace for private ones."""
    folder = data_folder(settings)
    collector = RegistrationCollector(
        pace=_registration_pace(settings, open_things, warn, shared=shared),
        cache=shared.registrations() if shared is not None else None,
        bootstrap=_bootstrap(folder, warn),
        rdap_base=settings.rdap_base,
        whois_server=settings.whois_server,
        allowed=allowed_targets(settings),
    )
    return await open_things.enter_async_context(collector)


def _registration_pace(
    settings: Settings, open_things: AsyncExitStack, warn: Callable[[str], None], *, shared: SharedParts | None
) -> Waits:
    if settings.rdap_base is not None and settings.whois_server is not None:
        return Pace(settings.registration_private_rate_per_second)
    rate = settings.registration_rate_per_second
    if not rate:
        return Pace(0)
    own = _machines_pace(settings, "registration", rate, open_things, warn=warn) or Pace(rate)
    return own if shared is None else EachOf([shared.pace("whois", rate), own])


def _machines_pace(
    settings: Settings, name: str, rate: float, open_things: AsyncExitStack, *, warn: Callable[[str], None]
) -> SharedPace | None:
    """Open the pace that all processes of this machine keep together; None where there is no place for it."""
    try:
        pace = SharedPace(data_folder(settings), name, rate)
    except Unavailable as error:
        warn(f"{error}; other processes on this machine do not share the pace: {name}")
        return None
    open_things.callback(pace.close)
    return pace


def _bootstrap(folder: Path, warn: Callable[[str], None]) -> Bootstrap:
    try:
        return load_bootstrap(folder)
    except InvalidInput as error:
        warn(f"{error}; going on with the list that came with Hunter, `hunter data refresh` mends it")
        return load_bootstrap()


def _use_renewed_suffixes(folder: Path, warn: Callable[[str], None]) -> None:
    try:
        suffixes = renewed_suffixes(folder)
    except InvalidInput as error:
        warn(f"{error}; going on with the list that came with Hunter, `hunter data refresh` mends it")
        return
    if suffixes is not None:
        use_suffixes(suffixes)


async def _microsoft(
    settings: Settings, open_things: AsyncExitStack, warn: Callable[[str], None], *, shared: SharedParts | None
) -> TenantCollector:
    """Open Microsoft's sign-in service; one on this machine or in a private network is no service of Microsoft's."""
    base = settings.tenant_lookup_base
    host, allowed = urlsplit(base).hostname or "", allowed_targets(settings)
    if base != WORLDWIDE:
        try:
            allowed = allowed.with_target(host, urlsplit(base).port or _WEB_PORTS[urlsplit(base).scheme])
        except InvalidTarget as error:
            raise InvalidInput(f"HUNTER_TENANT_LOOKUP_BASE: {error}") from error
    client = guarded_client(Guard(allowed), headers={}, seconds=CALL_SECONDS)
    http = await open_things.enter_async_context(client)
    if not is_public_address(host):
        return TenantCollector(MicrosoftEndpoint(http, base=base, turns=Turns(0)))
    machines = _machines_pace(settings, "microsoft", _CALLS_PER_SECOND, open_things, warn=warn)
    endpoint = MicrosoftEndpoint(http, base=base, turns=machines or Turns(_CALLS_PER_SECOND))
    if shared is not None:
        return TenantCollector(endpoint, tenants=shared.tenants(), realms=shared.realms())
    return TenantCollector(endpoint, tenants=tenants_in_files(settings), realms=realms_in_files(settings))


def tenants_in_files(settings: Settings) -> FileStore[Tenant]:
    """Return where this machine keeps what Microsoft said of tenants."""
    return FileStore(data_folder(settings) / "microsoft" / "tenants", write=write_tenant, read=read_tenant)


def realms_in_files(settings: Settings) -> FileStore[Realm]:
    """Return where this machine keeps what Microsoft said of sign-in."""
    return FileStore(data_folder(settings) / "microsoft" / "realms", write=write_realm, read=read_realm)


def _networks(settings: Settings, resolver: Resolver, warn: Callable[[str], None]) -> HostNetworks:
    databases = open_databases(settings, tell=warn)
    for sentence in databases.warnings():
        warn(sentence)
    return HostNetworks(AddressLookUp(resolver), NetworkCollector(databases))


def open_databases(settings: Settings, *, tell: Callable[[str], None]) -> AddressDatabases:
    """Open the address files that the settings name; what cannot be used costs its own facts.

    `tell` hears of a file that turns out to be damaged later.
    """
    return AddressDatabases(
        {
            AddressFile.MAXMIND_ASN: settings.maxmind_asn_db,
            AddressFile.MAXMIND_CITY: settings.maxmind_city_db,
            AddressFile.MAXMIND_COUNTRY: settings.maxmind_country_db,
            AddressFile.IP2LOCATION: settings.ip2location_db,
            AddressFile.IP2PROXY: settings.ip2proxy_db,
        },
        tell=tell,
    )


def allowed_targets(settings: Settings) -> AllowedTargets:
    """Return where outgoing calls may lead although it is not public; raises `InvalidInput`."""
    try:
        return parse_targets(settings.outbound_allowed_targets)
    except InvalidTarget as error:
        raise InvalidInput(f"HUNTER_OUTBOUND_ALLOWED_TARGETS: {error}") from error


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """Whom we ask, and how fast."""

    upstreams: tuple[Upstream, ...]
    #: Domain analyses a second; 0 is no limit.
    analyses_per_second: float


def plan_questions(settings: Settings, servers: Sequence[str] = ()) -> QuestionPlan:
    """Decide on name servers and pace: limits hold for public servers that nobody named. Raises `InvalidInput`."""
    upstreams = tuple(_upstream(text, settings) for text in servers or settings.dns_servers)
    is_public = not servers and any(is_public_address(upstream.host) for upstream in upstreams)
    rate = settings.dns_rate_per_second if is_public else settings.dns_private_rate_per_second
    return QuestionPlan(upstreams, rate)


def _upstream(text: str, settings: Settings) -> Upstream:
    host, port = server_address(text)
    is_public = is_public_address(host)
    per_second = settings.dns_upstream_questions_per_second if is_public else 0.0
    return Upstream(host, port, per_second, randomises_case=is_public)


def server_address(text: str) -> tuple[str, int]:
    """Read `HOST`, `HOST:PORT`, `ADDRESS6` or `[ADDRESS6]:PORT`; raises `InvalidInput`."""
    host, port = text.strip(), ""
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        if port and not port.startswith(":"):
            raise InvalidInput(f"{text!r} is no server: write [ADDRESS]:PORT")
        port = port[1:]
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    number = DNS_PORT if not port else int(port) if port.isascii() and port.isdecimal() else 0
    if not host or not host.isprintable() or " " in host or not 0 < number < 65536:
        raise InvalidInput(f"{text!r} is no server: write HOST or HOST:PORT, with a port from 1 to 65535")
    return host, number

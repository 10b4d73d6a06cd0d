"""Settings -> an open survey with all collectors that are switched on. The only reader of their flags.

In: settings, and what the command line adds to them. Out: a survey, ready for use, whose clients close with it.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
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
from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.collect import NetworkCollector
from hunter.collectors.network.databases import AddressDatabases
from hunter.collectors.registration.bootstrap import Bootstrap, load_bootstrap
from hunter.collectors.registration.collect import RegistrationCollector
from hunter.collectors.registration.registration import Registration
from hunter.collectors.registration.suffix_list import renewed_suffixes
from hunter.collectors.survey import Survey
from hunter.core.errors import InvalidInput, Unavailable
from hunter.core.evidence import MailEvidence, Realm, Tenant
from hunter.core.names.public_suffix import PublicSuffixes
from hunter.core.provider.signatures import Signatures
from hunter.core.rulebook import Rulebook
from hunter.core.signals import Signal
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.outbound.targets import AllowedTargets, InvalidTarget, parse_targets
from hunter.resilience.cache_store import CacheStore
from hunter.resilience.file_cache import FileCache
from hunter.resilience.token_bucket import BucketStore
from hunter.rules.load import load_rulebook
from hunter.settings.fields import Settings
from hunter.wiring.cache_codecs import REALM, TENANT
from hunter.wiring.neighbour_limits import NeighbourLimits, is_public_address
from hunter.wiring.process import data_folder, utc_now

DNS_PORT: Final = 53
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

    @property
    def buckets(self) -> BucketStore:
        """Return what rate limits are counted in."""
        ...

    def mail(self) -> CacheStore[MailEvidence]:
        """Return the cache of what DNS says of mail."""
        ...

    def registrations(self) -> CacheStore[Registration]:
        """Return the cache of registrations."""
        ...

    def tenants(self) -> CacheStore[Signal[Tenant]]:
        """Return the cache of Microsoft's answers about tenants."""
        ...

    def realms(self) -> CacheStore[Signal[Realm]]:
        """Return the cache of Microsoft's answers about sign-in."""
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

    With `shared`, rate limits and caches are those of all processes; without it they are those of this machine.

    Named name servers have no limit of domains, others that of the settings if any of them is public. A public resolver
    never gets more questions a second than the settings allow, named or not.
    Raises `InvalidInput` for what is no `HOST[:PORT]`, `Unavailable` for a host name that cannot be resolved.
    """
    plan = plan_questions(settings, wanted.servers)
    suffixes = signatures.suffixes
    async with AsyncExitStack() as open_things:
        resolver = await _resolver(plan.upstreams, open_things)
        others = [_upstream(text, settings) for text in wanted.other_servers]
        opened = open_things.enter_context(ExitStack())
        limits = NeighbourLimits(settings, shared.buckets if shared is not None else None, opened, warn=warn)
        collectors = Collectors(
            MailCollector(resolver, signatures),
            await _registration(settings, open_things, limits, warn=warn, suffixes=suffixes, shared=shared)
            if wanted.registration
            else None,
            await _microsoft(settings, open_things, limits, suffixes=suffixes, shared=shared)
            if settings.tenant_lookup_enabled
            else None,
            _networks(settings, resolver, warn) if settings.enrichment_enabled else None,
            other_mail=MailCollector(await _resolver(others, open_things), signatures) if others else None,
        )
        limiter = limits.dns(plan.analyses_per_second)
        dns = shared.mail() if shared is not None else None
        yield Survey(collectors, clock=clock, limiter=limiter, dns=dns, seconds=settings.domain_timeout_ms / 1000)


async def _resolver(upstreams: Sequence[Upstream], open_things: AsyncExitStack) -> Resolver:
    try:
        return await open_things.enter_async_context(Resolver(upstreams))
    except OSError as error:
        raise Unavailable(f"a name server cannot be used: {error}") from error


async def _registration(
    settings: Settings,
    open_things: AsyncExitStack,
    limits: NeighbourLimits,
    *,
    warn: Callable[[str], None],
    suffixes: PublicSuffixes,
    shared: SharedParts | None,
) -> RegistrationCollector:
    folder = data_folder(settings)
    collector = RegistrationCollector(
        limiter=limits.registry(),
        cache=shared.registrations() if shared is not None else None,
        bootstrap=_bootstrap(folder, warn),
        rdap_base=settings.rdap_base,
        whois_server=settings.whois_server,
        allowed=allowed_targets(settings),
        suffixes=suffixes,
    )
    return await open_things.enter_async_context(collector)


def _bootstrap(folder: Path, warn: Callable[[str], None]) -> Bootstrap:
    try:
        return load_bootstrap(folder)
    except InvalidInput as error:
        warn(f"{error}; going on with the list that came with Hunter, `hunter data refresh` mends it")
        return load_bootstrap()


def load_rules(settings: Settings, warn: Callable[[str], None]) -> Rulebook:
    """Load the rules with the public suffixes of the data folder where those are newer than the package's."""
    try:
        renewed = renewed_suffixes(data_folder(settings))
    except InvalidInput as error:
        warn(f"{error}; going on with the list that came with Hunter, `hunter data refresh` mends it")
        renewed = None
    return load_rulebook(suffixes=None if renewed is None else PublicSuffixes(renewed))


async def _microsoft(
    settings: Settings,
    open_things: AsyncExitStack,
    limits: NeighbourLimits,
    *,
    suffixes: PublicSuffixes,
    shared: SharedParts | None,
) -> TenantCollector:
    """Open Microsoft's sign-in service; what one on this machine or in a private network says is not cached here."""
    base = settings.tenant_lookup_base
    host, allowed = urlsplit(base).hostname or "", allowed_targets(settings)
    if base != WORLDWIDE:
        try:
            allowed = allowed.with_target(host, urlsplit(base).port or _WEB_PORTS[urlsplit(base).scheme])
        except InvalidTarget as error:
            raise InvalidInput(f"HUNTER_TENANT_LOOKUP_BASE: {error}") from error
    client = guarded_client(Guard(allowed), headers={}, seconds=CALL_SECONDS)
    http = await open_things.enter_async_context(client)
    endpoint = MicrosoftEndpoint(http, base=base, limiter=limits.microsoft(host))
    if not is_public_address(host):
        return TenantCollector(endpoint, suffixes=suffixes)
    if shared is not None:
        return TenantCollector(endpoint, tenants=shared.tenants(), realms=shared.realms(), suffixes=suffixes)
    tenants, realms = tenants_in_files(settings), realms_in_files(settings)
    return TenantCollector(endpoint, tenants=tenants, realms=realms, suffixes=suffixes)


def tenants_in_files(settings: Settings) -> FileCache[Signal[Tenant]]:
    """Return this machine's cache of what Microsoft said of tenants."""
    return FileCache(data_folder(settings) / "microsoft" / "tenants", TENANT)


def realms_in_files(settings: Settings) -> FileCache[Signal[Realm]]:
    """Return this machine's cache of what Microsoft said of sign-in."""
    return FileCache(data_folder(settings) / "microsoft" / "realms", REALM)


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
    """Decide on name servers and rate: limits hold for public servers that nobody named. Raises `InvalidInput`."""
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

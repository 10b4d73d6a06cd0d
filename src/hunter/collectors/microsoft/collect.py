"""The Microsoft collector: a domain name in, Microsoft's own public answers about it out. The door of this folder.

It asks one discovery document for each name and, on demand, the realm. Nobody's mailbox or user is asked for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

from hunter.collectors.microsoft.answers import HTTPAnswer
from hunter.collectors.microsoft.endpoint import MicrosoftEndpoint
from hunter.collectors.microsoft.realm import parse_realm, realm_path
from hunter.collectors.microsoft.tenant import parse_tenant, tenant_path
from hunter.core.domain_name import is_valid_domain
from hunter.core.evidence import MicrosoftEvidence, Realm, Tenant
from hunter.core.public_suffix import PublicSuffixes, shipped_suffixes
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from hunter.resilience.cache_store import CacheStore
from hunter.resilience.memory_cache import MemoryCache
from hunter.resilience.ttl_cache import Grade, Lifetimes, TTLCache

T = TypeVar("T")

#: For how long answers are cached: 30 days, 7 days, a minute.
LIFETIMES: Final = Lifetimes(found=30 * 86_400, absent=7 * 86_400, failed=60)
#: Reasons for which nobody was asked.
_NOT_ASKED: Final = ("circuit_open", "rate_limited_locally")
#: Longest time for all about one domain, waiting for the rate limiter included.
COLLECT_SECONDS: Final = 8.0

Read = Callable[[HTTPAnswer, str], Signal[T]]


class TenantCollector:
    """Collects Microsoft evidence through one endpoint; belongs to the loop of that endpoint."""

    def __init__(
        self,
        endpoint: MicrosoftEndpoint,
        *,
        tenants: CacheStore[Signal[Tenant]] | None = None,
        realms: CacheStore[Signal[Realm]] | None = None,
        suffixes: PublicSuffixes | None = None,
    ) -> None:
        self._suffixes = suffixes or shipped_suffixes()
        self._endpoint = endpoint
        self._tenants = _cache(tenants)
        self._realms = _cache(realms)

    async def collect(self, domain: str, *, deep: bool = False, seconds: float = COLLECT_SECONDS) -> MicrosoftEvidence:
        """Ask about a domain in canonical form; a remote failure is `Unknown`, never an exception.

        `deep` looks up the realm too. What was not answered within `seconds` is unknown.
        """
        root = self._suffixes.registrable_domain(domain) if is_valid_domain(domain) else None
        if root is None:
            return MicrosoftEvidence(Unknown("name"), Unknown("name") if deep else NOT_ASKED)
        until = monotonic() + seconds
        tenant = await _in_time(until, lambda: self._tenant_of(domain, root, until))
        realm: Signal[Realm] = NOT_ASKED
        if deep:
            realm = await _in_time(until, lambda: self._realm_of(domain, until))
        return MicrosoftEvidence(tenant, realm)

    async def _tenant_of(self, domain: str, root: str, until: float) -> Signal[Tenant]:
        """Look for the tenant of a name and, where that has none, of the registrable domain above it."""
        tenant = (await self._tenants.look_up(domain, lambda: self._ask_tenant(domain, until))).value
        if domain == root or isinstance(tenant, Found):
            return tenant
        above = (await self._tenants.look_up(root, lambda: self._ask_tenant(root, until))).value
        # Absent must hold for both names; a failure below is no answer to what the name above says.
        return tenant if isinstance(above, Absent) else above

    async def _realm_of(self, domain: str, until: float) -> Signal[Realm]:
        return (await self._realms.look_up(domain, lambda: self._ask_realm(domain, until))).value

    async def _ask_tenant(self, name: str, until: float) -> Signal[Tenant]:
        return await self._ask(tenant_path(name), name, until, read=parse_tenant)

    async def _ask_realm(self, name: str, until: float) -> Signal[Realm]:
        return await self._ask(realm_path(name), name, until, read=parse_realm)

    async def _ask(self, path: str, name: str, until: float, *, read: Read[T]) -> Signal[T]:
        answer = await self._endpoint.get(path, until - monotonic())
        return answer if isinstance(answer, Unknown) else read(answer, name)


def _cache(store: CacheStore[Signal[T]] | None) -> TTLCache[Signal[T]]:
    return TTLCache(store if store is not None else MemoryCache[Signal[T]](), LIFETIMES, grade=_grade)


def _grade(signal: Signal[T]) -> Grade:
    if isinstance(signal, Found):
        return Grade.FOUND
    if isinstance(signal, Absent):
        return Grade.ABSENT
    return Grade.NOT_CACHED if signal.reason in _NOT_ASKED else Grade.FAILED


async def _in_time(until: float, ask: Callable[[], Awaitable[Signal[T]]]) -> Signal[T]:
    try:
        async with asyncio.timeout(until - monotonic()):
            return await ask()
    except TimeoutError:
        return Unknown("timeout")

"""The door to the registries: a domain in, registration evidence out; never an exception for a remote failure.

Order: cache, RDAP (3 s), WHOIS with referrals (5 s), else unavailable. One look-up takes one token of the rate limiter
before its seconds begin; what is cached takes none.
"""

import asyncio
import ssl
from dataclasses import replace
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from hunter.collectors.registration.bootstrap import Bootstrap, load_bootstrap
from hunter.collectors.registration.port43 import WHOIS_SECONDS, WhoisClient, split_server
from hunter.collectors.registration.rdap import RDAP_SECONDS, RDAPClient
from hunter.collectors.registration.registration import (
    Outcome,
    Registration,
    evidence_of,
    unavailable,
)
from hunter.collectors.registration.servers import LookUpPlan, RegistryServers, whois_table
from hunter.core.errors import InvalidInput
from hunter.core.evidence import RegistrationEvidence
from hunter.core.public_suffix import PublicSuffixes, shipped_suffixes
from hunter.outbound.guard import Guard, Resolve
from hunter.outbound.targets import NO_TARGETS, AllowedTargets
from hunter.resilience.cache_store import CacheStore
from hunter.resilience.memory_cache import MemoryCache
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.ttl_cache import Grade, Lifetimes, TTLCache

#: For how long outcomes are cached: a day, and ten minutes for a failure.
LIFETIMES: Final = Lifetimes(found=86_400, absent=86_400, failed=600)
#: Longest time on the wire for one look-up.
LOOK_UP_SECONDS: Final = RDAP_SECONDS + WHOIS_SECONDS
_WEB_PORTS: Final = {"https": 443, "http": 80}


class RegistrationCollector:
    """Asks registries about domains; use it as an asynchronous context manager inside one running loop."""

    def __init__(
        self,
        *,
        limiter: RateLimiter,
        cache: CacheStore[Registration] | None = None,
        bootstrap: Bootstrap | None = None,
        rdap_base: str | None = None,
        whois_server: str | None = None,
        allowed: AllowedTargets = NO_TARGETS,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        suffixes: PublicSuffixes | None = None,
    ) -> None:
        """`rdap_base` and `whois_server` (`HOST[:PORT]`) are asked about every domain instead of the registries' own.

        Both may be private; what they redirect or refer to may not, unless `allowed` names it. Raises `InvalidInput`
        for what is no http(s) address or no server.
        """
        self._servers = RegistryServers(bootstrap or load_bootstrap(), whois_table(), rdap_base, whois_server)
        guard = Guard(_with_named(allowed, rdap_base, whois_server), resolve=resolve)
        self._limiter = limiter
        self._suffixes = suffixes or shipped_suffixes()
        store = cache if cache is not None else MemoryCache[Registration]()
        self._cache = TTLCache(store, LIFETIMES, grade=grade_of)
        self._rdap = RDAPClient(guard, tls=tls)
        self._whois = WhoisClient(guard, self._servers.table.queries)

    async def __aenter__(self) -> "RegistrationCollector":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rdap.close()

    async def acquire(self, domain: str, *, is_fresh: bool = False) -> None:
        """Return when a look-up of this domain may begin: at once where nobody would be asked."""
        if await self._known(domain, is_fresh) is None:
            await self._limiter.acquire()

    async def collect(
        self, domain: str, *, seconds: float = LOOK_UP_SECONDS, is_fresh: bool = False
    ) -> RegistrationEvidence:
        """Collect what the registry says of a domain in canonical form, sub-domains included, within `seconds`.

        `acquire` was waited for. `is_fresh` asks again whatever is cached, and caches the new answer; a failure pushes
        out no result.
        """
        return evidence_of(await self._look_up(domain, seconds, is_fresh))

    async def look_up(self, domain: str, *, seconds: float = LOOK_UP_SECONDS, is_fresh: bool = False) -> Registration:
        """Wait for the rate limiter and look up a domain: as `collect`, told as the registry did."""
        await self.acquire(domain, is_fresh=is_fresh)
        return await self._look_up(domain, seconds, is_fresh)

    async def _look_up(self, domain: str, seconds: float, is_fresh: bool) -> Registration:
        known = await self._known(domain, is_fresh)
        if known is not None:
            return known
        name = self._suffixes.registrable_domain(domain) or domain
        plan = self._servers.plan(name)
        answer = await self._cache.look_up(name, lambda: self._ask(plan, name, seconds), is_fresh=is_fresh)
        return replace(answer.value, cached=answer.cached)

    async def _known(self, domain: str, is_fresh: bool) -> Registration | None:
        """Return what can be said of a domain without asking anybody."""
        name = self._suffixes.registrable_domain(domain)
        if name is None:
            return unavailable("not_registrable")
        if not is_fresh and (hit := await self._cache.get(name)) is not None:
            return replace(hit.value, cached=True)
        plan = self._servers.plan(name)
        return None if plan.rdap or plan.whois is not None else unavailable("no_server")

    async def _ask(self, plan: LookUpPlan, name: str, seconds: float) -> Registration:
        clock = asyncio.get_running_loop().time
        since = clock()
        by_rdap = unavailable("no_server")
        if plan.rdap:
            by_rdap = await self._rdap.look_up(plan.rdap, name, seconds=min(RDAP_SECONDS, seconds))
        left = min(WHOIS_SECONDS, seconds - (clock() - since))
        if by_rdap.outcome is not Outcome.UNAVAILABLE or plan.whois is None or left <= 0:
            return by_rdap
        by_whois = await self._whois.look_up(plan.whois, name, seconds=left)
        return _both(by_rdap, by_whois)


def grade_of(registration: Registration) -> Grade:
    """Return how long an outcome may be cached; half a record as briefly as a failure."""
    if registration.outcome is Outcome.UNAVAILABLE or registration.is_partial:
        return Grade.FAILED
    return Grade.FOUND if registration.outcome is Outcome.FOUND else Grade.ABSENT


def _both(by_rdap: Registration, by_whois: Registration) -> Registration:
    """Return WHOIS's outcome with all that was tried; where it had nobody to ask, RDAP's failure is the reason."""
    decisive = by_rdap if by_whois.reason == "no_server" and by_rdap.tried else by_whois
    return replace(decisive, tried=by_rdap.tried + by_whois.tried)


def _with_named(allowed: AllowedTargets, rdap_base: str | None, whois_server: str | None) -> AllowedTargets:
    """Allow what the operator names: that host at that port, and nothing beside it."""
    if rdap_base is not None:
        try:
            parts = urlsplit(rdap_base)
            allowed = allowed.with_target(parts.hostname or "", parts.port or _WEB_PORTS[parts.scheme])
        except (ValueError, KeyError) as error:
            raise InvalidInput(f"{rdap_base!r} is no RDAP base: write https://HOST[:PORT]/PATH") from error
    if whois_server is not None:
        try:
            allowed = allowed.with_target(*split_server(whois_server))
        except ValueError as error:
            raise InvalidInput(f"{whois_server!r} is no WHOIS server: write HOST or HOST:PORT") from error
    return allowed

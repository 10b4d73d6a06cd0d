"""What all processes share through Redis: rate limits, caches, counts.

In: settings and the address of a server. Out: the parts, open while the block runs. Without the server each goes on
alone, as the rooms of `cache` say.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hunter.cache.connection import RedisConnection
from hunter.cache.counters import SharedCounters
from hunter.cache.locks import SharedLocks
from hunter.cache.redis_buckets import RedisBuckets
from hunter.cache.redis_cache import RedisCache
from hunter.cache.tally import Tally
from hunter.collectors.registration.registration import Registration
from hunter.core.evidence import MailEvidence, Realm, Tenant
from hunter.core.signals import Signal
from hunter.resilience.caller_limiter import CallerLimiter
from hunter.resilience.circuit_breaker import CircuitBreaker
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.settings.fields import Settings
from hunter.wiring.cache_codecs import MAIL, REALM, REGISTRATION, TENANT


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts; they belong to one loop."""

    redis: RedisConnection
    tally: Tally
    buckets: RedisBuckets
    counters: SharedCounters

    def limiter(self) -> CallerLimiter:
        """Return what limits the requests of callers."""
        return CallerLimiter(self.buckets)

    def mail(self) -> RedisCache[MailEvidence]:
        """Return the cache of what DNS says of mail."""
        return RedisCache(self.redis, self.tally, "dns", MAIL)

    def locks(self) -> SharedLocks:
        """Return the locks of scans, one object for all of this process."""
        return SharedLocks(self.redis)

    def registrations(self) -> RedisCache[Registration]:
        """Return the cache of registrations."""
        return RedisCache(self.redis, self.tally, "whois", REGISTRATION)

    def tenants(self) -> RedisCache[Signal[Tenant]]:
        """Return the cache of Microsoft's answers about tenants."""
        return RedisCache(self.redis, self.tally, "tenant", TENANT)

    def realms(self) -> RedisCache[Signal[Realm]]:
        """Return the cache of Microsoft's answers about sign-in."""
        return RedisCache(self.redis, self.tally, "realm", REALM)


@asynccontextmanager
async def open_shared(settings: Settings, redis_url: str) -> AsyncIterator[Shared]:
    """Open the parts; raises `InvalidInput` for what is no address of such a server."""
    tally = Tally()
    async with RedisConnection(redis_url, breaker=CircuitBreaker("redis", tell=tally.count_breaker)) as redis:
        processes = settings.worker_processes or os.cpu_count() or 1
        buckets = RedisBuckets(redis, tally, fallback=MemoryBuckets(share=processes))
        counters = SharedCounters(redis, tally)
        async with counters.flushing():
            yield Shared(redis, tally, buckets, counters)

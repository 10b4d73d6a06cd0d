"""What all processes share through Redis: paces, answers kept for a while, limits of callers, counts.

In: settings and the address of a server. Out: the parts, open while the block runs. Without the server each goes on
alone, as the rooms of `cache` say.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from hunter.cache.breaker import CircuitBreaker
from hunter.cache.connection import RedisConnection
from hunter.cache.counters import SharedCounters
from hunter.cache.evidence_cache import KeptInRedis
from hunter.cache.local_buckets import LocalBuckets
from hunter.cache.locks import SharedLocks
from hunter.cache.pace_limiter import SharedPaceInRedis
from hunter.cache.request_limiter import RequestLimiterInRedis
from hunter.cache.shared_buckets import SharedBuckets
from hunter.cache.tally import Tally
from hunter.collectors.registration.registration import Registration
from hunter.core.evidence import Realm, Tenant
from hunter.core.signals import Signal
from hunter.core.snapshot_microsoft import read_realm, read_tenant, write_realm, write_tenant
from hunter.core.snapshot_signals import read_signal, write_signal
from hunter.settings.fields import Settings
from hunter.wiring.kept_shapes import read_registration, write_registration


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts; they belong to one loop."""

    redis: RedisConnection
    tally: Tally
    buckets: SharedBuckets
    counters: SharedCounters

    def pace(self, name: str, per_second: float) -> SharedPaceInRedis:
        """Return the pace that all processes keep together towards a neighbour."""
        return SharedPaceInRedis(self.buckets, name, per_second)

    def limiter(self) -> RequestLimiterInRedis:
        """Return what counts the requests of callers."""
        return RequestLimiterInRedis(self.buckets)

    def locks(self) -> SharedLocks:
        """Return the locks of scans, one object for all of this process."""
        return SharedLocks(self.redis)

    def registrations(self) -> KeptInRedis[Registration]:
        """Return where registrations are kept."""
        return KeptInRedis(self.redis, self.tally, "whois", to_json=write_registration, from_json=read_registration)

    def tenants(self) -> KeptInRedis[Signal[Tenant]]:
        """Return where Microsoft's answers about tenants are kept."""
        return KeptInRedis(
            self.redis,
            self.tally,
            "tenant",
            to_json=partial(write_signal, write=write_tenant),
            from_json=partial(read_signal, read=read_tenant),
        )

    def realms(self) -> KeptInRedis[Signal[Realm]]:
        """Return where Microsoft's answers about sign-in are kept."""
        return KeptInRedis(
            self.redis,
            self.tally,
            "realm",
            to_json=partial(write_signal, write=write_realm),
            from_json=partial(read_signal, read=read_realm),
        )


@asynccontextmanager
async def open_shared(settings: Settings, redis_url: str) -> AsyncIterator[Shared]:
    """Open the parts; raises `InvalidInput` for what is no address of such a server."""
    tally = Tally()
    async with RedisConnection(redis_url, breaker=CircuitBreaker(tell=tally.count_breaker)) as redis:
        processes = settings.worker_processes or os.cpu_count() or 1
        buckets = SharedBuckets(redis, tally, local=LocalBuckets(share=processes))
        counters = SharedCounters(redis, tally)
        async with counters.flushing():
            yield Shared(redis, tally, buckets, counters)

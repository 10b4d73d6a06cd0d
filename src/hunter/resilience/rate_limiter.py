"""The rate limiter towards a neighbour: callers wait until their act may begin, in the order in which they came.

In: a name, acts a second, and the stores that count them. Out: waiting. One second's worth may begin at once after a
rest. A token is taken when the act begins and never before: who gives up costs nobody anything.
"""

import asyncio
from math import inf
from time import monotonic

from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.token_bucket import BucketStore, RateLimit


class RateLimiter:
    """Lets at most so many acts a second begin, over all who share its stores; 0 is no limit. Belongs to one loop."""

    def __init__(self, name: str, per_second: float, *stores: BucketStore, keep_idle_seconds: float = 0.0) -> None:
        """Each store must have a token: that of all machines, and that of this one. Without any this process counts."""
        self._stores = stores or (MemoryBuckets(),)
        self._limit: RateLimit | None = None
        if per_second > 0:
            self._limit = RateLimit(name, per_second, max(1.0, per_second), keep_idle_seconds)
        # Callers are served in the order they came, and a store hears one question a process at a time.
        self._lock = asyncio.Lock()
        self._queued = 0

    async def acquire(self) -> None:
        """Return when the next act may begin."""
        await self.acquire_within(inf)

    async def acquire_within(self, seconds: float) -> bool:
        """Wait until the next act may begin; False as soon as it is known that it may not within the time."""
        limit = self._limit
        if limit is None or seconds < 0:
            return seconds >= 0
        # Whoever stands here already needs a token of their own: that much is known without asking.
        if (self._queued + 1 - limit.burst) / limit.per_second > seconds:
            return False
        self._queued += 1
        try:
            return await self._queue(limit, monotonic() + seconds)
        finally:
            self._queued -= 1

    async def _queue(self, limit: RateLimit, until: float) -> bool:
        try:
            async with asyncio.timeout(None if until == inf else until - monotonic()):
                await self._lock.acquire()
        except TimeoutError:
            return False
        try:
            return await self._take_all(limit, until)
        finally:
            self._lock.release()

    async def _take_all(self, limit: RateLimit, until: float) -> bool:
        for store in self._stores:
            while (wait := await store.take(limit)) > 0:
                if monotonic() + wait > until:
                    return False
                await asyncio.sleep(wait)
        return True

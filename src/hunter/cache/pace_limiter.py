"""The pace of all workers together towards public neighbours: `dns` and `whois` (engine specification 7.2).

In: a name and acts a second. Out: waiting until the next act may begin. A second's worth may begin at once.
"""

import asyncio
from typing import Final

from hunter.cache.shared_buckets import SharedBuckets

#: Longer than anything cached: when memory is short the server drops what ends soonest, and a dropped bucket is full.
_KEPT_SECONDS: Final = 31 * 86_400.0


class SharedPaceInRedis:
    """Lets at most so many acts a second begin, over all processes with this name; 0 is no limit."""

    def __init__(self, buckets: SharedBuckets, name: str, per_second: float) -> None:
        self._buckets = buckets
        self._name = name
        self._per_second = per_second
        # Callers are served in the order they came, and the server hears one question a process.
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next act may begin."""
        if self._per_second <= 0:
            return
        async with self._turn:
            while (seconds := await self._take()) > 0:
                await asyncio.sleep(seconds)

    async def _take(self) -> float:
        rate = self._per_second
        return await self._buckets.take(self._name, per_second=rate, burst=max(1.0, rate), kept_seconds=_KEPT_SECONDS)

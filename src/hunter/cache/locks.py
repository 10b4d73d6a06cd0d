"""One scan of a domain at a time, over all processes: locks in Redis that a killed holder cannot keep.

In: domains. Out: those that the caller holds now. A lock is a key with the holder's token and a time to live; without
Redis each process keeps its own scans apart, and the store still refuses an older scan behind a newer one.
"""

import time
from collections.abc import Callable, Collection, Sequence
from math import ceil
from secrets import token_hex
from typing import Final

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.cache.keys import lock_key

#: Longer than a survey with all its waits and the transaction behind it; a holder that was killed costs no more.
LEASE_SECONDS: Final = 60.0
#: KEYS: locks. ARGV: token, milliseconds. Answers 1 for each lock that is the token's now.
TAKE: Final = """
local held = {}
for at, key in ipairs(KEYS) do
  held[at] = redis.call('SET', key, ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
end
return held
"""
#: KEYS: locks. ARGV: token. Only the token's own locks go.
GIVE_BACK: Final = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
return 1
"""


class LocalLocks:
    """Locks of this process alone; each ends by itself like a shared one."""

    def __init__(self, *, lease_seconds: float = LEASE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease_seconds = lease_seconds
        self._clock = clock
        #: When each lock ends, by domain.
        self._ends: dict[str, float] = {}

    async def take(self, domains: Sequence[str]) -> frozenset[str]:
        """Take the locks that are free; returns the domains whose lock is the caller's now."""
        now = self._clock()
        free = frozenset(domain for domain in domains if self._ends.get(domain, now) <= now)
        self._ends.update(dict.fromkeys(free, now + self._lease_seconds))
        return free

    async def give_back(self, domains: Collection[str]) -> None:
        """Free locks that the caller holds."""
        for domain in domains:
            self._ends.pop(domain, None)


class SharedLocks:
    """Locks of all processes, in one call for any number of domains."""

    def __init__(self, connection: RedisConnection, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._connection = connection
        self._local = LocalLocks(lease_seconds=lease_seconds)
        self._milliseconds = ceil(1000 * lease_seconds)
        # One token for a process is enough: within it the local locks keep its own scans apart.
        self._token = token_hex(16)

    async def take(self, domains: Sequence[str]) -> frozenset[str]:
        """Take the locks that are free; returns the domains whose lock is the caller's now."""
        own = sorted(await self._local.take(domains))
        held = await self._take_shared(own) if own else frozenset[str]()
        await self._local.give_back([domain for domain in own if domain not in held])
        return held

    async def give_back(self, domains: Collection[str]) -> None:
        """Free locks that the caller holds; where Redis is away they end by themselves."""
        await self._local.give_back(domains)
        if not domains:
            return

        async def ask(redis: Redis) -> object:
            return await AsyncScript(redis, GIVE_BACK)(_keys(domains), (self._token,))

        try:
            await self._connection.call(ask)
        except RedisUnavailable:
            return

    async def _take_shared(self, domains: Sequence[str]) -> frozenset[str]:
        async def ask(redis: Redis) -> list[int]:
            answer: list[int] = await AsyncScript(redis, TAKE)(_keys(domains), (self._token, self._milliseconds))
            return answer

        try:
            taken = await self._connection.call(ask)
        except RedisUnavailable:
            return frozenset(domains)
        return frozenset(domain for domain, is_taken in zip(domains, taken, strict=True) if is_taken)


def _keys(domains: Collection[str]) -> list[str]:
    return [lock_key(domain) for domain in domains]

"""Counters that all processes share: what each has counted goes to Redis once a second, and is read from there.

In: a tally. Out: sums by group and name. While Redis is away a process keeps its counts and hands them over later; a
hand-over that failed half-way is repeated, so a count may be a little high after an outage.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.cache.keys import counts_key
from hunter.cache.tally import MOST_NAMES, OTHERS, Tally

FLUSH_SECONDS: Final = 1.0
#: KEYS: a hash for each count. ARGV: fields of a hash at most, the field of what is over, then field and amount each.
ADD: Final = """
for place, key in ipairs(KEYS) do
  local field, amount = ARGV[2 * place + 1], ARGV[2 * place + 2]
  if redis.call('HEXISTS', key, field) == 0 and redis.call('HLEN', key) >= tonumber(ARGV[1]) then
    field = ARGV[2]
  end
  redis.call('HINCRBY', key, field, amount)
end
"""
Counts = Mapping[str, Mapping[str, int]]


class SharedCounters:
    """Sums over all processes; they have no end, so the server never drops them for want of memory."""

    def __init__(self, connection: RedisConnection, tally: Tally, *, most: int = MOST_NAMES) -> None:
        self._connection = connection
        self._tally = tally
        self._most = most

    @asynccontextmanager
    async def flushing(self, *, every_seconds: float = FLUSH_SECONDS) -> AsyncIterator[None]:
        """Hand over what was counted once in so many seconds until the block is left, and then once more."""
        task = asyncio.create_task(self._keep_flushing(every_seconds))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.flush()

    async def flush(self) -> bool:
        """Hand over what was counted; False where Redis is away and the counts are kept."""
        taken = self._tally.take()
        rows = [(counts_key(group), name, amount) for group, names in taken.items() for name, amount in names.items()]
        if not rows:
            return True
        is_kept = False
        try:
            await self._connection.call(lambda redis: _add(redis, rows, self._most))
            is_kept = True
        except RedisUnavailable:
            pass
        finally:
            if not is_kept:
                self._tally.give_back(taken)
        return is_kept

    async def read(self, *groups: str) -> Counts:
        """Return the sums of groups by name; where Redis is away, what this process has counted."""
        await self.flush()
        own = self._tally.seen()
        try:
            return {group: await self._group(group) for group in groups}
        except RedisUnavailable:
            return {group: own.get(group, {}) for group in groups}

    async def expirations(self) -> int:
        """Return how many keys have reached their end since the server began; 0 where Redis is away."""
        try:
            told = await self._connection.call(lambda redis: redis.info("stats"))
        except RedisUnavailable:
            return 0
        return int(told.get("expired_keys", 0))

    async def _group(self, group: str) -> dict[str, int]:
        fields = await self._connection.call(lambda redis: redis.hgetall(counts_key(group)))
        return {_text(name): int(amount) for name, amount in fields.items()}

    async def _keep_flushing(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.flush()


async def _add(redis: Redis, rows: list[tuple[str, str, int]], most: int) -> None:
    words = [word for _, name, amount in rows for word in (name, amount)]
    await AsyncScript(redis, ADD)([key for key, _, _ in rows], [most, OTHERS, *words])


def _text(name: bytes | str) -> str:
    return name if isinstance(name, str) else name.decode(errors="replace")

"""What was learned lately, shared by all workers (engine specification 7.1): JSON values under `cache:<kind>:<name>`.

In: a value, how it becomes JSON values, and for how long. Out: the value, or None where nothing is cached. Trouble of
any kind is a miss.
"""

import json
from logging import getLogger
from typing import Generic, TypeVar

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.cache.keys import cache_key, masked
from hunter.cache.tally import Tally
from hunter.resilience.cache_store import UNREADABLE, CacheCodec, CacheHit

T = TypeVar("T")
LOG = getLogger(__name__)


class RedisCache(Generic[T]):
    """A `CacheStore` in Redis for one kind of answer."""

    def __init__(self, connection: RedisConnection, tally: Tally, kind: str, codec: CacheCodec[T]) -> None:
        self._connection = connection
        self._tally = tally
        self._kind = kind
        self._codec = codec

    async def get(self, name: str) -> CacheHit[T] | None:
        """Return what is cached; None where nothing is, no longer, or nothing that can be read."""
        hit = await self._read(name)
        self._count("misses" if hit is None else "hits")
        return hit

    async def put(self, name: str, value: T, seconds: float) -> None:
        """Cache a value for so many seconds; for no time, cache nothing."""
        milliseconds = int(seconds * 1000)
        if milliseconds <= 0:
            await self.forget(name)
            return
        text = json.dumps(self._codec.to_json(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        try:
            await self._connection.call(lambda redis: redis.set(cache_key(self._kind, name), text, px=milliseconds))
        except RedisUnavailable:
            return
        self._count("sets")

    async def forget(self, name: str) -> None:
        """Cache nothing of a name."""
        try:
            dropped = await self._connection.call(lambda redis: redis.delete(cache_key(self._kind, name)))
        except RedisUnavailable:
            return
        if dropped:
            self._count("deletes")

    async def _read(self, name: str) -> CacheHit[T] | None:
        key = cache_key(self._kind, name)
        try:
            text = await self._connection.call(lambda redis: redis.get(key))
            return None if text is None else CacheHit(self._codec.from_json(json.loads(text)))
        except RedisUnavailable:
            return None
        except UNREADABLE as error:
            LOG.warning("cache_value_unreadable %s: %s", masked(key), type(error).__name__)
            return None

    def _count(self, what: str) -> None:
        self._tally.count("cache", f"{self._kind}:{what}")

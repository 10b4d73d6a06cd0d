"""What was learned lately, shared by all workers (engine specification 7.1): JSON values under `cache:<kind>:<name>`.

In: a shape, how to write and read it as JSON values, and for how long. Out: the shape, or None where nothing is kept.
Trouble of any kind is nothing kept.
"""

import json
from collections.abc import Callable
from logging import getLogger
from typing import Any, Final, Generic, TypeVar

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.cache.keys import cache_key, masked
from hunter.cache.tally import Tally

T = TypeVar("T")
LOG = getLogger(__name__)
#: What a reader stumbles over in a text of another release, or of nobody's.
_UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class KeptInRedis(Generic[T]):
    """Keeps one kind of answer by name. A kept "nothing" is a value like any other, and no miss."""

    def __init__(
        self,
        connection: RedisConnection,
        tally: Tally,
        kind: str,
        *,
        to_json: Callable[[T], Any],
        from_json: Callable[[Any], T],
    ) -> None:
        """`to_json` returns JSON values, dates as ISO text; `from_json` reads them and may raise what readers raise."""
        self._connection = connection
        self._tally = tally
        self._kind = kind
        self._to_json = to_json
        self._from_json = from_json

    async def get(self, name: str) -> T | None:
        """Return what is kept; None where nothing is, no longer, or nothing that can be read."""
        value = await self._read(name)
        self._count("misses" if value is None else "hits")
        return value

    async def put(self, name: str, value: T, seconds: float) -> None:
        """Keep a value for so long; nothing is kept for no time."""
        milliseconds = int(seconds * 1000)
        if milliseconds <= 0:
            await self.forget(name)
            return
        text = json.dumps(self._to_json(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        try:
            await self._connection.call(lambda redis: redis.set(cache_key(self._kind, name), text, px=milliseconds))
        except RedisUnavailable:
            return
        self._count("sets")

    async def forget(self, name: str) -> None:
        """Keep nothing of a name."""
        try:
            dropped = await self._connection.call(lambda redis: redis.delete(cache_key(self._kind, name)))
        except RedisUnavailable:
            return
        if dropped:
            self._count("deletes")

    async def _read(self, name: str) -> T | None:
        key = cache_key(self._kind, name)
        try:
            text = await self._connection.call(lambda redis: redis.get(key))
            return None if text is None else self._from_json(json.loads(text))
        except RedisUnavailable:
            return None
        except _UNREADABLE as error:
            LOG.warning("cache_value_unreadable %s: %s", masked(key), type(error).__name__)
            return None

    def _count(self, what: str) -> None:
        self._tally.count("cache", f"{self._kind}:{what}")

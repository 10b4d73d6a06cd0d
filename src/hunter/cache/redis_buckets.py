"""Token buckets that all processes share (engine specification 7.2): one script on the server, by the server's clock.

In: a limit. Out: 0, or the seconds until there is a token. Without Redis each process counts for itself, with its share
of the limit.
"""

from math import ceil
from typing import Final

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.cache.keys import bucket_keys
from hunter.cache.tally import Tally
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.token_bucket import RateLimit

#: As `token_bucket.take_token`, in one step. KEYS: tokens, time. ARGV: tokens a second, tokens at most, milliseconds
#: after which an idle bucket is forgotten.
#: A clock that was set back fills nothing and goes on from there.
#: A token counts as whole a billionth early, as texts are rounded; a refusal never reads as 0.
TAKE: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local rate, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = tonumber(redis.call('GET', KEYS[1]) or '')
local since = tonumber(redis.call('GET', KEYS[2]) or '')
if not tokens or not since then
  tokens, since = most, now
end
tokens = math.min(most, tokens + math.max(0, now - since) * rate)
local wait = 0
if tokens < 1 - 1e-9 then
  wait = math.max(0.001, (1 - tokens) / rate)
else
  tokens = math.max(0, tokens - 1)
end
redis.call('SET', KEYS[1], string.format('%.9f', tokens), 'PX', ARGV[3])
redis.call('SET', KEYS[2], string.format('%.6f', now), 'PX', ARGV[3])
return string.format('%.6f', wait)
"""


class RedisBuckets:
    """A `BucketStore` in Redis, and this process's own while Redis is away."""

    def __init__(self, connection: RedisConnection, tally: Tally, *, fallback: MemoryBuckets) -> None:
        self._connection = connection
        self._tally = tally
        self._fallback = fallback

    async def take(self, limit: RateLimit) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one.

        A bucket that was idle for `keep_idle_seconds`, and long enough to be full, is forgotten.
        """
        milliseconds = ceil(1000 * max(limit.keep_idle_seconds, 1 + limit.burst / limit.per_second))

        async def ask(redis: Redis) -> str | bytes:
            script = AsyncScript(redis, TAKE)
            arguments = (limit.per_second, limit.burst, milliseconds)
            answer: str | bytes = await script(bucket_keys(limit.name), arguments)
            return answer

        try:
            wait = float(await self._connection.call(ask))
        except RedisUnavailable:
            self._tally.count("rate_limit", "fallback_used")
            wait = await self._fallback.take(limit)
        # What follows the colon is an address, of which there are too many to count each.
        self._tally.count("rate_limit_hits" if wait > 0 else "rate_limit_acquired", limit.name.partition(":")[0])
        return wait

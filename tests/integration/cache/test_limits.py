"""Rate limits over one Valkey: shared by processes, across a lost state, and without Redis.

What they have in common with other stores: tests/integration/resilience.
"""

import asyncio
import sys

from hunter.cache.connection import RedisConnection
from hunter.cache.redis_buckets import RedisBuckets
from hunter.cache.tally import Tally
from hunter.resilience.caller_limiter import CallerLimiter
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.token_bucket import RateLimit

WAITS_ELSEWHERE = """
import asyncio, sys, time
from hunter.cache.connection import RedisConnection
from hunter.cache.redis_buckets import RedisBuckets
from hunter.cache.tally import Tally
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.rate_limiter import RateLimiter

async def main():
    async with RedisConnection(sys.argv[1], seconds=20) as connection:
        limiter = RateLimiter("whois", 10, RedisBuckets(connection, Tally(), fallback=MemoryBuckets()))
        await connection.check()
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(15):
            await limiter.acquire()
            print(time.time(), flush=True)

asyncio.run(main())
"""


async def test_two_processes_share_one_limit(redis: RedisConnection, valkey_url: str) -> None:
    await redis.check()
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", WAITS_ELSEWHERE, valkey_url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": "src"},
        )
        for _ in range(2)
    ]
    for child in children:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(child.communicate(b"go\n") for child in children))
    times = sorted(float(line) for output, _ in told for line in output.split())
    assert len(times) == 30
    # Ten at once and twenty more at ten a second: a process that counted for itself would be done after half a second.
    assert times[-1] - times[0] > 1.9
    # No second sees more than its ten and the burst; what is printed late makes room for a few more.
    assert sum(one < times[0] + 0.9 for one in times) <= 20


async def test_a_bucket_that_was_lost_begins_full(redis: RedisConnection, buckets: RedisBuckets) -> None:
    limiter = CallerLimiter(buckets)
    assert [await limiter.wait_seconds("api_key_7", per_minute=2) for _ in range(2)] == [0, 0]
    assert 25 < await limiter.wait_seconds("api_key_7", per_minute=2) <= 30
    await redis.call(lambda client: client.flushall())
    assert await limiter.wait_seconds("api_key_7", per_minute=2) == 0


async def test_scripts_that_the_server_forgot_are_sent_again(redis: RedisConnection, buckets: RedisBuckets) -> None:
    limiter = CallerLimiter(buckets)
    assert await limiter.wait_seconds("api_key_7", per_minute=1) == 0
    await redis.call(lambda client: client.script_flush())
    assert await limiter.wait_seconds("api_key_7", per_minute=1) > 50


async def test_keys_are_the_contract_s_and_idle_ones_expire(redis: RedisConnection, buckets: RedisBuckets) -> None:
    await RateLimiter("whois", 5, buckets, keep_idle_seconds=31 * 86_400).acquire()
    await CallerLimiter(buckets).wait_seconds("api_key_7", per_minute=60)
    keys = await redis.call(lambda client: client.keys("*"))
    assert set(keys) == {
        b"rate_limit:whois:tokens",
        b"rate_limit:whois:last_update",
        b"rate_limit:api_key_7:tokens",
        b"rate_limit:api_key_7:last_update",
    }
    assert 0 < await redis.call(lambda client: client.ttl("rate_limit:api_key_7:tokens")) <= 61
    assert await redis.call(lambda client: client.ttl("rate_limit:whois:tokens")) > 30 * 86_400


async def test_a_clock_that_was_set_back_stops_nobody_for_long(redis: RedisConnection, buckets: RedisBuckets) -> None:
    await redis.call(lambda client: client.set("rate_limit:dns:last_update", "99999999999.0"))
    await redis.call(lambda client: client.set("rate_limit:dns:tokens", "0"))
    assert 0 < await buckets.take(RateLimit("dns", 10, 10)) <= 0.1
    async with asyncio.timeout(5):
        await RateLimiter("dns", 10, buckets).acquire()


async def test_without_redis_a_worker_has_its_share(nobody: RedisConnection, tally: Tally) -> None:
    buckets = RedisBuckets(nobody, tally, fallback=MemoryBuckets(share=4))
    limiter = CallerLimiter(buckets)
    waits = [await limiter.wait_seconds("api_key_7", per_minute=40) for _ in range(11)]
    assert waits[:10] == [0.0] * 10
    assert 5 < waits[10] <= 6
    assert tally.seen()["rate_limit"] == {"fallback_used": 11}


async def test_addresses_are_counted_together(buckets: RedisBuckets, tally: Tally) -> None:
    limiter = CallerLimiter(buckets)
    for name in ("authentication:192.0.2.1", "authentication:192.0.2.2", "authentication:192.0.2.2"):
        await limiter.wait_seconds(name, per_minute=1)
    assert tally.seen() == {"rate_limit_acquired": {"authentication": 2}, "rate_limit_hits": {"authentication": 1}}

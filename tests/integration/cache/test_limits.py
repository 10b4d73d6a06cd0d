"""Paces and request limits over one Valkey: shared by processes, across a lost state, and without Redis."""

import asyncio
import sys
from time import monotonic

from hunter.cache.connection import RedisConnection
from hunter.cache.local_buckets import LocalBuckets
from hunter.cache.pace_limiter import SharedPaceInRedis
from hunter.cache.request_limiter import RequestLimiterInRedis
from hunter.cache.shared_buckets import SharedBuckets
from hunter.cache.tally import Tally
from hunter.collectors.pacing import Waits

WAITS_ELSEWHERE = """
import asyncio, sys, time
from hunter.cache.connection import RedisConnection
from hunter.cache.local_buckets import LocalBuckets
from hunter.cache.pace_limiter import SharedPaceInRedis
from hunter.cache.shared_buckets import SharedBuckets
from hunter.cache.tally import Tally

async def main():
    async with RedisConnection(sys.argv[1], seconds=20) as connection:
        pace = SharedPaceInRedis(SharedBuckets(connection, Tally(), local=LocalBuckets()), "whois", 10)
        await connection.check()
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(15):
            await pace.wait()
            print(time.time(), flush=True)

asyncio.run(main())
"""


async def test_two_processes_share_one_pace(redis: RedisConnection, valkey_url: str) -> None:
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


async def test_a_burst_begins_at_once_and_the_rest_at_the_pace(buckets: SharedBuckets) -> None:
    pace: Waits = SharedPaceInRedis(buckets, "dns", 20)
    since = monotonic()
    for _ in range(30):
        await pace.wait()
    assert monotonic() - since > 0.49


async def test_no_limit_asks_nobody(nobody: RedisConnection, tally: Tally) -> None:
    pace = SharedPaceInRedis(SharedBuckets(nobody, tally, local=LocalBuckets()), "dns", 0)
    await pace.wait()
    assert tally.seen() == {}


async def test_a_bucket_that_was_lost_begins_full(redis: RedisConnection, buckets: SharedBuckets) -> None:
    limiter = RequestLimiterInRedis(buckets)
    assert [await limiter.wait_seconds("api_key_7", per_minute=2) for _ in range(2)] == [0, 0]
    assert 25 < await limiter.wait_seconds("api_key_7", per_minute=2) <= 30
    await redis.call(lambda client: client.flushall())
    assert await limiter.wait_seconds("api_key_7", per_minute=2) == 0


async def test_scripts_that_the_server_forgot_are_sent_again(redis: RedisConnection, buckets: SharedBuckets) -> None:
    limiter = RequestLimiterInRedis(buckets)
    assert await limiter.wait_seconds("api_key_7", per_minute=1) == 0
    await redis.call(lambda client: client.script_flush())
    assert await limiter.wait_seconds("api_key_7", per_minute=1) > 50


async def test_keys_are_the_contract_s_and_idle_ones_expire(redis: RedisConnection, buckets: SharedBuckets) -> None:
    await SharedPaceInRedis(buckets, "whois", 5).wait()
    await RequestLimiterInRedis(buckets).wait_seconds("api_key_7", per_minute=60)
    keys = await redis.call(lambda client: client.keys("*"))
    assert set(keys) == {
        b"rate_limit:whois:tokens",
        b"rate_limit:whois:last_update",
        b"rate_limit:api_key_7:tokens",
        b"rate_limit:api_key_7:last_update",
    }
    assert 0 < await redis.call(lambda client: client.ttl("rate_limit:api_key_7:tokens")) <= 61
    assert await redis.call(lambda client: client.ttl("rate_limit:whois:tokens")) > 30 * 86_400


async def test_a_clock_that_was_set_back_stops_nobody_for_long(redis: RedisConnection, buckets: SharedBuckets) -> None:
    await redis.call(lambda client: client.set("rate_limit:dns:last_update", "99999999999.0"))
    await redis.call(lambda client: client.set("rate_limit:dns:tokens", "0"))
    assert 0 < await buckets.take("dns", per_second=10, burst=10) <= 0.1
    async with asyncio.timeout(5):
        await SharedPaceInRedis(buckets, "dns", 10).wait()


async def test_without_redis_a_worker_has_its_share(nobody: RedisConnection, tally: Tally) -> None:
    buckets = SharedBuckets(nobody, tally, local=LocalBuckets(share=4))
    limiter = RequestLimiterInRedis(buckets)
    waits = [await limiter.wait_seconds("api_key_7", per_minute=40) for _ in range(11)]
    assert waits[:10] == [0.0] * 10
    assert 5 < waits[10] <= 6
    assert tally.seen()["rate_limit"] == {"fallback_used": 11}


async def test_addresses_are_counted_together(buckets: SharedBuckets, tally: Tally) -> None:
    limiter = RequestLimiterInRedis(buckets)
    for name in ("authentication:192.0.2.1", "authentication:192.0.2.2", "authentication:192.0.2.2"):
        await limiter.wait_seconds(name, per_minute=1)
    assert tally.seen() == {"rate_limit_acquired": {"authentication": 2}, "rate_limit_hits": {"authentication": 1}}

"""Counters of several processes in one Redis, and what becomes of them while it is away."""

from hunter.cache.connection import RedisConnection
from hunter.cache.counters import SharedCounters
from hunter.cache.metric_sections import read_sections
from hunter.cache.tally import Tally


async def test_two_processes_are_one_picture(redis: RedisConnection) -> None:
    one, other = Tally(), Tally()
    one.count("rate_limit_acquired", "dns", 3)
    other.count("rate_limit_acquired", "dns", 4)
    await SharedCounters(redis, one).flush()
    assert await SharedCounters(redis, other).read("rate_limit_acquired") == {"rate_limit_acquired": {"dns": 7}}


async def test_counts_wait_for_a_server_that_is_away(nobody: RedisConnection, redis: RedisConnection) -> None:
    tally = Tally()
    tally.count("cache", "dns:hits", 2)
    assert not await SharedCounters(nobody, tally).flush()
    assert await SharedCounters(nobody, tally).read("cache") == {"cache": {"dns:hits": 2}}
    assert await SharedCounters(redis, tally).read("cache") == {"cache": {"dns:hits": 2}}


async def test_leaving_the_block_hands_over_the_rest(redis: RedisConnection) -> None:
    tally = Tally()
    async with SharedCounters(redis, tally).flushing(every_seconds=3600):
        tally.count("errors", "storage")
    assert tally.seen() == {}
    assert await SharedCounters(redis, Tally()).read("errors") == {"errors": {"storage": 1}}


async def test_names_beyond_the_most_are_counted_together_over_all_processes(redis: RedisConnection) -> None:
    for name in ("a", "b", "c", "a", "d"):
        tally = Tally()
        tally.count("domains", name)
        await SharedCounters(redis, tally, most=2).flush()
    counts = await SharedCounters(redis, Tally()).read("domains")
    assert counts == {"domains": {"a": 2, "b": 1, "others": 2}}


async def test_counters_have_no_end(redis: RedisConnection) -> None:
    tally = Tally()
    tally.count("errors", "storage")
    await SharedCounters(redis, tally).flush()
    assert await redis.call(lambda client: client.ttl("metrics:errors")) == -1


async def test_the_sections_of_the_metrics_are_read_whole(redis: RedisConnection) -> None:
    tally = Tally()
    tally.count("cache", "dns:hits")
    tally.count("rate_limit_hits", "dns")
    tally.count_breaker(True)
    sections = await read_sections(SharedCounters(redis, tally))
    assert (sections["cache"]["hits"], sections["cache"]["hit_rate_percent"]) == (1, 100.0)
    assert sections["rate_limit"]["per_key"] == {"dns": {"hits": 1, "acquired": 0}}
    assert sections["rate_limit"]["circuit_breaker_open"] == 1

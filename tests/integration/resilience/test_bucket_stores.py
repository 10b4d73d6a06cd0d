"""One contract for buckets in memory, in files and in Redis, and for the limiters above them."""

import asyncio
from time import monotonic

from hunter.resilience.caller_limiter import CallerLimiter
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.token_bucket import RateLimit
from tests.integration.resilience.conftest import OpenBuckets

#: Refills so slowly that nothing comes while a test runs.
SLOW = RateLimit("whois", 0.001, 3)


async def test_a_burst_is_let_through_and_then_the_rate_counts(open_buckets: OpenBuckets) -> None:
    store = open_buckets()
    assert [await store.take(SLOW) for _ in range(3)] == [0, 0, 0]
    assert 900 < await store.take(SLOW) <= 1000


async def test_a_refusal_takes_nothing(open_buckets: OpenBuckets) -> None:
    store = open_buckets()
    waits = [await store.take(SLOW) for _ in range(20)]
    assert max(waits) <= 1000
    assert waits[3:] == sorted(waits[3:], reverse=True)


async def test_after_the_wait_that_was_told_there_is_a_token(open_buckets: OpenBuckets) -> None:
    store, limit = open_buckets(), RateLimit("dns", 1, 1)
    assert await store.take(limit) == 0
    wait = await store.take(limit)
    assert 0 < wait <= 1
    await asyncio.sleep(wait)
    assert await store.take(limit) == 0


async def test_a_rest_fills_a_bucket_no_further_than_its_burst(open_buckets: OpenBuckets) -> None:
    store, limit = open_buckets(), RateLimit("dns", 2, 1)
    assert await store.take(limit) == 0
    await asyncio.sleep(1.1)
    assert [await store.take(limit) == 0 for _ in range(2)] == [True, False]


async def test_names_have_buckets_of_their_own(open_buckets: OpenBuckets) -> None:
    store = open_buckets()
    names = ("dns", "authentication:192.0.2.1", "authentication:2001:db8::1", "dns")
    waits = [await store.take(RateLimit(name, 0.001, 1)) for name in names]
    assert [wait == 0 for wait in waits] == [True, True, True, False]


async def test_who_opens_the_same_place_shares_the_limit(open_buckets: OpenBuckets) -> None:
    stores = [open_buckets(), open_buckets()]
    waits = [await stores[number % 2].take(SLOW) for number in range(4)]
    assert [wait == 0 for wait in waits] == [True, True, True, False]


async def test_takers_at_once_get_no_more_than_the_burst(open_buckets: OpenBuckets) -> None:
    stores = [open_buckets(), open_buckets()]
    waits = await asyncio.gather(*(stores[number % 2].take(SLOW) for number in range(50)))
    assert sum(wait == 0 for wait in waits) == 3


async def test_acts_keep_the_rate_and_the_order_in_which_they_came(open_buckets: OpenBuckets) -> None:
    limiter = RateLimiter("dns", 50, open_buckets())
    order: list[int] = []

    async def act(number: int) -> None:
        await limiter.acquire()
        order.append(number)

    since = monotonic()
    await asyncio.gather(*(act(number) for number in range(65)))
    assert order == list(range(65))
    # A second's worth at once, and fifteen more at fifty a second.
    assert monotonic() - since > 0.29


async def test_two_limiters_on_one_place_keep_one_rate(open_buckets: OpenBuckets) -> None:
    limiters = [RateLimiter("dns", 50, open_buckets()) for _ in range(2)]
    since = monotonic()
    await asyncio.gather(*(limiters[number % 2].acquire() for number in range(70)))
    assert monotonic() - since > 0.39


async def test_one_that_was_cancelled_costs_nobody_a_token(open_buckets: OpenBuckets) -> None:
    limiter = RateLimiter("dns", 1, open_buckets())
    await limiter.acquire()
    waiting = [asyncio.create_task(limiter.acquire()) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    # Had the five taken theirs, the next token would be six seconds away.
    assert await limiter.acquire_within(1.1)


async def test_who_cannot_begin_in_time_takes_nothing(open_buckets: OpenBuckets) -> None:
    store = open_buckets()
    limiter = RateLimiter("microsoft", 0.001, store)
    assert await limiter.acquire_within(0.5)
    assert [await limiter.acquire_within(0.5) for _ in range(20)] == [False] * 20
    assert await store.take(RateLimit("microsoft", 0.001, 1)) <= 1000


async def test_callers_have_a_minutes_worth_and_are_told_how_long_to_wait(open_buckets: OpenBuckets) -> None:
    limiter = CallerLimiter(open_buckets())
    waits = [await limiter.wait_seconds("api_key_7", per_minute=2) for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert 25 < waits[2] <= 30

"""The rate limiter of one process: the order of callers, and who gives up. Stores: tests/integration/resilience."""

import asyncio
from time import monotonic

import pytest

from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.token_bucket import RateLimit


async def begins_at_once(limiter: RateLimiter) -> bool:
    """Whether one more act may begin without waiting."""
    act = limiter.acquire()
    try:
        act.send(None)
    except StopIteration:
        return True
    act.close()
    return False


async def test_without_a_limit_nobody_waits_and_no_store_is_asked() -> None:
    limiter = RateLimiter("dns", 0, AsksNobody())
    assert [await begins_at_once(limiter) for _ in range(1_000)] == [True] * 1_000
    assert all([await limiter.acquire_within(0.0) for _ in range(100)])


class AsksNobody:
    """A store that must not be asked."""

    async def take(self, limit: RateLimit) -> float:
        raise AssertionError(limit.name)


async def test_a_second_of_acts_may_begin_at_once_and_the_rest_has_to_wait() -> None:
    limiter = RateLimiter("dns", 2)
    assert [await begins_at_once(limiter) for _ in range(3)] == [True, True, False]


async def test_a_limit_below_one_a_second_lets_one_begin() -> None:
    limiter = RateLimiter("dns", 0.1)
    assert [await begins_at_once(limiter) for _ in range(2)] == [True, False]


async def test_every_store_must_have_a_token() -> None:
    near, far = MemoryBuckets(), MemoryBuckets()
    await RateLimiter("dns", 1, far).acquire()
    assert not await begins_at_once(RateLimiter("dns", 1, near, far))


async def test_who_cannot_begin_in_time_takes_nothing_from_the_others() -> None:
    limiter = RateLimiter("dns", 1.0)
    assert await limiter.acquire_within(0.5)
    assert [await limiter.acquire_within(0.5) for _ in range(100)] == [False] * 100
    since = monotonic()
    assert await limiter.acquire_within(1.5)
    assert monotonic() - since < 1.1


async def test_who_stands_too_far_back_is_told_at_once() -> None:
    limiter = RateLimiter("dns", 0.001)
    await limiter.acquire()
    ahead = [asyncio.create_task(limiter.acquire_within(1e6)) for _ in range(10)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert not await limiter.acquire_within(9_000)
    for task in ahead:
        task.cancel()
    assert await asyncio.gather(*ahead, return_exceptions=True)


async def test_who_waits_behind_others_gives_up_in_time() -> None:
    limiter = RateLimiter("dns", 1.0)
    assert await limiter.acquire_within(0.0)
    waiting, late = await asyncio.gather(limiter.acquire_within(5.0), limiter.acquire_within(0.2))
    assert (waiting, late) == (True, False)


async def test_one_that_was_cancelled_costs_nobody_a_token() -> None:
    limiter = RateLimiter("dns", 2)
    assert [await limiter.acquire_within(0.0) for _ in range(2)] == [True, True]
    for _ in range(5):
        waiting = asyncio.create_task(limiter.acquire())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    # Had the five taken theirs, the next token would be three seconds away.
    assert await limiter.acquire_within(0.6)


async def test_no_time_left_is_no_time() -> None:
    assert not await RateLimiter("dns", 0).acquire_within(-0.1)

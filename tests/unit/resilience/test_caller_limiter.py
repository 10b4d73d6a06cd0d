"""How often others may ask us."""

import pytest

from hunter.resilience.caller_limiter import CallerLimiter
from hunter.resilience.memory_buckets import MemoryBuckets


async def test_a_minutes_worth_may_come_at_once_and_then_evenly() -> None:
    limiter = CallerLimiter(MemoryBuckets(clock=lambda: 0.0))
    waits = [await limiter.wait_seconds("api_key_7", per_minute=2) for _ in range(3)]
    assert waits == [0, 0, pytest.approx(30)]


async def test_no_limit_is_one_a_minute() -> None:
    limiter = CallerLimiter(MemoryBuckets(clock=lambda: 0.0))
    assert [await limiter.wait_seconds("api_key_7", per_minute=0) for _ in range(2)] == [0, 60]

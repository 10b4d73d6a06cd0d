"""Buckets are full at first, fill evenly, and tell the exact time to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.services.token_bucket import TokenBuckets


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_the_burst_is_the_limit_and_then_the_wait_is_told() -> None:
    clock = Clock()
    buckets = TokenBuckets(now=clock)
    assert [await buckets.wait_seconds("a", per_minute=3) for _ in range(3)] == [0, 0, 0]
    wait = await buckets.wait_seconds("a", per_minute=3)
    assert wait == pytest.approx(20)
    clock.now += wait
    assert await buckets.wait_seconds("a", per_minute=3) == 0


async def test_buckets_of_other_names_are_their_own() -> None:
    buckets = TokenBuckets(now=Clock())
    assert await buckets.wait_seconds("a", per_minute=1) == 0
    assert await buckets.wait_seconds("a", per_minute=1) > 0
    assert await buckets.wait_seconds("b", per_minute=1) == 0


async def test_processes_that_count_for_themselves_share_the_limit() -> None:
    buckets = TokenBuckets(share=2, now=Clock())
    served = [await buckets.wait_seconds("a", per_minute=10) for _ in range(6)]
    assert served.count(0) == 5


async def test_a_changed_limit_takes_effect_at_once() -> None:
    clock = Clock()
    buckets = TokenBuckets(now=clock)
    await buckets.wait_seconds("a", per_minute=1)
    assert await buckets.wait_seconds("a", per_minute=1) == pytest.approx(60)
    assert await buckets.wait_seconds("a", per_minute=60) == pytest.approx(1)


@given(st.integers(1, 600), st.lists(st.floats(0, 5), max_size=60))
async def test_no_more_than_burst_and_refill_is_ever_served(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    buckets = TokenBuckets(now=clock)
    served = 0
    for pause in pauses:
        clock.now += pause
        served += await buckets.wait_seconds("a", per_minute=per_minute) == 0
    assert served <= per_minute + sum(pauses) * per_minute / 60 + 1e-6


async def test_idle_buckets_do_not_pile_up() -> None:
    buckets = TokenBuckets(now=Clock())
    for number in range(10_050):
        await buckets.wait_seconds(str(number), per_minute=1)
    assert await buckets.wait_seconds("0", per_minute=1) == 0
    assert await buckets.wait_seconds("10049", per_minute=1) > 0

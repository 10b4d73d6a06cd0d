"""Buckets of one process, and its share of a limit."""

from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.token_bucket import RateLimit


async def test_four_workers_have_a_quarter_each() -> None:
    buckets = MemoryBuckets(share=4, clock=lambda: 0.0)
    assert [await buckets.take(RateLimit("dns", 8, 8)) for _ in range(3)] == [0, 0, 0.5]


async def test_a_share_is_never_less_than_one_token() -> None:
    buckets = MemoryBuckets(share=4, clock=lambda: 0.0)
    assert [await buckets.take(RateLimit("dns", 2, 2)) for _ in range(2)] == [0, 2.0]


async def test_what_was_idle_longest_is_dropped() -> None:
    buckets = MemoryBuckets(most=2, clock=lambda: 0.0)
    names = ("a", "b", "a", "c", "b", "a")
    # `b` was idle longest when `c` came, and `a` when `b` came again; both begin anew.
    assert [await buckets.take(RateLimit(name, 1, 1)) for name in names] == [0, 0, 1.0, 0, 0, 0]

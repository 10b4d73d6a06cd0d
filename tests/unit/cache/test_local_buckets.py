"""Buckets of one process, and its share of a limit."""

import pytest

from hunter.cache.local_buckets import LocalBuckets


def test_a_burst_is_let_through_and_then_the_rate_counts() -> None:
    buckets = LocalBuckets(clock=lambda: 0.0)
    assert [buckets.take("dns", per_second=10, burst=3) for _ in range(4)] == [0, 0, 0, pytest.approx(0.1)]


def test_a_bucket_refills_up_to_its_burst() -> None:
    now = [0.0]
    buckets = LocalBuckets(clock=lambda: now[0])
    assert [buckets.take("dns", per_second=2, burst=2) for _ in range(3)] == [0, 0, 0.5]
    now[0] = 100.0
    assert [buckets.take("dns", per_second=2, burst=2) for _ in range(3)] == [0, 0, 0.5]


def test_four_workers_have_a_quarter_each() -> None:
    buckets = LocalBuckets(share=4, clock=lambda: 0.0)
    assert [buckets.take("dns", per_second=8, burst=8) for _ in range(3)] == [0, 0, 0.5]


def test_names_have_buckets_of_their_own() -> None:
    buckets = LocalBuckets(clock=lambda: 0.0)
    assert [buckets.take(name, per_second=1, burst=1) for name in ("dns", "whois", "dns")] == [0, 0, 1.0]

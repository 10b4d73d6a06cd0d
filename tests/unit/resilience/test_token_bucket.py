"""The arithmetic of a bucket, whatever keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.resilience.token_bucket import Bucket, RateLimit, take_token

LIMIT = RateLimit("dns", 10, 3)


def waits(limit: RateLimit, times: list[float]) -> list[float]:
    bucket, told = None, []
    for now in times:
        bucket, wait = take_token(bucket, limit, now)
        told.append(wait)
    return told


def test_a_burst_is_let_through_and_then_the_rate_counts() -> None:
    assert waits(LIMIT, [0.0] * 4) == [0, 0, 0, pytest.approx(0.1)]


def test_a_bucket_refills_up_to_its_burst() -> None:
    assert waits(RateLimit("dns", 2, 2), [0.0] * 3 + [100.0] * 3) == [0, 0, 0.5] * 2


def test_a_refusal_takes_nothing() -> None:
    assert waits(LIMIT, [0.0] * 3 + [0.05] * 5 + [0.1]) == [0, 0, 0, *[pytest.approx(0.05)] * 5, 0]


def test_a_clock_that_was_set_back_fills_nothing_and_goes_on_from_there() -> None:
    bucket, wait = take_token(Bucket(0.0, 5000.0), LIMIT, 10.0)
    assert bucket.counted_at == 10.0
    assert wait == pytest.approx(0.1)
    assert take_token(bucket, LIMIT, 10.1)[1] == 0


@given(
    st.floats(0.01, 1000),
    st.floats(1, 1000),
    st.lists(st.floats(0, 10), min_size=1, max_size=60),
)
def test_no_span_sees_more_than_its_rate_and_one_burst(rate: float, burst: float, steps: list[float]) -> None:
    limit, now, bucket, taken = RateLimit("dns", rate, burst), 0.0, None, 0
    for step in steps:
        now += step
        bucket, wait = take_token(bucket, limit, now)
        taken += wait == 0
        assert taken <= burst + rate * now + 1e-3


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0.5)])
def test_what_is_no_limit_is_refused(per_second: float, burst: float) -> None:
    with pytest.raises(ValueError, match="dns"):
        RateLimit("dns", per_second, burst)

"""Time-outs, repeats, limiter and window, as arithmetic on times that the test invents."""

import pytest

from hunter.collectors.mail.flow import RetryBudget, RoundTrips, UpstreamRateLimiter, Window


def trips(*seconds: float) -> RoundTrips:
    """Round trips of an upstream."""
    measured = RoundTrips()
    for one in seconds:
        measured.add(one)
    return measured


def test_unknown_upstream_is_given_a_second_and_a_half() -> None:
    assert RoundTrips().timeout_seconds == 1.5


@pytest.mark.parametrize(("seconds", "timeout"), [(0.001, 0.3), (0.1, 0.4), (0.2, 0.8), (0.9, 1.5)])
def test_timeout_is_four_round_trips_within_its_bounds(seconds: float, timeout: float) -> None:
    assert trips(*[seconds] * 40).timeout_seconds == pytest.approx(timeout)


def test_a_few_slow_answers_do_not_move_the_timeout_but_a_tenth_does() -> None:
    assert trips(*[0.1] * 125, *[0.3] * 3).timeout_seconds == pytest.approx(0.4)
    assert trips(*[0.1] * 115, *[0.3] * 13).timeout_seconds == pytest.approx(1.2)


def test_old_round_trips_are_forgotten() -> None:
    assert trips(*[0.3] * 128, *[0.1] * 128).timeout_seconds == pytest.approx(0.4)


def repeats(budget: RetryBudget, now: float) -> int:
    """How many repeats the budget allows at one moment."""
    return sum(budget.may_repeat(now) for _ in range(1000))


def test_small_scan_may_always_repeat_a_hundred_times() -> None:
    assert repeats(RetryBudget(), 100.0) == RetryBudget.FLOOR


def test_repeats_are_a_tenth_of_the_questions_beyond_the_floor() -> None:
    budget = RetryBudget()
    assert repeats(budget, 100.0) == RetryBudget.FLOOR
    budget.count(5000)
    assert repeats(budget, 101.0) == 500


def test_unused_repeats_are_forgotten_after_ten_seconds() -> None:
    budget = RetryBudget()
    budget.may_repeat(100.0)
    budget.count(20_000)
    assert budget.may_repeat(111.0)
    assert repeats(budget, 122.0) == RetryBudget.FLOOR


def sent_within(limiter: UpstreamRateLimiter, seconds: float) -> int:
    """How many questions go out when each is sent as soon as it may be."""
    now, sent = 1000.0, 0
    while True:
        wait = limiter.acquire(now)
        if not wait:
            sent += 1
            continue
        # A clock that moves in steps of a microsecond.
        now += max(wait, 1e-6)
        if now > 1000.0 + seconds:
            return sent


@pytest.mark.parametrize("per_second", [10, 500, 3000])
def test_ceiling_lets_through_a_burst_and_then_its_rate(per_second: int) -> None:
    burst = max(per_second // 20, 1)
    assert sent_within(UpstreamRateLimiter(per_second), 2.0) == pytest.approx(burst + 2 * per_second, abs=2)


def test_rest_saves_no_more_than_one_burst() -> None:
    limiter = UpstreamRateLimiter(500)
    limiter.acquire(0.0)
    assert sum(not limiter.acquire(5000.0) for _ in range(100)) == 25


def test_without_a_ceiling_nothing_waits() -> None:
    limiter = UpstreamRateLimiter(0)
    assert {limiter.acquire(1.0) for _ in range(10_000)} == {0.0}


def after(window: Window, settled: int, silent: int) -> int:
    """The size of the window after so much was counted."""
    window.settled, window.silent = settled, silent
    window.adapt()
    return window.size


def test_window_halves_in_silence_down_to_fifty_and_recovers_step_by_step() -> None:
    window = Window()
    assert [after(window, 300, 300) for _ in range(6)] == [500, 250, 125, 62, 50, 50]
    assert [after(window, 600, 0) for _ in range(2)] == [100, 150]


def test_window_never_grows_above_its_start() -> None:
    assert after(Window(), 5000, 0) == Window.START


@pytest.mark.parametrize("silent", [100, 250])
def test_window_stays_between_a_tenth_and_a_quarter_of_silence(silent: int) -> None:
    window = Window()
    window.size = 400
    assert after(window, 1000 - silent, silent) == 400


def test_window_waits_until_enough_was_counted() -> None:
    window = Window()
    assert after(window, 0, 499) == Window.START
    assert window.silent == 499
    assert after(window, 0, 500) == Window.START // 2
    assert (window.settled, window.silent) == (0, 0)

"""The circuit breaker: when it opens, for how long, who may try, and what closes it."""

import logging

import pytest

from hunter.resilience.circuit_breaker import CallResult, CircuitBreaker
from tests.unit.resilience.clock import Clock

SUCCEEDED, FAILED, REFUSED, ABANDONED = CallResult


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def breaker(clock: Clock, told: list[bool]) -> CircuitBreaker:
    return CircuitBreaker("neighbour", longest_pause_seconds=3600, clock=clock, tell=told.append)


def call(breaker: CircuitBreaker, result: CallResult, times: int = 1) -> None:
    for _ in range(times):
        assert breaker.allow()
        breaker.record(result)


def test_four_failures_leave_it_closed_and_the_fifth_opens_it(breaker: CircuitBreaker, told: list[bool]) -> None:
    call(breaker, FAILED, 4)
    assert (breaker.is_open, told) == (False, [])
    call(breaker, FAILED)
    assert (breaker.is_open, breaker.allow(), told) == (True, False, [True])


def test_a_success_between_failures_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    call(breaker, FAILED, 4)
    call(breaker, SUCCEEDED)
    call(breaker, FAILED, 4)
    assert not breaker.is_open


def test_after_the_pause_one_call_tries_and_the_others_stay_refused(breaker: CircuitBreaker, clock: Clock) -> None:
    call(breaker, FAILED, 5)
    clock.now += 59.9
    assert not breaker.allow()
    clock.now += 0.1
    assert [breaker.allow() for _ in range(3)] == [True, False, False]


def test_success_of_the_trial_closes_it(breaker: CircuitBreaker, clock: Clock, told: list[bool]) -> None:
    call(breaker, FAILED, 5)
    clock.now += 60
    call(breaker, SUCCEEDED)
    assert (breaker.allow(), breaker.is_open, told) == (True, False, [True, False])


def test_a_trial_that_was_given_up_leaves_room_for_another(breaker: CircuitBreaker, clock: Clock) -> None:
    call(breaker, REFUSED)
    clock.now += 60
    call(breaker, ABANDONED)
    assert breaker.allow()


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, 60.0), (5.0, 5.0), (600.0, 600.0), (10_000_000.0, 86_400.0)]
)
def test_a_refusal_is_followed_by_the_pause_that_retry_after_names(
    breaker: CircuitBreaker, clock: Clock, retry_after: float | None, seconds: float
) -> None:
    assert breaker.allow()
    breaker.record(REFUSED, retry_after)
    clock.now += seconds - 0.01
    assert not breaker.allow()
    clock.now += 0.01
    assert breaker.allow()


def test_a_failure_with_retry_after_is_obeyed_at_once(breaker: CircuitBreaker, clock: Clock) -> None:
    assert breaker.allow()
    breaker.record(FAILED, 30.0)
    assert not breaker.allow()
    clock.now += 30
    assert breaker.allow()


def pauses_of(breaker: CircuitBreaker, clock: Clock, times: int) -> list[float]:
    pauses = []
    for _ in range(times):
        since = clock.now
        while not breaker.allow():
            clock.now += 1
        pauses.append(clock.now - since)
        breaker.record(REFUSED)
    return pauses


def test_the_pause_doubles_while_trials_fail_and_has_an_end(breaker: CircuitBreaker, clock: Clock) -> None:
    call(breaker, REFUSED)
    assert pauses_of(breaker, clock, 8) == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_unless_told_otherwise_the_pause_stays_a_minute(clock: Clock) -> None:
    breaker = CircuitBreaker("neighbour", clock=clock)
    call(breaker, REFUSED)
    assert pauses_of(breaker, clock, 3) == [60, 60, 60]


def test_a_success_begins_with_the_first_pause_again(breaker: CircuitBreaker, clock: Clock) -> None:
    call(breaker, REFUSED)
    assert pauses_of(breaker, clock, 2) == [60, 120]
    clock.now += 240
    call(breaker, SUCCEEDED)
    call(breaker, REFUSED)
    assert pauses_of(breaker, clock, 1) == [60]


def test_a_late_answer_to_an_earlier_call_does_not_end_the_pause(breaker: CircuitBreaker) -> None:
    assert [breaker.allow(), breaker.allow()] == [True, True]
    breaker.record(REFUSED)
    breaker.record(SUCCEEDED)
    assert not breaker.allow()


def test_the_log_names_the_neighbour(breaker: CircuitBreaker, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        call(breaker, REFUSED)
        clock.now += 60
        call(breaker, SUCCEEDED)
    assert caplog.messages == ["neighbour_circuit_open", "neighbour_circuit_closed"]

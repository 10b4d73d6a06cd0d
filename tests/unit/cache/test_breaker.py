"""The circuit breaker: when it opens, who may try, and what closes it."""

import pytest

from hunter.cache.breaker import CircuitBreaker


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def breaker(clock: Clock, told: list[bool]) -> CircuitBreaker:
    return CircuitBreaker(clock=clock, tell=told.append)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        assert breaker.may_try()
        breaker.failed()


def test_four_failures_leave_it_closed_and_the_fifth_opens_it(breaker: CircuitBreaker, told: list[bool]) -> None:
    fail(breaker, 4)
    assert (breaker.is_open, told) == (False, [])
    fail(breaker, 1)
    assert (breaker.is_open, breaker.may_try(), told) == (True, False, [True])


def test_a_success_between_failures_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    breaker.succeeded()
    fail(breaker, 4)
    assert not breaker.is_open


def test_after_a_minute_one_call_tries_and_the_others_wait(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now = 59.9
    assert not breaker.may_try()
    clock.now = 60.0
    assert breaker.may_try()
    assert not breaker.may_try()


def test_success_of_the_one_that_tries_closes_it(breaker: CircuitBreaker, clock: Clock, told: list[bool]) -> None:
    fail(breaker, 5)
    clock.now = 60.0
    assert breaker.may_try()
    breaker.succeeded()
    assert (breaker.may_try(), told) == (True, [True, False])


def test_failure_of_the_one_that_tries_means_another_minute(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now = 60.0
    fail(breaker, 1)
    clock.now = 119.9
    assert not breaker.may_try()
    clock.now = 120.0
    assert breaker.may_try()


def test_one_that_tried_and_was_cancelled_leaves_room_for_another(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now = 60.0
    assert breaker.may_try()
    breaker.abandoned()
    assert breaker.may_try()

"""One call a second, and silence where the service asks for it."""

import asyncio
from dataclasses import dataclass

import pytest

from hunter.collectors.microsoft.politeness import Breaker, Outcome, Turns


@dataclass(slots=True)
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(outcome: Outcome, retry_after: float | None = None) -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock=clock)
    assert breaker.admit()
    breaker.settle(outcome, retry_after)
    return breaker, clock


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, 60.0), (5.0, 5.0), (600.0, 600.0), (10_000_000.0, 86_400.0)]
)
def test_a_refusal_is_followed_by_the_pause_that_was_wished(retry_after: float | None, seconds: float) -> None:
    breaker, clock = opened(Outcome.TURNED_AWAY, retry_after)

    clock.now += seconds - 0.01
    assert not breaker.admit()
    clock.now += 0.01
    assert breaker.admit()


def test_after_the_pause_one_call_tries_it_out() -> None:
    breaker, clock = opened(Outcome.TURNED_AWAY)
    clock.now += 60

    assert breaker.admit()
    assert not breaker.admit()
    breaker.settle(Outcome.ANSWERED)
    assert breaker.admit()
    assert breaker.admit()


def test_a_call_that_was_given_up_lets_another_try_it_out() -> None:
    breaker, clock = opened(Outcome.TURNED_AWAY)
    clock.now += 60

    assert breaker.admit()
    breaker.settle(Outcome.ABANDONED)
    assert breaker.admit()


def test_the_pause_doubles_while_the_service_goes_on_refusing_and_ends_at_an_hour() -> None:
    breaker, clock = opened(Outcome.TURNED_AWAY)
    pauses = []
    for _ in range(8):
        since = clock.now
        while not breaker.admit():
            clock.now += 1
        pauses.append(clock.now - since)
        breaker.settle(Outcome.TURNED_AWAY)

    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_four_failures_are_bad_luck_and_five_in_a_row_are_trouble() -> None:
    breaker, _ = opened(Outcome.FAILED)
    for _ in range(3):
        breaker.settle(Outcome.FAILED)
    assert breaker.admit()
    breaker.settle(Outcome.ANSWERED)
    for _ in range(4):
        breaker.settle(Outcome.FAILED)
    assert breaker.admit()
    breaker.settle(Outcome.FAILED)
    assert not breaker.admit()


def test_a_server_error_with_a_wish_is_obeyed_at_once() -> None:
    breaker, clock = opened(Outcome.FAILED, 30.0)

    assert not breaker.admit()
    clock.now += 30
    assert breaker.admit()


def test_a_late_answer_to_an_earlier_call_does_not_end_the_pause() -> None:
    breaker, _ = opened(Outcome.TURNED_AWAY)
    breaker.settle(Outcome.ANSWERED)

    assert not breaker.admit()


async def test_turns_come_one_after_the_other() -> None:
    turns = Turns(50.0)
    loop = asyncio.get_running_loop()
    since = loop.time()
    taken = await asyncio.gather(*(turns.take(5.0) for _ in range(6)))

    assert taken == [True] * 6
    assert loop.time() - since >= 5 / 50


async def test_who_cannot_have_a_turn_in_time_takes_none_from_the_others() -> None:
    turns = Turns(1.0)

    assert await turns.take(0.5)
    assert [await turns.take(0.5) for _ in range(100)] == [False] * 100
    loop = asyncio.get_running_loop()
    since = loop.time()
    assert await turns.take(1.5)
    assert loop.time() - since < 1.1


async def test_nought_a_second_is_no_limit() -> None:
    turns = Turns(0.0)

    assert all([await turns.take(0.0) for _ in range(100)])

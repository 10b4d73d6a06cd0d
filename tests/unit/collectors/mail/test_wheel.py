"""The timer wheel on times that the test invents: nothing is lost, nothing comes twice, nothing comes too early."""

import asyncio

import pytest

from hunter.collectors.mail.line import Errand, Wave
from hunter.collectors.mail.wheel import Wheel
from tests.unit.collectors.mail.messages import QUESTION

START = 1000.0


@pytest.fixture
async def wave() -> Wave:
    """A wave of four questions, begun at START, with ten seconds of time."""
    begun = Wave([QUESTION] * 4, 1, future=asyncio.get_running_loop().create_future(), seconds=10, is_one_zone=False)
    begun.start(START)
    return begun


@pytest.fixture
def wheel() -> Wheel:
    """A wheel begun at START."""
    begun = Wheel()
    begun.start(START)
    return begun


def turn(wheel: Wheel, until: float, since: float = START) -> list[tuple[float, Errand]]:
    """Look twenty times a second; what came, and when."""
    came = []
    for tick in range(int((until - since) * 20) + 1):
        now = since + tick / 20
        came += [(now, errand) for errand in wheel.due(now)]
    return came


async def test_errand_comes_once_and_not_too_early(wheel: Wheel, wave: Wave) -> None:
    first, second, *_ = wave.errands
    wheel.enter(first, START + 0.31)
    wheel.enter(second, START + 1.0)
    came = turn(wheel, START + 5)
    assert [errand for _, errand in came] == [first, second]
    assert [round(now - START, 2) for now, _ in came] == [0.35, 1.05]


async def test_errands_of_one_wave_come_at_their_own_moments(wheel: Wheel, wave: Wave) -> None:
    """Moments that alternate enter the wave twice for one tick; each errand comes once all the same."""
    for errand, at in zip(wave.errands, (0.3, 0.5, 0.3, 0.5), strict=True):
        wheel.enter(errand, START + at)
    came = []
    for now, errand in turn(wheel, START + 2):
        came.append((round(now - START, 2), wave.errands.index(errand)))
    assert sorted(set(came)) == [(0.35, 0), (0.35, 2), (0.55, 1), (0.55, 3)]


async def test_errand_that_moves_on_when_it_comes_does_not_come_again_at_once(wheel: Wheel, wave: Wave) -> None:
    for errand, at in zip(wave.errands, (0.3, 0.5, 0.3, 0.5), strict=True):
        wheel.enter(errand, START + at)
    seen = []
    for errand in wheel.due(START + 0.1):
        seen.append(errand)
    for tick in range(3, 30):
        now = START + tick / 20
        for errand in wheel.due(now):
            seen.append(errand)
            wheel.enter(errand, now + 60)
    assert len(seen) == 4


async def test_last_entry_counts(wheel: Wheel, wave: Wave) -> None:
    errand = wave.errands[0]
    wheel.enter(errand, START + 0.3)
    wheel.enter(errand, START + 2.0)
    assert [round(now - START, 2) for now, _ in turn(wheel, START + 5)] == [2.05]


async def test_finished_errand_does_not_come(wheel: Wheel, wave: Wave) -> None:
    errand = wave.errands[0]
    wheel.enter(errand, START + 0.3)
    errand.is_done = True
    assert turn(wheel, START + 5) == []


async def test_deadline_comes_first(wheel: Wheel, wave: Wave) -> None:
    wheel.enter(wave.errands[0], START + 100)
    [(now, _)] = turn(wheel, START + 20)
    assert 10 < now - START <= 10.05


@pytest.mark.parametrize("seconds", [-3.0, -0.06, -0.04, 0.0])
async def test_moment_that_is_past_already_comes_at_the_next_look(wheel: Wheel, wave: Wave, seconds: float) -> None:
    turn(wheel, START + 4)
    now = START + 4
    wave.deadline = now + seconds
    wheel.enter(wave.errands[0], now + 1)
    assert [errand for _, errand in turn(wheel, now + 1, since=now + 0.05)] == [wave.errands[0]]


async def test_nothing_is_due_at_the_first_look_after_a_stand_still(wheel: Wheel, wave: Wave) -> None:
    wheel.enter(wave.errands[0], START + 0.3)
    assert list(wheel.due(START + 3)) == []
    assert list(wheel.due(START + 3.05)) == [wave.errands[0]]


async def test_all_of_a_wave_come_together(wheel: Wheel, wave: Wave) -> None:
    due = wheel.enter_all(wave, START + 0.3)
    for errand in wave.errands:
        errand.due = due
    assert [errand for _, errand in turn(wheel, START + 1)] == wave.errands
    assert wheel.waves() == set()

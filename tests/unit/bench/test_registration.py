"""How the benchmark of registrations judges moments of arrival."""

import pytest

from bench.effort import QUICK, Options
from bench.registration import DEFAULT_LOAD, RAISED_LOAD, distance, rates, run
from bench.report import Standing
from hunter.core.errors import InvalidInput, Unavailable


def arrivals(per_second: float, seconds: float, burst: int) -> list[float]:
    return [0.0] * burst + [number / per_second for number in range(int(per_second * seconds))]


def test_an_honest_pace_is_at_its_aim() -> None:
    measure = distance("x", RAISED_LOAD, arrivals(200, 12, burst=200))
    assert measure.figure == pytest.approx(0, abs=0.001)
    assert measure.standing is Standing.AIM


@pytest.mark.parametrize("per_second", [180, 212])
def test_a_pace_too_slow_or_too_fast_misses(per_second: float) -> None:
    assert distance("x", RAISED_LOAD, arrivals(per_second, 12, burst=200)).standing is Standing.MISSED


def test_a_fast_stretch_is_not_hidden_by_a_slow_one() -> None:
    moments = arrivals(5, 20, burst=5)
    fast = [moments[-1] + number / 10 for number in range(1, 101)]
    slow = [fast[-1] + number / 2.5 for number in range(1, 60)]
    assert distance("x", DEFAULT_LOAD, [*moments, *fast, *slow]).standing is Standing.MISSED


def test_fewer_than_a_span_are_judged_as_a_whole() -> None:
    assert rates([0.0, 1.0, 2.0, 3.0]) == [1.0]
    assert rates([]) == []


def test_too_few_are_not_judged_at_all() -> None:
    with pytest.raises(Unavailable):
        distance("x", DEFAULT_LOAD, [0.0] * 5)


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(InvalidInput, match="odd"):
        run(Options(effort=QUICK, parts=("odd",)))

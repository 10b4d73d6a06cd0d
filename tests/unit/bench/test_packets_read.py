"""The rows of the packet comparison: silence is no success, and a share of nothing is not measured."""

from dataclasses import replace

from bench.packet_fuzz import FuzzReport
from bench.packets_read import rows
from bench.report import Standing

FAULTLESS = FuzzReport(
    packets=1_000,
    valid=400,
    valid_equal=400,
    mutated=600,
    mutated_accepted_by_judge=200,
    mutated_equal=200,
    false_values=0,
    examples=(),
)


def standings(fuzz: FuzzReport) -> list[Standing]:
    return [row.standing for row in rows(fuzz)]


def test_faultless_reading_reaches_every_aim() -> None:
    assert standings(FAULTLESS) == [Standing.AIM] * 3


def test_a_single_false_value_misses_and_is_shown() -> None:
    row = rows(replace(FAULTLESS, false_values=1, examples=("c0ffee: we read 1, dnspython 2",)))[0]

    assert row.standing is Standing.MISSED
    assert "c0ffee: we read 1, dnspython 2" in row.done


def test_a_single_valid_packet_that_is_not_read_alike_misses() -> None:
    assert standings(replace(FAULTLESS, valid_equal=399)) == [Standing.AIM, Standing.MISSED, Standing.AIM]


def test_refusing_what_the_judge_accepts_misses_its_own_row() -> None:
    assert standings(replace(FAULTLESS, mutated_equal=190))[2] is Standing.FLOOR
    assert standings(replace(FAULTLESS, mutated_equal=189))[2] is Standing.MISSED


def test_nothing_read_is_not_measured() -> None:
    nothing = FuzzReport(0, 0, 0, 0, 0, 0, 0, ())

    assert standings(nothing) == [Standing.NOT_MEASURED] * 3

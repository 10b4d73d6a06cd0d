"""`./hunter bench dns` at small size: every row of its table, and the counts that no machine may change.

No speed is asserted: the machine that runs the tests is shared.
"""

from collections.abc import Callable

import pytest

from bench import (
    at_distance,
    cpu_per_domain,
    dkim_questions,
    faulty_world,
    memory,
    packets_read,
    single_command,
    throughput,
)
from bench.dns import PARTS, run
from bench.effort import QUICK, Options
from bench.report import Measure, Standing
from hunter.core.errors import InvalidInput

#: The rows of each part, in their order.
ROWS = {
    "cpu": [cpu_per_domain.AGAINST_YARDSTICK, cpu_per_domain.AGAINST_CHECKDMARC],
    "distance": [
        at_distance.PER_SECOND,
        at_distance.PER_SECOND_ALONE,
        at_distance.FIRST_VERDICT,
        at_distance.FIRST_VERDICT_P95,
        at_distance.FIRST_VERDICT_WORST,
    ],
    "questions": [throughput.AGAINST_DNSPERF, throughput.BY_THE_CLOCK],
    "memory": [memory.GROWTH],
    "faults": [
        faulty_world.FALSE,
        faulty_world.FALSE_EVERYWHERE,
        faulty_world.UNKNOWN_BEYOND_DEAD,
        faulty_world.UNKNOWN_EVERYWHERE,
        faulty_world.SPEED,
        faulty_world.STEADY_SPEED,
    ],
    "selectors": [
        dkim_questions.QUESTIONS,
        dkim_questions.SAME_STATE,
        dkim_questions.HARD_QUESTIONS,
        dkim_questions.HARD_SAME_STATE,
    ],
    "packets": [packets_read.FALSE_VALUES, packets_read.VALID_EQUAL, packets_read.MUTATED_EQUAL],
    "command": [single_command.COMMAND, single_command.DEAD_NAME, single_command.DEAD_KNOWN],
}

Measured = Callable[[str], dict[str, Measure]]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """Measure a part; what was measured is kept for the other tests of this module."""
    kept: dict[str, dict[str, Measure]] = {}

    def measure(part: str) -> dict[str, Measure]:
        if part not in kept:
            report = run(Options(effort=QUICK, parts=(part,)))
            kept[part] = {row.name: row for row in report.measures}
        return kept[part]

    return measure


def test_the_table_is_complete() -> None:
    assert list(PARTS) == list(ROWS)


@pytest.mark.parametrize("part", ROWS)
def test_every_row_says_what_was_done(part: str, measured: Measured) -> None:
    rows = measured(part)

    assert list(rows) == ROWS[part]
    assert [name for name, row in rows.items() if not row.done] == []


@pytest.mark.parametrize("part", [part for part in ROWS if part != "questions"])
def test_every_row_that_needs_no_peer_has_a_figure(part: str, measured: Measured) -> None:
    without = [name for name, row in measured(part).items() if row.standing is Standing.NOT_MEASURED]

    assert without == [name for name in ROWS[part] if name.endswith("against checkdmarc")]


def test_nothing_false_is_said_of_a_faulty_world(measured: Measured) -> None:
    rows = measured("faults")

    assert rows[faulty_world.FALSE].figure == 0, rows[faulty_world.FALSE].done
    assert rows[faulty_world.FALSE_EVERYWHERE].figure == 0, rows[faulty_world.FALSE_EVERYWHERE].done


def test_nothing_is_left_unknown_in_a_faultless_world(measured: Measured) -> None:
    assert measured("faults")[faulty_world.UNKNOWN_EVERYWHERE].figure == 0


@pytest.mark.parametrize("name", [dkim_questions.QUESTIONS, dkim_questions.SAME_STATE, dkim_questions.HARD_SAME_STATE])
def test_the_plan_asks_less_and_finds_the_same(name: str, measured: Measured) -> None:
    row = measured("selectors")[name]

    assert row.figure is not None
    assert row.standing is not Standing.MISSED, row.done


def test_the_shares_of_both_worlds_are_printed(measured: Measured) -> None:
    usual, hard = (
        measured("selectors")[name].done for name in (dkim_questions.SAME_STATE, dkim_questions.HARD_SAME_STATE)
    )

    assert "Shares: usual " in usual
    assert "Shares: usual " in hard
    assert usual != hard


def test_no_packet_is_read_otherwise_than_by_the_judge(measured: Measured) -> None:
    rows = measured("packets")

    assert rows[packets_read.FALSE_VALUES].figure == 0, rows[packets_read.FALSE_VALUES].done
    assert rows[packets_read.VALID_EQUAL].figure == 1
    assert "1,000 packets" in rows[packets_read.FALSE_VALUES].done


def test_as_many_packets_are_read_as_are_asked_for() -> None:
    (false_values, *_) = packets_read.measure(Options(effort=QUICK, packets=50))

    assert false_values.done.startswith("50 packets, ")


def test_a_dead_name_is_unknown_in_every_signal(measured: Measured) -> None:
    row = measured("command")[single_command.DEAD_KNOWN]

    assert row.figure == 0, row.done


def test_a_part_that_is_none_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidInput, match="'speed' is no part of the benchmark; parts: cpu, distance"):
        run(Options(effort=QUICK, parts=("speed",)))


def test_memory_does_not_grow_with_the_list() -> None:
    (growth,) = run(Options(effort=QUICK, parts=("memory",))).measures
    assert growth.figure is not None
    # Three thousand domains more: what is kept of each would show at 2.7 kB.
    assert growth.figure < 8, growth.done

"""A report says what a figure came to, and never calls a floor reached that was not measured."""

import json

import pytest

from bench.machine import Machine
from bench.report import Better, Measure, Report, Standing, Unit, json_text, markdown_lines, shown, table_lines

MACHINE = Machine(cores=2, processor="Example CPU", python="CPython 3.11.0", system="Linux 6.1", load=0.5)


def measure(figure: float | None, *, better: Better = Better.LOWER, floor: float | None, aim: float | None) -> Measure:
    return Measure("a measure", figure, Unit.RATIO, "Ten rounds.", better, floor, aim)


def report(*measures: Measure) -> Report:
    return Report("./hunter bench dns", MACHINE, measures, ("A note.",))


@pytest.mark.parametrize(
    ("figure", "standing"),
    [
        (0.0, Standing.AIM),
        (1.0, Standing.AIM),
        (1.1, Standing.FLOOR),
        (2.0, Standing.FLOOR),
        (2.1, Standing.MISSED),
        (None, Standing.NOT_MEASURED),
    ],
)
def test_a_cost_is_held_against_floor_and_aim(figure: float | None, standing: Standing) -> None:
    assert measure(figure, floor=2.0, aim=1.0).standing is standing


@pytest.mark.parametrize(
    ("figure", "standing"),
    [(20.0, Standing.AIM), (19.9, Standing.FLOOR), (10.0, Standing.FLOOR), (9.9, Standing.MISSED)],
)
def test_a_speed_is_held_against_floor_and_aim(figure: float, standing: Standing) -> None:
    assert measure(figure, better=Better.HIGHER, floor=10.0, aim=20.0).standing is standing


def test_a_figure_without_a_floor_is_only_shown() -> None:
    assert measure(5.0, floor=None, aim=None).standing is Standing.SHOWN


def test_a_floor_without_an_aim_is_reached_as_a_floor() -> None:
    assert measure(1.0, floor=2.0, aim=None).standing is Standing.FLOOR


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.1, Unit.ONE_OF, "1/10"),
        (1 / 15.5, Unit.ONE_OF, "1/15.5"),
        (0.0, Unit.ONE_OF, "0"),
        (1234.4, Unit.TIMES, "1,234x"),
        (0.2639, Unit.PERCENT, "26.39 %"),
        (0.456, Unit.RATIO, "0.46"),
        (1_000_000, Unit.COUNT, "1,000,000"),
        (0.6, Unit.MILLISECONDS, "0.6 ms"),
        (150.0, Unit.MILLISECONDS, "150 ms"),
        (6.304, Unit.SECONDS, "6.30 s"),
        (16.04, Unit.MEBIBYTES, "16.0 MiB"),
        (20_500.7, Unit.PER_SECOND, "20,501/s"),
        (None, Unit.COUNT, "-"),
    ],
)
def test_a_figure_is_written_in_its_unit(value: float | None, unit: Unit, text: str) -> None:
    assert shown(value, unit) == text


def test_the_table_ends_with_what_was_reached_and_what_was_not() -> None:
    lines = list(table_lines(report(*(measure(figure, floor=2.0, aim=1.0) for figure in (1.0, 2.0, 3.0, None)))))

    assert lines[0] == ("./hunter bench dns: 2 cores of Example CPU, CPython 3.11.0, Linux 6.1, load 0.5 at the start")
    assert lines[2].split() == ["measure", "figure", "floor", "aim", "reached"]
    assert lines[3].split() == ["a", "measure", "1.00", "2.00", "1.00", "aim"]
    assert lines[-1] == "2 of 3 floors reached, 1 of them at their aim. missed: a measure. not measured: 1."


def test_markdown_is_one_table_whose_cells_cannot_break_it() -> None:
    measures = (Measure("a | b", 1.0, Unit.COUNT, "x | y", floor=1.0),)

    lines = list(markdown_lines(report(*measures)))

    assert lines[2:5] == [
        "| measure | figure | floor | aim | reached | what was done |",
        "|---|--:|--:|--:|---|---|",
        "| a \\| b | 1 | 1 | - | floor | x \\| y |",
    ]


def test_json_holds_plain_numbers_and_the_names_of_what_was_missed() -> None:
    (said,) = json.loads(json_text([report(measure(3.0, floor=2.0, aim=1.0), measure(None, floor=2.0, aim=1.0))]))

    assert said["command"] == "./hunter bench dns"
    assert said["machine"]["cores"] == 2
    assert [(row["figure"], row["floor"], row["standing"]) for row in said["measures"]] == [
        (3.0, 2.0, "missed"),
        (None, 2.0, "not measured"),
    ]
    assert said["missed"] == ["a measure"]
    assert said["notes"] == ["A note."]

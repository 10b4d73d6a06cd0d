"""A report: what was measured, what it had to reach, on which machine. In: measures. Out: table, Markdown or JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, assert_never

from bench.machine import Machine

_HEADINGS: Final = ("measure", "figure", "floor", "aim", "reached")
#: Columns of words; the others hold figures and are set to the right.
_WORDS: Final = (0, 4)


class Unit(StrEnum):
    """How a figure is written."""

    #: A share of something that costs more: 0.1 is `1/10`.
    ONE_OF = "one_of"
    #: A multiple: 300 is `300x`.
    TIMES = "times"
    #: 0.05 is `5.00 %`.
    PERCENT = "percent"
    RATIO = "ratio"
    COUNT = "count"
    MILLISECONDS = "ms"
    SECONDS = "s"
    MEBIBYTES = "MiB"
    PER_SECOND = "per_second"


class Better(StrEnum):
    """Which side of a bound is the good one."""

    LOWER = "lower"
    HIGHER = "higher"


class Standing(StrEnum):
    """What a figure came to against its bounds."""

    AIM = "aim"
    FLOOR = "floor"
    MISSED = "missed"
    #: Printed for whoever wants to know; nothing has to be reached.
    SHOWN = "shown"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: a figure and its bounds, all in the same unit."""

    name: str
    #: None where it could not be measured; `done` says why then.
    figure: float | None
    unit: Unit
    #: What was run and counted, in one or two sentences.
    done: str
    better: Better = Better.LOWER
    #: What must be reached; None for a figure that is only shown.
    floor: float | None = None
    #: How far we want to get.
    aim: float | None = None

    @property
    def standing(self) -> Standing:
        """Hold the figure against its bounds; a bound that is met exactly is reached."""
        if self.figure is None:
            return Standing.NOT_MEASURED
        if self.floor is None:
            return Standing.SHOWN
        if self.aim is not None and self._reaches(self.figure, self.aim):
            return Standing.AIM
        return Standing.FLOOR if self._reaches(self.figure, self.floor) else Standing.MISSED

    def _reaches(self, figure: float, bound: float) -> bool:
        return figure <= bound if self.better is Better.LOWER else figure >= bound


@dataclass(frozen=True, slots=True)
class Report:
    """All measures of one subject, from one run."""

    #: The command that repeats the run.
    command: str
    machine: Machine
    measures: tuple[Measure, ...]
    #: What else belongs beside the figures: shares of the world, seeds.
    notes: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[Measure, ...]:
        """Return the measures that are below their floor."""
        return tuple(measure for measure in self.measures if measure.standing is Standing.MISSED)


def shown(value: float | None, unit: Unit) -> str:
    """Write a figure in its unit; `-` where there is none."""
    if value is None:
        return "-"
    match unit:
        case Unit.ONE_OF:
            return f"1/{1 / value:.1f}".removesuffix(".0") if value else "0"
        case Unit.TIMES:
            return f"{value:,.0f}x"
        case Unit.PERCENT:
            return f"{value * 100:.2f} %"
        case Unit.RATIO:
            return f"{value:.2f}"
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.MILLISECONDS:
            return f"{value:,.3g} ms" if value < 100 else f"{value:,.0f} ms"
        case Unit.SECONDS:
            return f"{value:.2f} s"
        case Unit.MEBIBYTES:
            return f"{value:.1f} MiB"
        case Unit.PER_SECOND:
            return f"{value:,.0f}/s"
        case _:
            assert_never(unit)


def table_lines(report: Report) -> Iterator[str]:
    """Yield the report for a terminal: the table, then what was done for each row."""
    rows = [_HEADINGS, *map(_cells, report.measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    yield f"{report.command}: {report.machine.sentence}"
    yield ""
    for row in rows:
        cells = (_set(cell, widths[at], is_word=at in _WORDS) for at, cell in enumerate(row))
        yield "  ".join(cells).rstrip()
    yield ""
    for measure in report.measures:
        yield f"{measure.name}: {measure.done}"
    yield from _afterwords(report)


def markdown_lines(report: Report) -> Iterator[str]:
    """Yield the report as Markdown, ready for `docs/reference/performance.md`."""
    yield f"`{report.command}`: {report.machine.sentence}"
    yield ""
    yield "| " + " | ".join((*_HEADINGS, "what was done")) + " |"
    yield "|---|--:|--:|--:|---|---|"
    for measure in report.measures:
        cells = (*_cells(measure), measure.done)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield from _afterwords(report)


def json_text(reports: Sequence[Report]) -> str:
    """Return the reports as one JSON text; figures are plain numbers, shares lie between 0 and 1."""
    return json.dumps([_as_json(report) for report in reports], ensure_ascii=False, indent=2)


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "command": report.command,
        "machine": report.machine.as_json(),
        "measures": [
            {
                "name": measure.name,
                "figure": measure.figure,
                "unit": measure.unit,
                "floor": measure.floor,
                "aim": measure.aim,
                "better": measure.better,
                "standing": measure.standing,
                "done": measure.done,
            }
            for measure in report.measures
        ],
        "notes": list(report.notes),
        "missed": [measure.name for measure in report.missed],
    }


def _cells(measure: Measure) -> tuple[str, ...]:
    bounds = (shown(value, measure.unit) for value in (measure.figure, measure.floor, measure.aim))
    return (measure.name, *bounds, measure.standing)


def _set(cell: str, width: int, *, is_word: bool) -> str:
    return cell.ljust(width) if is_word else cell.rjust(width)


def _afterwords(report: Report) -> Iterator[str]:
    if report.notes:
        yield ""
        yield from report.notes
    yield ""
    yield _verdict(report)


def _verdict(report: Report) -> str:
    judged = [m for m in report.measures if m.standing in (Standing.AIM, Standing.FLOOR, Standing.MISSED)]
    at_aim = sum(1 for measure in judged if measure.standing is Standing.AIM)
    unmeasured = sum(1 for measure in report.measures if measure.standing is Standing.NOT_MEASURED)
    parts = [f"{len(judged) - len(report.missed)} of {len(judged)} floors reached, {at_aim} of them at their aim"]
    if report.missed:
        parts.append("missed: " + "; ".join(measure.name for measure in report.missed))
    if unmeasured:
        parts.append(f"not measured: {unmeasured}")
    return ". ".join(parts) + "."

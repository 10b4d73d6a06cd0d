"""What becomes of the assessments of one scan: a brief, a table or JSON lines on standard output.

In: one outcome after the other, as they finish. Out: a `View` is asked to finish once, also after an interruption.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TextIO

from hunter.cli.brief import brief_lines
from hunter.cli.json_lines import json_line
from hunter.cli.line_writer import FAREWELL_SECONDS, LineWriter
from hunter.cli.table import Row, row_of, table_lines
from hunter.cli.terminal import Terminal
from hunter.collectors.gathering import Timing
from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence
from hunter.sales.brief import Brief, compose_brief
from hunter.sales.reason import reason
from hunter.sales.wording import Wording


@dataclass(frozen=True, slots=True)
class Outcome:
    """One name that was looked up and judged."""

    #: What was handed in.
    text: str
    evidence: Evidence
    assessment: Assessment
    elapsed_seconds: float
    timing: Timing


class View(Protocol):
    """Shows outcomes."""

    async def take(self, outcome: Outcome) -> None:
        """Show one outcome now, or keep it for the end."""
        ...

    def finish(self, *, is_interrupted: bool) -> None:
        """Show what was kept."""
        ...


class JSONView:
    """One object a line, as the outcomes come."""

    def __init__(self, stream: TextIO, wording: Wording) -> None:
        self._writer = LineWriter(stream.buffer)
        self._wording = wording

    async def take(self, outcome: Outcome) -> None:
        """Write the object."""
        words = reason(outcome.assessment, outcome.evidence, self._wording)
        line = json_line(
            outcome.assessment,
            outcome.evidence,
            text=outcome.text,
            reason=words,
            elapsed_seconds=outcome.elapsed_seconds,
            timing=outcome.timing,
        )
        await self._writer.write(line)

    def finish(self, *, is_interrupted: bool) -> None:
        """Write what waits; after an interruption a reader that does not read is not waited for."""
        self._writer.close(seconds=FAREWELL_SECONDS if is_interrupted else None)


class TableView:
    """A table of all outcomes, at the end."""

    def __init__(self, stream: TextIO, terminal: Terminal, wording: Wording) -> None:
        self._stream = stream
        self._terminal = terminal
        self._wording = wording
        self._rows: list[Row] = []

    async def take(self, outcome: Outcome) -> None:
        """Keep the row."""
        self._rows.append(row_of(outcome.assessment, self._wording))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the table."""
        if self._rows:
            print_lines(self._stream, table_lines(self._rows, self._terminal, self._wording))


class BriefView:
    """The brief of each outcome; used for one name."""

    def __init__(self, stream: TextIO, terminal: Terminal, wording: Wording) -> None:
        self._stream = stream
        self._terminal = terminal
        self._wording = wording
        self._briefs: list[Brief] = []

    async def take(self, outcome: Outcome) -> None:
        """Compose the brief."""
        self._briefs.append(compose_brief(outcome.assessment, outcome.evidence, self._wording))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the brief."""
        for brief in self._briefs:
            print_lines(self._stream, brief_lines(brief, self._terminal, self._wording))


def print_lines(stream: TextIO, lines: Iterable[str]) -> None:
    """Write lines that are safe to print, and see to it that they are out."""
    stream.writelines(f"{line}\n" for line in lines)
    stream.flush()

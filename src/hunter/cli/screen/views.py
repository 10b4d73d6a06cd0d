"""What becomes of the assessments of one scan: a brief, a table or JSON lines on standard output.

In: one scan after the other, as they finish. Out: a `View` is asked to finish once, also after an interruption.
"""

from collections.abc import Iterable
from typing import Protocol, TextIO

from hunter.cli.screen.brief import brief_lines
from hunter.cli.screen.json_lines import json_line
from hunter.cli.screen.line_writer import FAREWELL_SECONDS, LineWriter
from hunter.cli.screen.table import Row, row_of, table_lines
from hunter.cli.screen.terminal import Terminal, printable
from hunter.core.changes import Change
from hunter.sales.brief import Brief, compose_brief
from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.services.scan.shapes import Scanned


class View(Protocol):
    """Shows scans."""

    async def take(self, scanned: Scanned, text: str) -> None:
        """Show one scan now, or keep it for the end; `text` is what was handed in."""
        ...

    def finish(self, *, is_interrupted: bool) -> None:
        """Show what was kept."""
        ...


class JSONView:
    """One object a line, as the scans come."""

    def __init__(self, stream: TextIO, wording: Wording) -> None:
        self._writer = LineWriter(stream.buffer)
        self._wording = wording

    async def take(self, scanned: Scanned, text: str) -> None:
        """Write the object."""
        words = reason(scanned.assessment, scanned.evidence, self._wording)
        line = json_line(
            scanned.assessment,
            scanned.evidence,
            text=text,
            reason=words,
            elapsed_seconds=scanned.elapsed_seconds,
            timing=scanned.timing,
            changes=scanned.changes,
            cached=scanned.cached,
        )
        await self._writer.write(line)

    def finish(self, *, is_interrupted: bool) -> None:
        """Write what waits; after an interruption a reader that does not read is not waited for."""
        self._writer.close(seconds=FAREWELL_SECONDS if is_interrupted else None)


class TableView:
    """A table of all scans, at the end."""

    def __init__(self, stream: TextIO, terminal: Terminal, wording: Wording) -> None:
        self._stream = stream
        self._terminal = terminal
        self._wording = wording
        self._rows: list[Row] = []

    async def take(self, scanned: Scanned, text: str) -> None:
        """Keep the row."""
        self._rows.append(row_of(scanned.assessment, self._wording))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the table."""
        if self._rows:
            print_lines(self._stream, table_lines(self._rows, self._terminal, self._wording))


class BriefView:
    """The brief of each scan; used for one name."""

    def __init__(self, stream: TextIO, terminal: Terminal, wording: Wording) -> None:
        self._stream = stream
        self._terminal = terminal
        self._wording = wording
        self._briefs: list[Brief] = []
        self._endings: list[list[str]] = []

    async def take(self, scanned: Scanned, text: str) -> None:
        """Compose the brief."""
        self._briefs.append(compose_brief(scanned.assessment, scanned.evidence, self._wording))
        self._endings.append(ending_lines(scanned, self._wording))

    def finish(self, *, is_interrupted: bool) -> None:
        """Print the brief."""
        for brief, ending in zip(self._briefs, self._endings, strict=True):
            print_lines(self._stream, brief_lines(brief, self._terminal, self._wording))
            print_lines(self._stream, ending)


def ending_lines(scanned: Scanned, wording: Wording) -> list[str]:
    """Say what changed since the scan before, and how old an answer from memory is."""
    lines: list[str] = []
    if scanned.changes:
        lines += ["", wording.say("brief.changes")]
        lines += [f"  ~ {printable(said_change(change, wording))}" for change in scanned.changes]
    if scanned.cached:
        minutes = int((scanned.assessment.as_of - scanned.evidence.collected_at).total_seconds() // 60)
        lines += ["", wording.say("brief.cached", {"minutes": minutes})]
    return lines


def said_change(change: Change, wording: Wording) -> str:
    """Return a change in words: what it is about, and both values."""
    what = wording.say(f"change.{change.kind}")
    if change.old is None and change.new is None:
        return what
    old, new = (_said_value(value, wording) for value in (change.old, change.new))
    return wording.say("change.to", {"what": what, "old": old, "new": new})


def _said_value(value: str | None, wording: Wording) -> str:
    """Return a value in words; whether something is there is stored as `true` or `false`."""
    if value in (None, "false"):
        return wording.say("change.none")
    return wording.say("change.there") if value == "true" else str(value)


def print_lines(stream: TextIO, lines: Iterable[str]) -> None:
    """Write lines that are safe to print, and see to it that they are out."""
    stream.writelines(f"{line}\n" for line in lines)
    stream.flush()

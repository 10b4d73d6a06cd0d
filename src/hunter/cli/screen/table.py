"""The table of many companies: best priority first, then the higher score, what is unknown last.

In: assessments, one after the other. Out: lines that fit the terminal; a narrow one loses columns, never a company.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hunter.cli.screen.terminal import Style, Terminal, columns_of, fitted, padded, printable
from hunter.core.assessment import Assessment
from hunter.core.judgement.segmentation import Segment
from hunter.core.names.domain_name import display_name
from hunter.sales.wording import Wording, provider_name

#: Columns in their order; the word is the key of the header.
COLUMNS: Final = ("priority", "score", "domain", "segment", "provider", "m365", "gateway", "unread")
#: Which columns leave first where the terminal is narrow; the others never leave.
LEAVING: Final = ("gateway", "unread", "m365", "provider")
NUMBERS: Final = frozenset(("priority", "score"))
GAP: Final = "  "
#: A domain name keeps at least so many columns.
SHORTEST_NAME: Final = 12
#: Stands where a number is unknown.
NO_NUMBER: Final = "–"
#: Sorts behind every priority and score.
LAST: Final = 999


@dataclass(frozen=True, slots=True)
class Row:
    """One company; small, because a list may hold a hundred thousand."""

    priority: int | None
    score: int | None
    domain: str
    segment: Segment | None
    #: The cells after the segment, in the order of the columns.
    words: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, str]:
        """Sort key: what to call first comes first."""
        score = LAST if self.score is None else -self.score
        return (self.priority or LAST, score, self.domain)


def row_of(assessment: Assessment, wording: Wording) -> Row:
    """Reduce an assessment to its row."""
    classification = assessment.classification
    words = (
        wording.say(f"segment.{assessment.segment or 'none'}"),
        printable(provider_name(wording, classification, assessment.mx_root)),
        wording.say(f"m365.{classification.m365.state}"),
        wording.gateway(classification),
        wording.listed("signal", assessment.signals_unknown),
    )
    score = assessment.score.points if assessment.score else None
    return Row(assessment.priority, score, assessment.domain, assessment.segment, words)


def table_lines(rows: Sequence[Row], terminal: Terminal, wording: Wording) -> Iterator[str]:
    """Yield header and rows in order of rank."""
    header = {column: wording.say(f"table.{column}") for column in COLUMNS}
    widths = _widths(rows, header, terminal.width)
    yield terminal.styled(_line(header, widths), Style.DIM)
    for row in sorted(rows, key=lambda one: one.rank):
        line = _line(_cells(row), widths)
        yield terminal.styled(line, Style.BOLD) if row.segment is Segment.MIGRATION else line


def _cells(row: Row) -> dict[str, str]:
    numbers = (NO_NUMBER if number is None else str(number) for number in (row.priority, row.score))
    return dict(zip(COLUMNS, (*numbers, printable(display_name(row.domain)), *row.words), strict=True))


def _widths(rows: Sequence[Row], header: dict[str, str], room: int) -> dict[str, int]:
    """Give each column the room of its longest cell; drop columns, then cut names, until a line fits."""
    widths = {column: columns_of(title) for column, title in header.items()}
    empty = {column for column in LEAVING if column != "provider"}
    for row in rows:
        for column, cell in _cells(row).items():
            widths[column] = max(widths[column], columns_of(cell))
            if cell:
                empty.discard(column)
    kept = {column: width for column, width in widths.items() if column not in empty}
    for column in LEAVING:
        if _total(kept) > room and _total(kept) - room > kept["domain"] - SHORTEST_NAME:
            kept.pop(column, None)
    kept["domain"] = max(min(kept["domain"], kept["domain"] + room - _total(kept)), min(SHORTEST_NAME, kept["domain"]))
    return kept


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + len(GAP) * (len(widths) - 1)


def _line(cells: dict[str, str], widths: dict[str, int]) -> str:
    parts = []
    for column, width in widths.items():
        cell = fitted(cells[column], width)
        parts.append(" " * (width - columns_of(cell)) + cell if column in NUMBERS else padded(cell, width))
    return GAP.join(parts).rstrip()

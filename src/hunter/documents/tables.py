"""CSV in and out (RFC 4180, as Excel reads and writes it), streamed with little memory.

In: a path; runs in the child. Out: first what was found out, then batches of rows as plain lists. The other way: rows
in, bytes out, with every cell neutralised that a spreadsheet would take for a formula.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from hunter.documents.batches import PlainRow, in_batches, plain_row
from hunter.documents.dialect import MIXED, UTF8, EncodingJudge, NotText, find_separator, hinted_separator
from hunter.documents.errors import UnreadableFile, file_error

_BLOCK_BYTES: Final = 1 << 20
#: A longer line is no row of a list; it is skipped without being held in memory.
_LONGEST_LINE: Final = 1 << 20
#: A cell of Excel holds no more characters.
_LONGEST_CELL: Final = 32_767
#: Stands for "no separator": a character that no text holds.
_NO_SEPARATOR: Final = "\x1f"
#: Characters that are kept of a row that cannot be read, so that it can be mended.
_SHOWN: Final = 1_000
#: Begins a line of plain text that is a remark.
_REMARK: Final = "#"
_SAMPLE_LINES: Final = 200
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
UTF8_BOM: Final = b"\xef\xbb\xbf"

Cell = str | int | float | None


def read_csv(order: dict[str, Any]) -> Iterator[Any]:
    """Yield what was found out about the file, then its rows in batches; the order names path, rows and columns."""
    path, most_columns = Path(order["path"]), order["columns"]
    judge = EncodingJudge()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_BLOCK_BYTES), b""):
            judge.take(block)
    try:
        encoding = judge.encoding()
    except NotText as error:
        raise UnreadableFile("not_text") from error
    with _opened(path, encoding) as text:
        separator = find_separator(islice(_bounded(text), _SAMPLE_LINES))
    if judge.line_ends > order["rows"]:
        with _opened(path, encoding) as text:
            _refuse_too_many(_rows(text, separator, most_columns), order["rows"])
    lines = judge.line_ends + 1
    yield {"encoding": encoding, "separator": separator, "sheet": "", "other_sheets": 0, "rows": lines}
    with _opened(path, encoding) as text:
        yield from in_batches(_rows(text, separator, most_columns))


def _opened(path: Path, encoding: str) -> io.TextIOWrapper:
    errors = MIXED if encoding == UTF8 else "replace"
    text = path.open(encoding=encoding, errors=errors, newline="")
    if encoding.startswith("utf-16") and text.read(1) != "\ufeff":
        text.seek(0)
    return text


def _refuse_too_many(rows: Iterable[PlainRow], most: int) -> None:
    """Count before the first row is handed on, so that no half of a list is taken; the header row is allowed for."""
    found = sum(1 for _ in rows) - 1
    if found > most:
        raise file_error("too_many_rows", {"limit": most, "found": found})


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    return iter(lambda: text.readline(_LONGEST_LINE), "")


class _Lines:
    """The lines of a text, with the way back: a quote that never closes must not swallow what follows it."""

    def __init__(self, text: io.TextIOWrapper, separator: str, most_columns: int) -> None:
        self._text = text
        self._separator = separator
        self._most_columns = most_columns
        self._again: deque[str] = deque()
        #: Lines of the row that is being read.
        self.taken: list[str] = []
        #: True where the text ended inside the row.
        self.ended_inside = False
        #: True where a line of the row was too long and was skipped.
        self.skipped = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(_LONGEST_LINE)
        if not line:
            self.ended_inside = bool(self.taken)
            raise StopIteration
        if len(line) >= _LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = self._skip(line)
        self.taken.append(line)
        return line

    def begin_row(self) -> None:
        """Forget the lines of the row before."""
        self.taken = []
        self.ended_inside = self.skipped = False

    def go_back(self) -> None:
        """Give all lines of the row but its first once more."""
        self._again.extendleft(reversed(self.taken[1:]))

    def _skip(self, line: str) -> str:
        """Read on to the end of the line without holding it; refuses a table of more columns than we take."""
        cuts = line.count(self._separator)
        while rest := self._text.readline(_LONGEST_LINE):
            cuts += rest.count(self._separator)
            if rest.endswith(("\n", "\r")):
                break
        _check_columns(cuts + 1, self._most_columns)
        self.skipped = True
        return "\n"


def _check_columns(found: int, most: int) -> None:
    if found > most:
        raise file_error("too_many_columns", {"limit": most, "found": found})


def _rows(text: io.TextIOWrapper, separator: str, most_columns: int) -> Iterator[PlainRow]:
    """Yield every row that holds something, with its number as Excel counts: records, empty ones included."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Lines(text, separator or _NO_SEPARATOR, most_columns)
    number, is_plain = 0, not separator
    reader = csv.reader(lines, delimiter=separator or _NO_SEPARATOR)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells, problem = [], "cell_too_long" if len(lines.taken) == 1 else "quote_not_closed"
        else:
            problem = _problem(lines)
        if number == 0 and hinted_separator(lines.taken[0]) == separator != "":
            # Excel takes this line for itself and shows the next as row 1.
            separator = ""
            continue
        number += 1
        if problem:
            cells = [lines.taken[0].strip()[:_SHOWN]]
            if problem == "quote_not_closed":
                lines.go_back()
            reader = csv.reader(lines, delimiter=reader.dialect.delimiter)
        elif is_plain and cells and cells[0].lstrip().startswith(_REMARK):
            continue
        _check_columns(len(cells), most_columns)
        row = plain_row(number, cells, problem)
        if row is not None:
            yield row


def _problem(lines: _Lines) -> str:
    if lines.ended_inside and len(lines.taken) > 1:
        return "quote_not_closed"
    return "row_too_long" if lines.skipped else ""


def csv_chunks(rows: Iterable[Sequence[Cell]], *, separator: str = ",", chunk_rows: int = 500) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 with its byte order mark, header first if it is the first row; memory stays flat.

    The first chunk holds the first row alone, so that a download begins at once.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    rows = iter(rows)
    yield UTF8_BOM
    sizes = chain((1,), iter(lambda: chunk_rows, 0))
    while batch := list(islice(rows, next(sizes))):
        writer.writerows([neutral(cell) for cell in row] for row in batch)
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()


def neutral(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers stay, NUL goes, nothing is empty."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = cell.replace("\0", "") if "\0" in cell else cell
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

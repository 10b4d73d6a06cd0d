"""Lists of names: plain lines or CSV, in UTF-8 or Windows-1254, streamed.

In: a path, or `-` for standard input. Out: one `Entry` for each line that should name a company. A list of any
length is read with the same little memory; a line of any length too.
"""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from os import fstat
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

from hunter.cli.columns import Layout, find_layout
from hunter.cli.names import Entry
from hunter.core.errors import InvalidInput

#: A longer line is no line of a list; it is skipped without being held in memory.
LONGEST_LINE: Final = 64 * 1024
#: Lines looked at before the layout is decided.
SAMPLE_LINES: Final = 200
HEAD_BYTES: Final = 8 * 1024
#: Files that spreadsheets and the like write, by their first bytes.
MAGIC: Final = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x7fELF", b"MZ", b"\x89PNG", b"SQLite")
UTF8_BOM: Final = b"\xef\xbb\xbf"
#: Bytes that no text in UTF-8 or Windows-1254 holds.
CONTROL_BYTES: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r")) + b"\x7f"


#: Why a list cannot be read at all, or names nothing; each has its sentence in the catalogue.
LIST_PROBLEMS: Final = ("missing", "forbidden", "is_folder", "empty", "binary", "unreadable", "without_names")
#: What can be wrong with one line or row.
LINE_PROBLEMS: Final = ("line_too_long", "line_has_nul", "row_without_name", "quote_not_closed")


class UnreadableList(InvalidInput):
    """The list cannot be read at all."""

    code = "list_unreadable"

    def __init__(self, problem: str, name: str) -> None:
        super().__init__(f"{name}: {problem}")
        #: One of `LIST_PROBLEMS`.
        self.problem = problem
        #: The list's name for people.
        self.name = name


@dataclass(frozen=True, slots=True)
class NameList:
    """An open list that is known to be text."""

    stream: BinaryIO
    #: Lines in it, for an estimate of the time that remains.
    lines: int

    def entries(self) -> Iterator[Entry]:
        """Yield one entry for each line or row that holds something; closes the list at the end."""
        with self.stream:
            numbered = _decoded(self.stream)
            sample = list(islice(numbered, SAMPLE_LINES))
            layout = find_layout([text for _, text, _ in sample])
            read = _table if layout.separator else _plain
            yield from read(chain(sample, numbered), layout)


#: Number of the line, its text, and the code of what is wrong with it.
Line = tuple[int, str, str]


def open_list(name: str, standard_input: BinaryIO) -> NameList:
    """Open a list; raises `UnreadableList` for what is missing, forbidden, a folder, empty or no text."""
    stream = standard_input if name == "-" else _opened(Path(name))
    try:
        head = stream.read(HEAD_BYTES)
        _refuse_what_is_no_list(head, name)
        stream = stream if _is_file(stream) else _spooled(head, stream)
    except OSError as error:
        raise UnreadableList("unreadable", name) from error
    stream.seek(0)
    lines = _count_lines(stream)
    stream.seek(0)
    return NameList(stream, lines)


def _refuse_what_is_no_list(head: bytes, name: str) -> None:
    if not head.strip():
        raise UnreadableList("empty", name)
    controls = len(head) - len(head.translate(None, CONTROL_BYTES))
    if head.startswith(MAGIC) or controls > len(head) // 50:
        raise UnreadableList("binary", name)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise UnreadableList("missing", str(path)) from error
    except PermissionError as error:
        raise UnreadableList("forbidden", str(path)) from error
    except IsADirectoryError as error:
        raise UnreadableList("is_folder", str(path)) from error
    except (OSError, ValueError) as error:
        raise UnreadableList("unreadable", str(path)) from error


def _is_file(stream: BinaryIO) -> bool:
    return S_ISREG(fstat(stream.fileno()).st_mode)


def _spooled(head: bytes, pipe: BinaryIO) -> BinaryIO:
    """Take a pipe to its end into a temporary file, so that waiting for its writer never delays an answer of DNS."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115  NameList.entries closes it, as it does any other list.
    spool.write(head)
    shutil.copyfileobj(pipe, spool)
    return spool


def _count_lines(stream: BinaryIO) -> int:
    blocks = iter(lambda: stream.read(1 << 20), b"")
    return sum(block.count(b"\n") for block in blocks) + 1


def _decoded(stream: BinaryIO) -> Iterator[Line]:
    """Yield each line that holds something; one that is too long or holds NUL comes with a problem and no text."""
    for number, raw in enumerate(_bounded_lines(stream), start=1):
        if raw is None:
            yield number, "", "line_too_long"
        elif b"\0" in raw:
            yield number, raw.replace(b"\0", b" ").decode("latin-1"), "line_has_nul"
        elif raw.strip():
            yield number, _text(raw.removeprefix(UTF8_BOM) if number == 1 else raw), ""


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    while line := stream.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while rest := stream.readline(LONGEST_LINE):
            if rest.endswith(b"\n"):
                break
        yield None


def _text(raw: bytes) -> str:
    """Decode one line; what is no UTF-8 was written by a Turkish Windows."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1254", "replace")


def _plain(lines: Iterator[Line], layout: Layout) -> Iterator[Entry]:
    """One name a line; `#` begins a comment line."""
    for position, (number, text, problem) in enumerate(lines):
        text = text.strip()
        if problem or not (text.startswith("#") or (position == 0 and layout.has_header)):
            yield Entry(text, number, problem)


def _table(lines: Iterator[Line], layout: Layout) -> Iterator[Entry]:
    """One name a row, from the first of the layout's columns that holds one; names in others go along."""
    rows = _Rows(lines, layout.separator)
    for position, (number, cells, problem) in enumerate(rows):
        if problem:
            yield Entry(cells[0] if cells else "", number, problem)
        elif position > 0 or not layout.has_header:
            picked = layout.pick(cells)
            if picked:
                yield Entry(picked[0], number, others=picked[1:])
            else:
                yield Entry(layout.separator.join(cells), number, "row_without_name")


class _Rows:
    """Rows of a CSV with the number of the line on which each begins; a bad line becomes a row with a problem."""

    def __init__(self, lines: Iterator[Line], separator: str) -> None:
        self._lines = lines
        self._separator = separator
        self._problems: list[tuple[int, str, str]] = []
        self._first = 0

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        texts = self._texts()
        reader = csv.reader(texts, delimiter=self._separator)
        while True:
            self._first = 0
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error:
                # A quote that never closes swallows lines up to the reader's limit of one field, then ends here.
                yield self._first, [], "quote_not_closed"
                reader = csv.reader(texts, delimiter=self._separator)
                continue
            yield from self._taken_problems()
            if any(cell.strip() for cell in row):
                yield self._first, row, ""
        yield from self._taken_problems()

    def _texts(self) -> Iterator[str]:
        for number, text, problem in self._lines:
            if problem:
                self._problems.append((number, text, problem))
                continue
            self._first = self._first or number
            yield text

    def _taken_problems(self) -> Iterator[tuple[int, list[str], str]]:
        taken, self._problems = self._problems, []
        for number, text, problem in taken:
            yield number, [text], problem

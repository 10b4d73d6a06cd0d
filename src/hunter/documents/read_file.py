"""The door for lists that come in: a path or a stream in, rows out, read in a child process under limits.

In: plain lines, a CSV, XLSX, XLS or ODS file. Out: `TableFile` with its rows, streamed; an `UnreadableFile` where it
cannot be taken, before the first row is given for all causes that can be known by then.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from itertools import chain
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, BinaryIO, Final

from hunter.core.table_rows import ROW_PROBLEMS, TableRow
from hunter.documents.child import run_in_child
from hunter.documents.errors import UnreadableFile, file_error
from hunter.documents.file_type import HEAD_BYTES, FileType, check_content, type_of
from hunter.documents.limits import FileLimits
from hunter.documents.tables import read_csv
from hunter.documents.workbook_rows import read_workbook

DEFAULT_LIMITS: Final = FileLimits()
_COPY_BYTES: Final = 1 << 20
_PROBLEMS: Final = frozenset(("", *ROW_PROBLEMS))


@dataclass(frozen=True, slots=True)
class TableFile:
    """An open list: what was found out about it, and its rows."""

    kind: FileType
    #: Codec of a CSV; empty for a workbook.
    encoding: str
    #: Separator of a CSV, empty for one column alone and for a workbook.
    separator: str
    #: The sheet that is read; empty for a CSV.
    sheet: str
    #: Visible sheets after it that are not read.
    other_sheets: int
    #: About how many rows it has.
    expected_rows: int
    #: Each row that holds something, once.
    rows: Iterator[TableRow]


@contextmanager
def open_table(
    path: Path, *, name: str = "", limits: FileLimits = DEFAULT_LIMITS, sheet: str = ""
) -> Iterator[TableFile]:
    """Open a list for the time of the block; `name` is what people call it where the path is a temporary one.

    `sheet` is the name or the number of the sheet that is wanted; without it the first one that holds something is
    read. What is no file, such as a pipe, is taken to its end first. Raises `UnreadableFile`, `UnknownFileType` or
    `TooLargeFile`; the last also while rows are read, when the child takes more memory or time than it may.
    """
    with ExitStack() as opened:
        try:
            mode = path.stat().st_mode
            if not S_ISREG(mode) and not S_ISDIR(mode):
                name, path = name or path.name, opened.enter_context(_spooled_path(path, limits))
            _check_file(path, limits.file_bytes)
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
            kind = type_of(name or path.name, head)
            check_content(path, head, kind, limits)
        except (OSError, ValueError) as error:
            raise _unopened(error) from error
        yield opened.enter_context(_table(path, kind, limits, sheet))


@contextmanager
def open_stream(
    stream: BinaryIO, *, name: str, limits: FileLimits = DEFAULT_LIMITS, sheet: str = ""
) -> Iterator[TableFile]:
    """Open a list that comes through a pipe; see `open_table`. It is taken to its end, so that no row is waited for."""
    with ExitStack() as opened:
        path = opened.enter_context(_spooled(stream, limits))
        yield opened.enter_context(open_table(path, name=name, limits=limits, sheet=sheet))


@contextmanager
def _spooled_path(path: Path, limits: FileLimits) -> Iterator[Path]:
    with path.open("rb") as stream, _spooled(stream, limits) as spool:
        yield spool


@contextmanager
def _spooled(stream: BinaryIO, limits: FileLimits) -> Iterator[Path]:
    """Copy a stream into a temporary file, within the limits; what is no list at its start is refused at once."""
    head = stream.read(HEAD_BYTES)
    type_of("", head)
    with tempfile.TemporaryDirectory(prefix="hunter-") as folder:
        path = Path(folder, "list")
        with path.open("wb") as spool:
            spool.write(head)
            _copy(stream, spool, limits.file_bytes)
        yield path


def _copy(stream: BinaryIO, spool: BinaryIO, most_bytes: int) -> None:
    while block := stream.read(_COPY_BYTES):
        spool.write(block)
        if spool.tell() > most_bytes:
            raise file_error("too_many_bytes", {"limit": most_bytes >> 20, "found": -(-spool.tell() >> 20)})


@contextmanager
def _table(path: Path, kind: FileType, limits: FileLimits, sheet: str) -> Iterator[TableFile]:
    is_text = kind in (FileType.CSV, FileType.TEXT)
    if is_text and sheet:
        raise UnreadableFile("no_sheets")
    order = {
        "path": str(path.absolute()),
        "rows": limits.csv_rows if is_text else limits.workbook_rows,
        "columns": limits.columns,
        "sheet": sheet,
    }
    with closing(run_in_child(read_csv if is_text else read_workbook, order, limits.child)) as messages:
        about = _about(next(messages, None))
        first = next(messages, None)
        if first is None:
            raise UnreadableFile("empty")
        yield TableFile(
            kind=kind,
            encoding=about["encoding"],
            separator=about["separator"],
            sheet=about["sheet"],
            other_sheets=about["other_sheets"],
            expected_rows=about["rows"],
            rows=chain.from_iterable(map(_checked, chain((first,), messages))),
        )


def read_rows(path: Path, *, name: str = "", limits: FileLimits = DEFAULT_LIMITS) -> Iterator[TableRow]:
    """Yield the rows of a list; see `open_table`."""
    with open_table(path, name=name, limits=limits) as table:
        yield from table.rows


def _check_file(path: Path, most_bytes: int) -> None:
    status = path.stat()
    if S_ISDIR(status.st_mode):
        raise UnreadableFile("is_folder")
    if status.st_size == 0:
        raise UnreadableFile("empty")
    if status.st_size > most_bytes:
        raise file_error("too_many_bytes", {"limit": most_bytes >> 20, "found": -(-status.st_size >> 20)})


def _unopened(error: Exception) -> Exception:
    """Tell why a file cannot be opened; a disk that is full is no fault of the file."""
    if isinstance(error, OSError) and error.errno == ENOSPC:
        return error
    if isinstance(error, FileNotFoundError):
        return UnreadableFile("missing")
    return UnreadableFile("forbidden" if isinstance(error, PermissionError) else "unreadable")


def _about(told: Any) -> dict[str, Any]:
    """Check what the child found out: it has read a stranger's file, and its words are a stranger's."""
    wanted = {"encoding": str, "separator": str, "sheet": str, "other_sheets": int, "rows": int}
    if not isinstance(told, dict) or any(type(told.get(key)) is not kind for key, kind in wanted.items()):
        raise UnreadableFile("crashed")
    return told


def _checked(batch: Any) -> Iterator[TableRow]:
    """Check the form of every row; joining its cells fails where one is no text."""
    try:
        for number, problem, cells in batch:
            if type(number) is not int or problem not in _PROBLEMS or "\0" in "".join(cells):
                raise UnreadableFile("crashed")
            yield TableRow(number, tuple(cells), problem)
    except (TypeError, ValueError) as error:
        raise UnreadableFile("crashed") from error

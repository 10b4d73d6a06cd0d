"""The door for lists that come in: a path in, rows out, read in a child process under limits.

In: a CSV, XLSX, XLS or ODS file. Out: `TableFile` with its rows, streamed; an `UnreadableFile` where it cannot be
taken, before the first row is given for all causes that can be known by then.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, Final

from hunter.core.table_rows import ROW_PROBLEMS, TableRow
from hunter.documents.child import run_in_child
from hunter.documents.errors import UnreadableFile, file_error
from hunter.documents.file_type import FileType, check_content, type_of
from hunter.documents.limits import FileLimits
from hunter.documents.tables import read_csv
from hunter.documents.workbook import read_workbook

DEFAULT_LIMITS: Final = FileLimits()
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
    #: Each row that holds something, once.
    rows: Iterator[TableRow]


@contextmanager
def open_table(path: Path, *, name: str = "", limits: FileLimits = DEFAULT_LIMITS) -> Iterator[TableFile]:
    """Open a list for the time of the block; `name` is what people call it where the path is a temporary one.

    Raises `UnreadableFile`, `UnknownFileType` or `TooLargeFile`; the last also while rows are read, when the child
    takes more memory or time than it may.
    """
    kind = type_of(name or path.name)
    _check_file(path, limits.file_bytes)
    try:
        check_content(path, kind, limits)
    except OSError as error:
        raise _unopened(error) from error
    is_csv = kind is FileType.CSV
    order = {
        "path": str(path.absolute()),
        "rows": limits.csv_rows if is_csv else limits.workbook_rows,
        "columns": limits.columns,
    }
    with closing(run_in_child(read_csv if is_csv else read_workbook, order, limits.child)) as messages:
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
            rows=chain.from_iterable(map(_checked, chain((first,), messages))),
        )


def read_rows(path: Path, *, name: str = "", limits: FileLimits = DEFAULT_LIMITS) -> Iterator[TableRow]:
    """Yield the rows of a list; see `open_table`."""
    with open_table(path, name=name, limits=limits) as table:
        yield from table.rows


def _check_file(path: Path, most_bytes: int) -> None:
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unopened(error) from error
    if S_ISDIR(status.st_mode):
        raise UnreadableFile("is_folder")
    if not S_ISREG(status.st_mode):
        raise UnreadableFile("unreadable")
    if status.st_size == 0:
        raise UnreadableFile("empty")
    if status.st_size > most_bytes:
        raise file_error("too_many_bytes", {"limit": most_bytes >> 20, "found": -(-status.st_size >> 20)})


def _unopened(error: Exception) -> UnreadableFile:
    if isinstance(error, FileNotFoundError):
        return UnreadableFile("missing")
    return UnreadableFile("forbidden" if isinstance(error, PermissionError) else "unreadable")


def _about(told: Any) -> dict[str, Any]:
    """Check what the child found out: it has read a stranger's file, and its words are a stranger's."""
    wanted = {"encoding": str, "separator": str, "sheet": str, "other_sheets": int}
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

"""Workbooks in (xlsx, xls, ods by calamine) and out (xlsx by xlsxwriter).

In: a path; runs in the child, where one sheet is held in memory. Out: what was found out, then batches of rows as plain
lists. The other way: rows in, bytes out; every cell is written as text, never as a formula, link or number.
"""

import datetime
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from hunter.documents.batches import PlainRow, in_batches, plain_row
from hunter.documents.errors import UnreadableFile, file_error
from hunter.documents.tables import Cell

#: Rows of a sheet below its header row (Excel's own limit is 1,048,576 rows).
ROWS_PER_SHEET: Final = 1_048_575
#: A cell of Excel holds no more characters; xlsxwriter would leave a longer one out without a word.
_LONGEST_CELL: Final = 32_767
_CHUNK_BYTES: Final = 64 * 1024


def read_workbook(order: dict[str, Any]) -> Iterator[Any]:
    """Yield what was found out about the workbook, then the rows of its first visible sheet that holds something."""
    try:
        with CalamineWorkbook.from_path(order["path"]) as workbook:
            sheet, others = _first_sheet(workbook)
    except PasswordError as error:
        raise UnreadableFile("password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile("damaged") from error
    _check_size(sheet, order)
    yield {"encoding": "", "separator": "", "sheet": sheet.name, "other_sheets": others}
    yield from in_batches(_rows(sheet))


def _first_sheet(workbook: CalamineWorkbook) -> tuple[CalamineSheet, int]:
    """Return the sheet to read, and the number of visible ones after it; raises `UnreadableFile` without any."""
    seen = [
        one.name
        for one in workbook.sheets_metadata
        if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
    ]
    for position, name in enumerate(seen):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None and sheet.height:
            return sheet, len(seen) - position - 1
    raise UnreadableFile("empty")


def _check_size(sheet: CalamineSheet, order: dict[str, Any]) -> None:
    """Refuse what is too wide or too long; rows that hold nothing do not count."""
    if sheet.width > order["columns"]:
        raise file_error("too_many_columns", {"limit": order["columns"], "found": sheet.width})
    if sheet.height > order["rows"]:
        found = sum(1 for _ in _rows(sheet)) - 1
        if found > order["rows"]:
            raise file_error("too_many_rows", {"limit": order["rows"], "found": found})


def _rows(sheet: CalamineSheet) -> Iterator[PlainRow]:
    """Yield the rows that hold something, numbered as Excel does and with column A first.

    calamine gives the empty rows above the first filled one, but not the empty columns to the left of it.
    """
    left = [""] * (sheet.start or (0, 0))[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        row = plain_row(number, [*left, *map(_text, values)])
        if row is not None:
            yield row


def _text(value: object) -> str:
    """Write a cell's value as text: whole numbers without a decimal point, dates as ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def xlsx_chunks(rows: Iterable[Sequence[Cell]], *, sheet: str = "Leads") -> Generator[bytes, None, None]:
    """Yield a workbook whose first row is the header, repeated on every further sheet; memory stays flat.

    The file is made in the system's folder for temporary files and is gone when the iterator is closed.
    """
    with tempfile.TemporaryDirectory(prefix="hunter-") as folder:
        path = Path(folder, "workbook.xlsx")
        write_workbook(path, iter(rows), sheet=sheet)
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK_BYTES), b"")


def write_workbook(
    path: Path, rows: Iterator[Sequence[Cell]], *, sheet: str, rows_per_sheet: int = ROWS_PER_SHEET
) -> None:
    """Write a workbook whose first row is the header of every sheet."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    header = next(rows, ())
    with Workbook(str(path), options) as workbook:
        number = 0
        while True:
            number += 1
            page = workbook.add_worksheet(sheet if number == 1 else f"{sheet} {number}")
            _fill(page, chain((header,), islice(rows, rows_per_sheet)))
            following = next(rows, None)
            if following is None:
                return
            rows = chain((following,), rows)


def _fill(page: Worksheet, rows: Iterable[Sequence[Cell]]) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            text = _cell_text(cell)
            if text:
                page.write_string(at, column, text)


def _cell_text(cell: Cell) -> str:
    """Return what is written: never longer than a cell, without lone surrogates and NUL."""
    if cell is None:
        return ""
    text = str(cell).replace("\0", "")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"

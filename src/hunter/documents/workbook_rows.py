"""Workbooks in (xlsx, xls, ods by calamine).

In: a path; runs in the child, where one sheet is held in memory. Out: what was found out, then batches of rows as plain
lists.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hunter.documents.batches import PlainRow, in_batches, plain_row
from hunter.documents.errors import UnreadableFile, file_error

#: Characters of the names of sheets that an error repeats.
_SHOWN: Final = 200


def read_workbook(order: dict[str, Any]) -> Iterator[Any]:
    """Yield what was found out about the workbook, then the rows of the sheet that the order names.

    Without a name that is the first visible sheet that holds something.
    """
    try:
        with CalamineWorkbook.from_path(order["path"]) as workbook:
            sheet, others = _named_sheet(workbook, order["sheet"]) if order["sheet"] else _first_sheet(workbook)
    except PasswordError as error:
        raise UnreadableFile("password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile("damaged") from error
    _check_size(sheet, order)
    yield {"encoding": "", "separator": "", "sheet": sheet.name, "other_sheets": others, "rows": sheet.height}
    yield from in_batches(_rows(sheet))


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        one.name
        for one in workbook.sheets_metadata
        if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
    ]


def _named_sheet(workbook: CalamineWorkbook, wanted: str) -> tuple[CalamineSheet, int]:
    """Return the sheet of a name, also a hidden one, or of a number as its tab stands; others are not counted then."""
    visible = _visible(workbook)
    every = [one.name for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    name = next((one for one in every if one == wanted), None) or _alike(every, wanted)
    if name is None and wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(visible):
        name = visible[int(wanted[:9]) - 1]
    if name is None:
        raise file_error("no_such_sheet", {"wanted": wanted, "sheets": _listed(visible)})
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None or not sheet.height:
        raise UnreadableFile("empty")
    return sheet, 0


def _alike(names: Sequence[str], wanted: str) -> str | None:
    """Return the one sheet whose name differs in case and outer spaces only."""
    alike = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    return alike[0] if len(alike) == 1 else None


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(f"{number} {name}" for number, name in enumerate(names, start=1))
    return listed if len(listed) <= _SHOWN else listed[: _SHOWN - 1] + "…"


def _first_sheet(workbook: CalamineWorkbook) -> tuple[CalamineSheet, int]:
    """Return the sheet to read, and the number of visible ones after it; raises `UnreadableFile` without any."""
    seen = _visible(workbook)
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

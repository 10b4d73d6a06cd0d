"""Workbooks out (xlsx by xlsxwriter): rows in, bytes out; every cell is written as text, never as a formula, link or
number.
"""

import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from hunter.documents.tables import Cell

#: Rows of a sheet below its header row (Excel's own limit is 1,048,576 rows).
ROWS_PER_SHEET: Final = 1_048_575
#: A cell of Excel holds no more characters; xlsxwriter would leave a longer one out without a word.
_LONGEST_CELL: Final = 32_767
_CHUNK_BYTES: Final = 64 * 1024


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

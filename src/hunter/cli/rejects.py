"""The file of rows that were not taken: the columns of the list and the reason, to be mended and brought again.

In: refused rows, as they come. Out: a CSV in UTF-8 that spreadsheets open; made with the first row, so that a list
without bad rows leaves none.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from hunter.core.errors import InvalidInput
from hunter.documents.tables import neutral
from hunter.sales.wording import Wording
from hunter.services.lists.candidates import RowError
from hunter.services.lists.columns import Columns, column_letters
from hunter.services.lists.words import reason_header, row_error_text

#: Excel opens a list by the separator of the country.
_SEPARATORS: Final = {"tr": ";"}


class RejectsFile:
    """Writes refused rows; closing it, by `with`, puts all of them on the disk."""

    def __init__(self, path: Path, source: Path, wording: Wording, *, language: str) -> None:
        """Raises `InvalidInput` where the list itself would be written over."""
        if path.resolve() == source.resolve():
            raise InvalidInput(wording.say("rejects.same_file", {"file": str(path)}))
        self.path = path
        self._wording = wording
        self._separator = _SEPARATORS.get(language, ",")
        self._columns: Columns | None = None
        self._header: tuple[str, ...] = ()
        self._file: TextIO | None = None
        #: Rows that were written.
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def begin(self, columns: Columns, header: tuple[str, ...]) -> None:
        """Say where the list keeps what, and its header row."""
        self._columns, self._header = columns, header

    def take(self, error: RowError, cells: Sequence[str]) -> None:
        """Write one row; the reason stands behind the columns of the list."""
        if self._columns is None:
            return
        reason = row_error_text(error, self._wording)
        if self._file is None:
            # Opened for writing, which empties what an earlier run left.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            width = self._columns.width
            header = self._header or tuple(map(column_letters, range(width)))
            self._write(header, reason_header(self._wording))
        self._write(cells, reason)
        self.rows += 1

    def _write(self, cells: Sequence[str], reason: str) -> None:
        assert self._file is not None  # It was opened for the first row.
        assert self._columns is not None  # Said before the first row.
        width = self._columns.width
        padded = (*cells[:width], *[""] * (width - len(cells)))
        # A reason that we wrote in an earlier round gives way to the new one.
        beyond = cells[width + 1 :] if self._columns.has_reason else cells[width:]
        writer = csv.writer(self._file, delimiter=self._separator, lineterminator="\r\n")
        writer.writerow([neutral(cell) for cell in (*padded, reason, *beyond)])

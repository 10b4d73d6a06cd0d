"""Rows of a table that somebody handed in, as every reader gives them and every use case takes them."""

from typing import Final, NamedTuple

#: What may be wrong with one row before anybody looks at what it says; each has its sentence in the catalogue.
ROW_PROBLEMS: Final = ("row_has_nul", "row_too_long", "cell_too_long", "quote_not_closed")


class TableRow(NamedTuple):
    """One row that holds something. A tuple, because a million of them are made, and a dataclass takes longer."""

    #: Number of the row as Excel shows it, counted from 1; empty rows count, a cell with line breaks is one row.
    number: int
    #: Cells as text, from column A on; without the empty ones at the end.
    cells: tuple[str, ...]
    #: One of `ROW_PROBLEMS` where the row cannot be read; the cells are then what is left to show.
    problem: str = ""

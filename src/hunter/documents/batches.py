"""Rows on their way from the child: plain lists in batches of bounded size."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_BATCH_ROWS: Final = 1_000
_BATCH_CHARACTERS: Final = 1 << 20
#: Characters of one row that we take; a thousand columns of a thousand characters.
_LONGEST_ROW: Final = 1 << 20
#: Characters that are kept of a row that cannot be read, so that it can be mended.
_SHOWN: Final = 1_000

#: Number, problem, cells.
PlainRow = tuple[int, str, list[str]]


def plain_row(number: int, cells: Sequence[str], problem: str = "") -> PlainRow | None:
    """Return a row for the wire, without the empty cells at its end; None for a row that holds nothing."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    if not end:
        return (number, problem, []) if problem else None
    kept = list(cells[:end])
    if not problem:
        problem = _problem(kept)
    if problem == "row_has_nul":
        kept = [cell.replace("\0", " ") for cell in kept]
    elif problem:
        shown = next(cell for cell in kept if cell.strip()).replace("\0", " ")
        kept = [shown[:_SHOWN]]
    return number, problem, kept


def _problem(cells: Sequence[str]) -> str:
    joined = "".join(cells)
    if len(joined) > _LONGEST_ROW:
        return "row_too_long"
    return "row_has_nul" if "\0" in joined else ""


def in_batches(rows: Iterable[PlainRow]) -> Iterator[list[PlainRow]]:
    """Yield rows in lists that fit into one frame."""
    batch: list[PlainRow] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row[2]))
        if len(batch) >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch

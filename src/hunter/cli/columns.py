"""Which column of a list names the company: separator, header and columns from a sample of its lines.

In: the first lines as text. Out: a `Layout`. A column is judged by what it holds; its header only breaks ties.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hunter.core.domain_name import domain_from_email, normalise_domain

SEPARATORS: Final = (";", "\t", ",")
#: Words in a header that promise a name, in folded form.
HINTS: Final = ("domain", "alan adi", "web", "site", "url", "internet", "adres", "posta", "mail")
#: Turkish letters as people write them without a Turkish keyboard.
FOLDED: Final = str.maketrans("İIıĞğÜüŞşÖöÇçÂâÎîÛû", "iiigguussooccaaiiuu")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is laid out."""

    #: Empty for plain lines.
    separator: str
    has_header: bool
    #: Columns that name the company, best first; empty for plain lines.
    columns: tuple[int, ...]

    def pick(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Return the cells of the columns that hold a name, best first; without any, the first filled one, if any."""
        held = [cells[column].strip() for column in self.columns if column < len(cells)]
        filled = tuple(cell for cell in held if cell)
        return tuple(cell for cell in filled if _names(cell)) or filled[:1]


def find_layout(lines: Sequence[str]) -> Layout:
    """Judge a sample of lines; without a separator that most lines share they are plain."""
    separator = _separator(lines)
    if not separator:
        return Layout("", bool(lines) and _is_header([lines[0]]), ())
    rows = [row for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)]
    has_header = bool(rows) and not any(_names(cell) for cell in rows[0])
    header = rows[0] if has_header else []
    return Layout(separator, has_header, _columns(rows[has_header:], header))


def fold_header(text: str) -> str:
    """Lower case without Turkish letters, for comparing headers only."""
    return text.strip().translate(FOLDED).lower()


def _separator(lines: Sequence[str]) -> str:
    """The separator that most lines hold; with equal counts the first of `SEPARATORS`."""
    counts = [(sum(separator in line for line in lines), separator) for separator in SEPARATORS]
    count, separator = max(counts, key=lambda pair: pair[0])
    return separator if count * 2 > len(lines) else ""


def _is_header(cells: Sequence[str]) -> bool:
    return not any(_names(cell) for cell in cells) and any(_hint(cell) for cell in cells)


def _columns(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[int, ...]:
    """Order the columns in which at least half of the filled cells name something, by their number of names."""
    ranked = []
    for column in range(max((len(row) for row in rows), default=0)):
        filled = [row[column] for row in rows if column < len(row) and row[column].strip()]
        named = sum(_names(cell) for cell in filled)
        if named and named * 2 >= len(filled):
            hinted = column < len(header) and _hint(header[column])
            ranked.append((-named, not hinted, column))
    return tuple(column for _, _, column in sorted(ranked))


def _hint(cell: str) -> bool:
    folded = fold_header(cell)
    return any(hint in folded for hint in HINTS)


def _names(cell: str) -> bool:
    return bool(normalise_domain(cell) or ("@" in cell and domain_from_email(cell)))

"""Where a list keeps what: positions of columns, and those that somebody names by hand.

In: the first rows of a list. Out: `Columns`, or an error that says which columns there are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hunter.core.company_marks import ExclusionMark
from hunter.core.errors import InvalidInput
from hunter.core.names.turkish import fold
from hunter.core.table_rows import TableRow

#: Titles and notes above the header row are looked through so far.
HEADER_ROWS: Final = 20
SHOWN_HEADERS: Final = 50
SHOWN_CHARACTERS: Final = 60
#: Headers of columns that we write ourselves begin so; they are never read.
OUR_HEADER: Final = "Hunter: "
#: Said in place of a column: the list has none of this kind.
NO_COLUMN: Final = "-"
_LETTERS: Final = re.compile(r"[A-Za-z]{1,3}")


class ColumnKind(StrEnum):
    """What a column may hold; also the words by which somebody names one."""

    DOMAIN = "domain"
    NAME = "name"
    EMAIL = "email"
    WEBSITE = "website"
    EMPLOYEES = "employees"
    COUNTRY = "country"
    CITY = "city"
    MARKS = "marks"


#: The headers that are obeyed where columns are not looked for.
FIXED_HEADERS: Final[Mapping[ColumnKind, str]] = {
    **{kind: kind.value for kind in ColumnKind},
    ColumnKind.NAME: "company_name",
}

#: Columns named by hand: letters (`B`), headers, or `-` for none.
ChosenColumns = Mapping[ColumnKind, str]


class NoDomainColumn(InvalidInput):
    """No column of the list names companies."""

    code = "domain_column_missing"

    def __init__(self, headers: Sequence[str], guesses: Sequence[str]) -> None:
        super().__init__(f"no column holds domains; headers: {', '.join(headers)}")
        #: What the list calls its columns.
        self.headers = tuple(headers)
        #: The columns that by their header might have held domains, but do not.
        self.guesses = tuple(guesses)


class NoSuchColumn(InvalidInput):
    """The list has no column of the name or letter that somebody gave."""

    code = "column_missing"

    def __init__(self, wanted: str, found: Sequence[str]) -> None:
        super().__init__(f"there is no column {wanted!r}; columns: {', '.join(found)}")
        #: What was asked for.
        self.wanted = wanted
        #: Letter and header of each column: `A Firma`.
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list keeps what, as positions from 0; None for what it does not have."""

    domain: int
    company: int | None = None
    websites: tuple[int, ...] = ()
    emails: tuple[int, ...] = ()
    employees: int | None = None
    country: int | None = None
    city: int | None = None
    #: Columns of exclusion marks, each with the mark that its header names.
    marks: tuple[tuple[int, ExclusionMark | None], ...] = ()
    #: Number of the header row; 0 where the list has none.
    header_row: int = 0
    headers: tuple[str, ...] = ()
    #: Columns up to the last one that the first rows fill; those of our own are not counted.
    width: int = field(default=0, compare=False)

    @property
    def has_reason(self) -> bool:
        """Whether the list is one of refused rows, with a column of ours behind its own."""
        return is_ours(self.header(self.width))

    def header(self, position: int | None) -> str:
        """Return what the list calls a column; empty for none."""
        return self.headers[position] if position is not None and position < len(self.headers) else ""


def shown_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headers as they are shown and compared: in one line, shortened."""
    return tuple(" ".join(cell.split())[:SHOWN_CHARACTERS] for cell in cells[:SHOWN_HEADERS])


def is_ours(header: str) -> bool:
    """Tell whether a column is one that we wrote beside those of a list: the reason of a refusal."""
    return header.startswith(OUR_HEADER)


def column_letters(position: int) -> str:
    """Return the letters by which spreadsheets call a column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_choice(text: str) -> ChosenColumns:
    """Read columns named by hand, `domain=B,name=Firma Adı`; raises `InvalidInput` for a kind that there is not."""
    chosen: dict[ColumnKind, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, equals, column = (piece.strip() for piece in part.partition("="))
        if kind not in set(ColumnKind) or not equals or not column:
            kinds = ", ".join(ColumnKind)
            raise InvalidInput(f"--columns: {part!r} is not KIND=COLUMN, such as domain=B; kinds: {kinds}")
        chosen[ColumnKind(kind)] = column
    return MappingProxyType(chosen)


def find_header_row(rows: Sequence[TableRow], chosen: ChosenColumns) -> TableRow | None:
    """Return the first row that holds most of the headers that were named; None where no row holds one."""
    wanted = {fold(column) for column in chosen.values() if column != NO_COLUMN}
    held = [(len(wanted.intersection(map(fold, row.cells))), row) for row in rows[:HEADER_ROWS]]
    most, best = max(held, key=lambda pair: pair[0], default=(0, None))
    return best if most else None


def place_choice(chosen: ChosenColumns, headers: Sequence[str], width: int) -> dict[ColumnKind, int | None]:
    """Return positions of columns named by hand, None for `-`; a header counts first. Raises `NoSuchColumn`."""
    folded = [fold(header) for header in headers]
    placed: dict[ColumnKind, int | None] = {}
    for kind, column in chosen.items():
        if column == NO_COLUMN:
            placed[kind] = None
        elif fold(column) in folded:
            placed[kind] = folded.index(fold(column))
        elif _LETTERS.fullmatch(column) and _position(column) < width:
            placed[kind] = _position(column)
        else:
            raise NoSuchColumn(column, _named(headers, width))
    return placed


def _position(letters: str) -> int:
    position = 0
    for letter in letters.upper():
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _named(headers: Sequence[str], width: int) -> list[str]:
    shown = range(min(max(width, len(headers)), SHOWN_HEADERS))
    return [f"{column_letters(at)} {headers[at] if at < len(headers) else ''}".strip() for at in shown]


def fixed_columns(sample: Sequence[TableRow]) -> Columns:
    """Return the columns that the first row names: `domain` (it must), `company_name`, `email`, `website` and so on."""
    header = sample[0] if sample else TableRow(0, ())
    headers = shown_headers(header.cells)
    named = {name.strip().lower(): at for at, name in reversed(list(enumerate(headers)))}
    places = {kind: named.get(name) for kind, name in FIXED_HEADERS.items()}
    domain, website = places[ColumnKind.DOMAIN], places[ColumnKind.WEBSITE]
    email, marks = places[ColumnKind.EMAIL], places[ColumnKind.MARKS]
    if domain is None:
        raise NoDomainColumn([name for name in headers if name], ())
    return Columns(
        domain=domain,
        company=places[ColumnKind.NAME],
        websites=() if website is None else (website,),
        emails=() if email is None else (email,),
        employees=places[ColumnKind.EMPLOYEES],
        country=places[ColumnKind.COUNTRY],
        city=places[ColumnKind.CITY],
        marks=() if marks is None else ((marks, None),),
        header_row=header.number,
        headers=headers,
        width=width_of(sample, headers),
    )


def width_of(rows: Sequence[TableRow], headers: Sequence[str]) -> int:
    """Return the number of columns up to the first one of our own."""
    ours = next((at for at, header in enumerate(headers) if is_ours(header)), None)
    return max((len(row.cells) for row in rows), default=0) if ours is None else ours

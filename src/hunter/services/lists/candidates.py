"""What a list gives: companies as its rows name them, rows that were refused, values that were not understood."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from hunter.core.company_marks import ExclusionMark
from hunter.core.names.company_domain import Source
from hunter.services.lists.columns import ColumnKind, Columns

#: A company of that name asked to be left alone; whoever keeps companies knows.
DO_NOT_CONTACT: Final = "DO_NOT_CONTACT"
#: Longest piece of a refused cell that is repeated in a message.
_SHOWN: Final = 60


class Candidate(NamedTuple):
    """One company as one row names it; the raw record of the row. Made for every row, hence a tuple."""

    row: int
    #: Canonical.
    domain: str
    #: Empty where the list has no name; the domain stands for it then.
    company_name: str
    #: The texts of the row, shortened to what a raw record holds; empty for a placeholder.
    original_domain: str
    website: str
    email: str
    source: Source
    #: Every usable domain of the row; more than the own one where they disagree.
    candidates: tuple[str, ...] = ()
    has_conflict: bool = False
    #: True where the domain came before in this file: it is stored once more as a raw record, and not scanned again.
    is_repeat: bool = False
    #: Number of employees; None where the row does not say.
    employees: int | None = None
    #: ISO 3166-1, two letters; None where the row does not say.
    country: str | None = None
    city: str | None = None
    marks: tuple[ExclusionMark, ...] = ()
    #: The row as it came.
    cells: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that gave the domain."""
        texts = {Source.DOMAIN: self.original_domain, Source.WEBSITE: self.website, Source.EMAIL: self.email}
        return texts[self.source].strip()


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that names no company, or none that may be taken."""

    row: int
    #: One of `company_domain.DOMAIN_REFUSALS` or `table_rows.ROW_PROBLEMS`, or `DO_NOT_CONTACT`.
    code: str
    #: What stands there, shortened.
    text: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """A value that was not understood and left out; its row was taken."""

    row: int
    kind: ColumnKind
    #: What stands there, shortened.
    text: str


def shortened(text: str) -> str:
    """Return a text as a message repeats it: in one line, shortened."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


#: Hears of every refused row at once, with the row as it came.
OnRefusal: TypeAlias = Callable[[RowError, tuple[str, ...]], None]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a list so far."""

    columns: Columns
    #: Rows below the header that hold something.
    total_rows: int
    #: Distinct domains.
    accepted: int
    #: Mentions of a domain that came before.
    repeated: int
    #: Rows whose domain, web site and e-mail address disagree.
    conflicts: int
    #: Rows that were not taken.
    refused: int
    #: Number of refused rows by code, most frequent first.
    refused_by_reason: tuple[tuple[str, int], ...]
    #: The first errors, in the order of the rows.
    errors: tuple[RowError, ...]
    #: Values that were not understood, and the first of them.
    noted: int = 0
    notes: tuple[RowNote, ...] = ()

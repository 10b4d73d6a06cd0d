"""A list of companies, row by row: candidates in batches for whoever keeps them, and a report that names every bad row.

In: the rows of a file (CSV and workbooks alike), a filter of names. Out: batches of `Candidate`, an `IngestReport`. One
bad row never stops the rest; what was handed to the sink stays, also where the file turns out to be broken later on.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, NamedTuple, Protocol

from hunter.core.company_domain import CompanyDomain, NameFilter, Source, find_company_domain, is_placeholder
from hunter.core.company_name import clean_name
from hunter.core.errors import InvalidInput
from hunter.core.table_rows import TableRow
from hunter.services.lists.columns import SAMPLE_ROWS, Columns, NoDomainColumn, detect_columns, fixed_columns

#: The stored columns of a raw record hold no more characters.
_LONGEST_TEXT: Final = 255
#: Longer texts are looked at as placeholders only where they name nothing.
_MAYBE_PLACEHOLDER: Final = 15
#: Longest piece of a refused cell that is repeated in a message.
_SHOWN: Final = 60


class EmptyList(InvalidInput):
    """The list has a header at most."""

    code = "list_empty"


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How a list is read."""

    #: False: the columns must be named `domain`, `company_name`, `email`, `website`. True: they are found.
    auto_detect_columns: bool = False
    #: Rows between two calls of the sink.
    batch_rows: int = 1_000
    #: Row errors that are kept word for word; all are counted.
    most_errors: int = 1_000


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


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that names no company."""

    row: int
    #: One of `company_domain.DOMAIN_REFUSALS` or `table_rows.ROW_PROBLEMS`.
    code: str
    #: What stands there, shortened.
    text: str


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
    #: Rows that name no company.
    refused: int
    #: Number of refused rows by code, most frequent first.
    refused_by_reason: tuple[tuple[str, int], ...]
    #: The first errors, in the order of the rows.
    errors: tuple[RowError, ...]


class CandidateSink(Protocol):
    """Keeps candidates; one call is one batch and one transaction."""

    async def store(self, batch: Sequence[Candidate], /) -> None:
        """Keep all of the batch or nothing."""
        ...


def _columns_of(sample: Sequence[TableRow], names: NameFilter, options: IngestOptions) -> Columns:
    try:
        return detect_columns(sample, names) if options.auto_detect_columns else fixed_columns(sample)
    except NoDomainColumn as error:
        if len(sample) > 1:
            raise
        raise EmptyList("there is no row below the header") from error


class FileIngest:
    """Reads one list; the columns are known when it is made, the report grows while batches are taken."""

    def __init__(self, rows: Iterable[TableRow], names: NameFilter, options: IngestOptions | None = None) -> None:
        """Look at the first rows; raises `EmptyList` or `NoDomainColumn`."""
        self._options = options or IngestOptions()
        self._names = names
        coming = iter(rows)
        sample = list(islice(coming, SAMPLE_ROWS))
        if not sample:
            raise EmptyList("no row holds anything")
        #: Where the list keeps what.
        self.columns = _columns_of(sample, names, self._options)
        first = self.columns.header_row
        if sample[-1].number <= first:
            raise EmptyList("there is no row below the header")
        self._rows = chain((row for row in sample if row.number > first), coming)
        # Hashes only: a million names as texts would take three times the room, and two of a million share a 64-bit
        # hash once in 37 million lists.
        self._seen: set[int] = set()
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._errors: list[RowError] = []

    def batches(self) -> Iterator[list[Candidate]]:
        """Yield the candidates of so many rows at a time, in the order of the rows."""
        while rows := list(islice(self._rows, self._options.batch_rows)):
            batch = [candidate for row in rows for candidate in self._read(row)]
            if batch:
                yield batch

    def report(self) -> IngestReport:
        """Return what became of the rows that were taken so far."""
        counts = self._counts
        return IngestReport(
            columns=self.columns,
            total_rows=counts["rows"],
            accepted=len(self._seen),
            repeated=counts["repeated"],
            conflicts=counts["conflicts"],
            refused=self._reasons.total(),
            refused_by_reason=tuple(self._reasons.most_common()),
            errors=tuple(self._errors),
        )

    def _read(self, row: TableRow) -> Iterator[Candidate]:
        self._counts["rows"] += 1
        if row.problem:
            self._refuse(row, row.problem, row.cells[0] if row.cells else "")
            return
        texts = _Texts.of(row, self.columns)
        found = find_company_domain(texts.domain, texts.website, texts.email, self._names)
        if found.refusal:
            self._refuse(row, found.refusal, texts.first)
            return
        self._counts["conflicts"] += found.has_conflict
        candidate = _candidate(row, texts, found)
        for domain in found.domains:
            is_repeat = self._is_repeat(domain)
            if is_repeat or domain != candidate.domain:
                yield candidate._replace(domain=domain, is_repeat=is_repeat)
            else:
                yield candidate

    def _is_repeat(self, domain: str) -> bool:
        number = hash(domain)
        if number in self._seen:
            self._counts["repeated"] += 1
            return True
        self._seen.add(number)
        return False

    def _refuse(self, row: TableRow, code: str, text: str) -> None:
        self._reasons[code] += 1
        if len(self._errors) < self._options.most_errors:
            text = " ".join(text.split())
            shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
            self._errors.append(RowError(row.number, code, shown))


async def ingest_file(ingest: FileIngest, sink: CandidateSink) -> IngestReport:
    """Hand every batch to the sink; reading waits in a thread, so that nothing else has to wait for it."""
    batches = ingest.batches()
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        await sink.store(batch)
    return ingest.report()


def check_file(ingest: FileIngest) -> IngestReport:
    """Read the list to its end and keep nothing."""
    for _ in ingest.batches():
        pass
    return ingest.report()


class _Texts(NamedTuple):
    """The cells of a row that matter; placeholders are empty."""

    company: str
    domain: str
    website: str
    email: str

    @classmethod
    def of(cls, row: TableRow, columns: Columns) -> "_Texts":
        cells = row.cells
        company = _cell(cells, columns.company) if columns.company is not None else ""
        websites = [text for at in columns.websites if (text := _cell(cells, at))]
        emails = [text for at in columns.emails if (text := _cell(cells, at))]
        return cls(company, _cell(cells, columns.domain), websites[0] if websites else "", ", ".join(emails))

    @property
    def first(self) -> str:
        """The text that a message repeats."""
        return self.domain or self.website or self.email or self.company


def _cell(cells: Sequence[str], position: int) -> str:
    if position >= len(cells):
        return ""
    text = cells[position]
    return "" if len(text) < _MAYBE_PLACEHOLDER and is_placeholder(text) else text


def _candidate(row: TableRow, texts: _Texts, found: CompanyDomain) -> Candidate:
    assert found.source is not None  # There is no refusal, so there is a source.
    name = clean_name(texts.company)
    return Candidate(
        row=row.number,
        domain=found.domains[0],
        company_name="" if name.lower() == found.domains[0] else name,
        original_domain=texts.domain[:_LONGEST_TEXT],
        website=texts.website[:_LONGEST_TEXT],
        email=texts.email[:_LONGEST_TEXT],
        source=found.source,
        candidates=found.candidates,
        has_conflict=found.has_conflict,
    )

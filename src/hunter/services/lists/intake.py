"""A list of companies, row by row: candidates for whoever keeps or scans them, and a report that names every bad row.

In: the rows of a file (plain lines, CSV and workbooks alike), a filter of names. Out: `Candidate` one by one or in
batches, an `IngestReport`. One bad row never stops the rest; what was handed to the sink stays, also where the file
turns out to be broken later on.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final, NamedTuple, Protocol

from hunter.core.company_marks import ExclusionMark
from hunter.core.errors import HunterError, InvalidInput
from hunter.core.names.company_domain import CompanyDomain, NameFilter, find_company_domain, is_placeholder
from hunter.core.names.company_name import clean_name
from hunter.core.table_rows import TableRow
from hunter.services.lists.candidates import (
    DO_NOT_CONTACT,
    Candidate,
    IngestReport,
    OnRefusal,
    RowError,
    RowNote,
    shortened,
)
from hunter.services.lists.columns import ChosenColumns, ColumnKind, Columns, NoDomainColumn, fixed_columns
from hunter.services.lists.detection import SAMPLE_ROWS, detect_columns
from hunter.services.lists.seen_names import SeenNames
from hunter.services.lists.values import Unclear, read_city, read_country, read_employees, read_marks

#: The stored columns of a raw record hold no more characters.
_LONGEST_TEXT: Final = 255
#: Longer texts are looked at as placeholders only where they name nothing.
_MAYBE_PLACEHOLDER: Final = 15
#: Cells that a spreadsheet would compute carry an apostrophe where we wrote them.
_NEUTRALISED: Final = ("'=", "'+", "'-", "'@")


class EmptyList(InvalidInput):
    """The list has a header at most."""

    code = "list_empty"


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How a list is read."""

    #: False: the columns must be named `domain`, `company_name`, `email`, `website` ... True: they are found.
    auto_detect_columns: bool = False
    #: Columns named by hand; the others are found.
    chosen: ChosenColumns = field(default_factory=dict)
    #: Rows between two calls of the sink.
    batch_rows: int = 2_000
    #: Row errors, and notes, that are kept word for word; all are counted.
    most_errors: int = 1_000


class CandidateSink(Protocol):
    """Keeps candidates; one call is one batch and one transaction."""

    async def store(self, batch: Sequence[Candidate], /) -> Collection[str]:
        """Keep the batch, or nothing where it fails; returns the domains that must not be kept (`DO_NOT_CONTACT`)."""
        ...


def _ignore(error: RowError, cells: tuple[str, ...]) -> None:
    return


def _columns_of(sample: Sequence[TableRow], names: NameFilter, options: IngestOptions) -> Columns:
    try:
        if options.auto_detect_columns or options.chosen:
            return detect_columns(sample, names, options.chosen)
        return fixed_columns(sample)
    except NoDomainColumn as error:
        if len(sample) > 1:
            raise
        raise EmptyList("there is no row below the header") from error


class ListIntake:
    """Reads one list once; the columns are known when it is made, the report grows while rows are taken."""

    def __init__(
        self,
        rows: Iterable[TableRow],
        names: NameFilter,
        options: IngestOptions | None = None,
        *,
        on_refusal: OnRefusal = _ignore,
    ) -> None:
        """Look at the first rows; raises `EmptyList`, `NoDomainColumn` or `NoSuchColumn`."""
        self._options = options or IngestOptions()
        self._names = names
        self._on_refusal = on_refusal
        coming = iter(rows)
        sample = list(islice(coming, SAMPLE_ROWS))
        if not sample:
            raise EmptyList("no row holds anything")
        #: Where the list keeps what.
        self.columns = _columns_of(sample, names, self._options)
        first = self.columns.header_row
        if sample[-1].number <= first:
            raise EmptyList("there is no row below the header")
        #: The header row as it came; empty where the list has none.
        self.header: tuple[str, ...] = next((row.cells for row in sample if row.number == first), ())
        self._rows = chain((row for row in sample if row.number > first), coming)
        self._describe = _description(self.columns)
        self._seen = SeenNames()
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._errors: list[RowError] = []
        self._notes: list[RowNote] = []

    def candidates(self) -> Iterator[Candidate]:
        """Yield the candidates of the rows that are left, in their order."""
        for row in self._rows:
            yield from self._read(row)

    def batches(self) -> Iterator[list[Candidate]]:
        """Yield the candidates of so many rows at a time, in the order of the rows; those before a break come, too."""
        batch: list[Candidate] = []
        rows = 0
        try:
            for row in self._rows:
                batch += self._read(row)
                rows += 1
                if rows % self._options.batch_rows == 0 and batch:
                    yield batch
                    batch = []
        except HunterError:
            if batch:
                yield batch
            raise
        if batch:
            yield batch

    def refuse_kept_out(self, batch: Sequence[Candidate], domains: Collection[str]) -> None:
        """Count the rows of a batch as refused whose company must not be kept."""
        rows: dict[int, Candidate] = {}
        for candidate in batch:
            if candidate.domain in domains:
                self._counts["repeated" if candidate.is_repeat else "kept_out"] += -1 if candidate.is_repeat else 1
                rows.setdefault(candidate.row, candidate)
        for number, candidate in rows.items():
            self._refuse(TableRow(number, candidate.cells), DO_NOT_CONTACT, candidate.domain)

    @property
    def refused(self) -> int:
        """Rows that were not taken so far."""
        return self._reasons.total()

    @property
    def repeated(self) -> int:
        """Mentions of a domain that came before, so far."""
        return self._counts["repeated"]

    def report(self) -> IngestReport:
        """Return what became of the rows that were taken so far."""
        counts = self._counts
        return IngestReport(
            columns=self.columns,
            total_rows=counts["rows"],
            accepted=len(self._seen) - counts["kept_out"],
            repeated=counts["repeated"],
            conflicts=counts["conflicts"],
            refused=self._reasons.total(),
            refused_by_reason=tuple(self._reasons.most_common()),
            errors=tuple(self._errors),
            noted=counts["noted"],
            notes=tuple(self._notes),
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
        if self._describe:
            candidate = self._described(candidate)
        for domain in found.domains:
            is_repeat = not self._seen.add(domain)
            self._counts["repeated"] += is_repeat
            if is_repeat or domain != candidate.domain:
                yield candidate._replace(domain=domain, is_repeat=is_repeat)
            else:
                yield candidate

    def _described(self, candidate: Candidate) -> Candidate:
        values: dict[str, Any] = {"marks": ()}
        for told in self._describe:
            text = candidate.cells[told.position] if told.position < len(candidate.cells) else ""
            try:
                value = told.read(text)
            except Unclear:
                self._note(candidate.row, told.kind, text)
                continue
            if told.kind is ColumnKind.MARKS:
                values["marks"] += tuple(mark for mark in value if mark not in values["marks"])
            else:
                values[told.kind.value] = value
        return candidate._replace(**values)

    def _note(self, row: int, kind: ColumnKind, text: str) -> None:
        self._counts["noted"] += 1
        if len(self._notes) < self._options.most_errors:
            self._notes.append(RowNote(row, kind, shortened(text)))

    def _refuse(self, row: TableRow, code: str, text: str) -> None:
        self._reasons[code] += 1
        error = RowError(row.number, code, shortened(text))
        if len(self._errors) < self._options.most_errors:
            self._errors.append(error)
        self._on_refusal(error, row.cells)


async def ingest_list(
    intake: ListIntake, sink: CandidateSink, *, after: Callable[[IngestReport], None] = lambda _: None
) -> None:
    """Hand every batch to the sink; the next one is read in a thread meanwhile, so that neither waits for the other.

    `after` is called after each batch with what became of the rows up to its end.
    """
    batches = intake.batches()
    batch = await asyncio.to_thread(next, batches, None)
    while batch is not None:
        report = intake.report()
        reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
        try:
            kept_out = await sink.store(batch)
        finally:
            # Nobody may close the list, or count its rows, while it is being read.
            await asyncio.wait({reading})
            reading.exception()
        intake.refuse_kept_out(batch, kept_out)
        after(report)
        batch = reading.result()


def check_list(intake: ListIntake) -> None:
    """Read the list to its end and keep nothing."""
    for _ in intake.candidates():
        pass


class _Told(NamedTuple):
    """A column that says something of a company besides its name."""

    kind: ColumnKind
    position: int
    read: Callable[[str], Any]


def _description(columns: Columns) -> tuple[_Told, ...]:
    single = (
        (ColumnKind.EMPLOYEES, columns.employees, read_employees),
        (ColumnKind.COUNTRY, columns.country, read_country),
        (ColumnKind.CITY, columns.city, read_city),
    )
    told = [_Told(kind, at, read) for kind, at, read in single if at is not None]
    return (*told, *(_Told(ColumnKind.MARKS, at, _marks_reader(mark)) for at, mark in columns.marks))


def _marks_reader(mark: ExclusionMark | None) -> Callable[[str], tuple[ExclusionMark, ...]]:
    return lambda text: read_marks(text, mark)


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
    if text.startswith(_NEUTRALISED):
        text = text[1:]
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
        cells=row.cells,
    )

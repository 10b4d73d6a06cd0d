"""A list, row by row: candidates in batches, duplicates, and a report that names every bad row."""

from collections.abc import Sequence

import pytest

from hunter.core.names.company_domain import Source
from hunter.core.table_rows import TableRow
from hunter.services.lists.candidates import Candidate, IngestReport, RowError
from hunter.services.lists.intake import EmptyList, IngestOptions, ListIntake, check_list, ingest_list
from tests.support.words import shipped_rules

HEADER = ("domain", "company_name", "email", "website")


class KeptBatches:
    """A sink that remembers every batch."""

    def __init__(self) -> None:
        self.batches: list[list[Candidate]] = []

    async def store(self, batch: Sequence[Candidate], /) -> tuple[str, ...]:
        self.batches.append(list(batch))
        return ()


def table(*rows: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate((HEADER, *rows), start=1)]


def read(*rows: tuple[str, ...]) -> tuple[list[Candidate], IngestReport]:
    ingest = ListIntake(table(*rows), shipped_rules())
    return [candidate for batch in ingest.batches() for candidate in batch], ingest.report()


def test_a_row_becomes_a_candidate_with_its_texts() -> None:
    (candidate,), report = read((" WWW.Cinar.example ", "Çınar  Döküm", "bilgi@cinar.example", "http://cinar.example"))
    assert candidate == Candidate(
        row=2,
        domain="cinar.example",
        company_name="Çınar Döküm",
        original_domain=" WWW.Cinar.example ",
        website="http://cinar.example",
        email="bilgi@cinar.example",
        source=Source.DOMAIN,
        candidates=("cinar.example",),
        cells=(" WWW.Cinar.example ", "Çınar  Döküm", "bilgi@cinar.example", "http://cinar.example"),
    )
    assert (report.total_rows, report.accepted, report.refused) == (1, 1, 0)


def test_empty_cells_are_no_values() -> None:
    (candidate,), _ = read(("cinar.example", "nan", "None", ""))
    assert (candidate.company_name, candidate.email, candidate.website) == ("", "", "")


def test_the_domain_is_no_company_name() -> None:
    (candidate,), _ = read(("cinar.example", "Cinar.example"))
    assert candidate.company_name == ""


def test_a_missing_domain_is_derived_from_web_site_or_address() -> None:
    candidates, _ = read(("", "Çınar", "x@gmail.com", "www.cinar.example"), ("nan", "Meşe", "x@mese.example", "yok"))
    assert [(one.domain, one.source) for one in candidates] == [
        ("cinar.example", Source.WEBSITE),
        ("mese.example", Source.EMAIL),
    ]


def test_several_domains_in_a_cell_are_several_companies_of_one_name() -> None:
    candidates, report = read(("bir.example, iki.example", "Çınar"))
    assert [(one.domain, one.company_name, one.row) for one in candidates] == [
        ("bir.example", "Çınar", 2),
        ("iki.example", "Çınar", 2),
    ]
    assert (report.total_rows, report.accepted) == (1, 2)


def test_a_domain_counts_once_per_file_and_each_row_stays() -> None:
    candidates, report = read(("a.example",), ("b.example",), ("https://www.a.example/x", "Çınar"))
    assert [(one.row, one.domain, one.is_repeat) for one in candidates] == [
        (2, "a.example", False),
        (3, "b.example", False),
        (4, "a.example", True),
    ]
    assert (report.accepted, report.repeated, report.total_rows) == (2, 1, 3)


def test_a_bad_row_is_named_and_never_stops_the_rest() -> None:
    candidates, report = read(("bozuk",), ("ali@gmail.com",), ("",) * 4, ("iyi.example",), ("facebook.com/x",))
    assert [one.domain for one in candidates] == ["iyi.example"]
    assert report.errors == (
        RowError(2, "no_dot", "bozuk"),
        RowError(3, "free_mail", "ali@gmail.com"),
        RowError(4, "empty", ""),
        RowError(6, "shared_host", "facebook.com/x"),
    )
    assert dict(report.refused_by_reason) == {"no_dot": 1, "free_mail": 1, "empty": 1, "shared_host": 1}


def test_a_row_that_could_not_be_read_is_a_bad_row() -> None:
    rows = [*table(), TableRow(2, ("a.ex ample",), "row_has_nul"), TableRow(3, ("a.example",))]
    intake = ListIntake(rows, shipped_rules())
    check_list(intake)
    report = intake.report()
    assert report.errors == (RowError(2, "row_has_nul", "a.ex ample"),)
    assert report.accepted == 1


def test_a_disagreement_is_marked_and_keeps_every_candidate() -> None:
    (candidate,), report = read(("a.example", "", "x@c.example", "b.example"))
    assert candidate.has_conflict
    assert candidate.candidates == ("a.example", "b.example", "c.example")
    assert report.conflicts == 1


def test_what_a_message_repeats_is_short_and_in_one_line() -> None:
    _, report = read(("uzun\n" * 100,))
    assert len(report.errors[0].text) == 60
    assert "\n" not in report.errors[0].text


def test_errors_beyond_a_number_are_only_counted() -> None:
    rows = table(*((f"bozuk{number}",) for number in range(10)))
    intake = ListIntake(rows, shipped_rules(), IngestOptions(most_errors=3))
    check_list(intake)
    report = intake.report()
    assert (len(report.errors), report.refused) == (3, 10)


def test_texts_fit_their_columns() -> None:
    (candidate,), _ = read(("a.example", "Ş" * 999, "x@a.example " * 99, "a.example/" + "x" * 999))
    assert max(map(len, (candidate.company_name, candidate.email, candidate.website))) == 255


async def test_the_sink_gets_batches_in_the_order_of_the_rows() -> None:
    rows = table(*((f"f{number}.example",) for number in range(25)))
    sink = KeptBatches()
    intake = ListIntake(rows, shipped_rules(), IngestOptions(batch_rows=10))
    await ingest_list(intake, sink)
    report = intake.report()
    assert [len(batch) for batch in sink.batches] == [10, 10, 5]
    assert [one.row for batch in sink.batches for one in batch] == list(range(2, 27))
    assert report.accepted == 25


async def test_a_batch_of_bad_rows_alone_does_not_end_the_list() -> None:
    rows = table(*(("bozuk",) for _ in range(10)), ("iyi.example",))
    sink = KeptBatches()
    await ingest_list(ListIntake(rows, shipped_rules(), IngestOptions(batch_rows=4)), sink)
    assert [one.domain for batch in sink.batches for one in batch] == ["iyi.example"]


def test_columns_are_found_on_request() -> None:
    rows = [
        TableRow(1, ("Firma Listesi",)),
        TableRow(3, ("Firma", "E-posta", "Web")),
        TableRow(4, ("Çınar", "bilgi@cinar.example", "yok")),
        TableRow(5, ("Meşe", "bilgi@mese.example", "www.mese.example")),
    ]
    ingest = ListIntake(rows, shipped_rules(), IngestOptions(auto_detect_columns=True))
    candidates = [candidate for batch in ingest.batches() for candidate in batch]
    assert [(one.row, one.domain, one.company_name, one.source) for one in candidates] == [
        (4, "cinar.example", "Çınar", Source.EMAIL),
        (5, "mese.example", "Meşe", Source.DOMAIN),
    ]
    assert ingest.report().total_rows == 2


@pytest.mark.parametrize("rows", [[], table()])
def test_a_list_without_rows_is_refused(rows: list[TableRow]) -> None:
    with pytest.raises(EmptyList):
        ListIntake(rows, shipped_rules())

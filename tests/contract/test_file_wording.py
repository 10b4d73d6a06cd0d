"""Everything that can be wrong with a list is said in both languages, with its values filled in."""

import pytest

from hunter.core.names.company_domain import DOMAIN_REFUSALS
from hunter.core.table_rows import ROW_PROBLEMS
from hunter.documents.errors import FILE_PROBLEMS, SIZE_PROBLEMS, TYPE_PROBLEMS
from hunter.services.lists.candidates import IngestReport, RowError
from hunter.services.lists.columns import Columns, NoDomainColumn
from hunter.services.lists.words import (
    file_problem_text,
    no_domain_column_text,
    row_error_text,
    row_error_texts,
)
from hunter.storage.do_not_contact import DoNotContact
from tests.support.words import LANGUAGES, wording

FACTS: dict[str, str | int] = {
    "limit": 50,
    "found": 61,
    "type": "xlsx",
    "seen": "PDF",
    "suffix": "txt",
    "wanted": "9",
    "sheets": "1 Liste",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*DOMAIN_REFUSALS, *ROW_PROBLEMS, DoNotContact.code])
def test_every_reason_of_a_row_has_a_sentence(language: str, code: str) -> None:
    said = row_error_text(RowError(12, code, "Çınar Döküm"), wording(language))
    assert said.startswith("Satır 12: " if language == "tr" else "Line 12: ")
    assert f"refusal.{code}" not in said
    assert "{" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", [*FILE_PROBLEMS, *SIZE_PROBLEMS, *TYPE_PROBLEMS])
def test_every_reason_of_a_file_has_a_sentence(language: str, problem: str) -> None:
    said = file_problem_text(problem, FACTS, wording(language))
    assert said != f"file.{problem}"
    assert "{" not in said


def test_a_bad_row_reads_as_specified() -> None:
    said = row_error_text(RowError(7, "free_mail", "ali@gmail.com"), wording())
    assert said == 'Satır 7: "ali@gmail.com" kişisel posta alanı, firma değil. Firmanın kendi alan adını verin.'


def test_errors_beyond_the_kept_ones_are_counted_in_a_last_line() -> None:
    report = IngestReport(
        columns=Columns(0),
        total_rows=5,
        accepted=0,
        repeated=0,
        conflicts=0,
        refused=5,
        refused_by_reason=(("empty", 5),),
        errors=(RowError(2, "empty", ""), RowError(3, "empty", "")),
    )
    assert row_error_texts(report, wording()) == [
        "Satır 2: alan adı, web sitesi ve e-posta boş.",
        "Satır 3: alan adı, web sitesi ve e-posta boş.",
        "Ayrıca 3 satır alınmadı.",
    ]


def test_a_list_without_a_domain_column_names_the_columns_it_has() -> None:
    error = NoDomainColumn(["Firma Adı", "Telefon"], [])
    assert no_domain_column_text(error, wording()) == (
        "Alan adı sütunu bulunamadı. Bulunan sütunlar: Firma Adı, Telefon."
    )
    error = NoDomainColumn(["Firma", "Web", "URL"], ["Web", "URL"])
    assert no_domain_column_text(error, wording()) == (
        "Alan adı sütunu bulunamadı: şu sütunda geçerli bir alan adı yok: Web, URL. Bulunan sütunlar: Firma, Web, URL."
    )
    assert no_domain_column_text(NoDomainColumn([], []), wording("en")) == (
        "No column with domains was found. Columns found: without headers."
    )

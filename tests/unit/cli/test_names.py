"""Names: those of the command line and those of a list, each once, with what the list says of them."""

from collections.abc import Iterator

import pytest

from hunter.cli.names import Intake, read_argument
from hunter.core.company_marks import CompanyOrigin
from hunter.core.new_company import NewCompany
from hunter.core.table_rows import TableRow
from hunter.documents.errors import UnreadableFile
from hunter.services.lists.candidates import RowError
from hunter.services.lists.intake import IngestOptions, ListIntake
from tests.support.words import shipped_rules


def listed(rows: Iterator[TableRow] | list[TableRow]) -> ListIntake:
    return ListIntake(rows, shipped_rules(), IngestOptions(auto_detect_columns=True))


def table(*rows: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate(rows, start=1)]


def domains(intake: Intake) -> list[str]:
    return [item.domain for item in intake.items()]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("firma.example", "firma.example"),
        ("https://www.Firma.example/iletisim?x=1", "firma.example"),
        ("bilgi@firma.example", "firma.example"),
        ("Ali <ali@firma.example>", "firma.example"),
        (" FIRMA.EXAMPLE. ", "firma.example"),
        ("örnek-şirket.example", "xn--rnek-irket-dcb97j.example"),
        ("İZMİR.example", "izmir.example"),
    ],
)
def test_an_argument_that_names_a_company_gives_its_domain(text: str, domain: str) -> None:
    assert read_argument(text, shipped_rules()) == ((domain,), "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cinarli dokum", "has_space"),
        ("localhost", "no_dot"),
        ("", "empty"),
        ("yok", "no_dot"),
        ("192.0.2.7", "is_address"),
        ("2001:db8::1", "is_address"),
        ("[2001:db8::1]", "is_address"),
        ("-bad.example", "not_a_domain"),
        ("https://", "not_a_domain"),
        ("gmail.com", "free_mail"),
        ("ali@hotmail.com", "free_mail"),
        ("https://www.facebook.com/firma", "shared_host"),
        ("firma.blogspot.com", "shared_host"),
    ],
)
def test_an_argument_that_names_none_is_refused_with_its_reason(text: str, code: str) -> None:
    assert read_argument(text, shipped_rules()) == ((), code)


def test_each_name_comes_once_with_the_text_that_gave_it() -> None:
    texts = ("https://a.example", "b.example", "a.example", "gmail.com", "yok")
    refused: list[RowError] = []
    intake = Intake(texts, shipped_rules(), on_refusal=refused.append)
    assert domains(intake) == ["a.example", "b.example"]
    assert (intake.accepted, intake.refused, intake.repeated) == (2, 2, 1)
    assert refused == [RowError(0, "free_mail", "gmail.com"), RowError(0, "no_dot", "yok")]
    assert intake.take_text("a.example") == "https://a.example"
    assert intake.take_text("a.example") == "a.example"


def test_what_a_list_says_of_a_company_goes_along() -> None:
    rows = table(("Firma", "Web", "Şehir"), ("Çınar Döküm", "www.a.example", "Bursa"), ("Meşe", "b.example", ""))
    intake = Intake(("b.example",), shipped_rules(), listed(rows))
    intake.list_id = 7
    given, row = intake.items()
    assert (given.domain, given.company) == ("b.example", NewCompany(domain="b.example", origin=CompanyOrigin.SCAN))
    assert row.company == NewCompany(
        domain="a.example", name="Çınar Döküm", origin=CompanyOrigin.SCAN, city="Bursa", list_id=7, row_number=2
    )
    assert intake.take_text("a.example") == "www.a.example"
    assert (intake.accepted, intake.repeated) == (2, 1)


def test_a_web_site_beside_a_private_address_names_the_company() -> None:
    rows = table(("Mail", "Web"), ("ali@gmail.com", "www.a.example"), ("veli@gmail.com", "hotmail.com"))
    intake = Intake((), shipped_rules(), listed(rows))
    assert domains(intake) == ["a.example"]
    assert intake.take_text("a.example") == "www.a.example"
    assert intake.refused == 1


def test_a_list_that_breaks_ends_there_and_says_why() -> None:
    def breaking() -> Iterator[TableRow]:
        yield from table(("Web",), *((f"f{number}.example",) for number in range(600)))
        raise UnreadableFile("memory")

    ends: list[UnreadableFile] = []
    intake = Intake((), shipped_rules(), listed(breaking()), on_end=ends.append)
    assert len(domains(intake)) == 600
    assert (intake.is_broken, [one.problem for one in ends]) == (True, ["memory"])

"""Which column holds what: the examples of the contract, its hardening, and lists as organised zones hand them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.company_marks import ExclusionMark
from hunter.core.errors import InvalidInput
from hunter.core.table_rows import TableRow
from hunter.services.lists.columns import (
    Columns,
    NoDomainColumn,
    NoSuchColumn,
    column_letters,
    fixed_columns,
    read_choice,
)
from hunter.services.lists.detection import detect_columns
from tests.support.words import shipped_rules


def table(*rows: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate(rows, start=1)]


def detected(*rows: tuple[str, ...]) -> Columns:
    return detect_columns(table(*rows), shipped_rules())


def names_of(columns: Columns) -> tuple[str, str]:
    """The company column and the domain column, by their headers."""
    return columns.header(columns.company), columns.header(columns.domain)


@pytest.mark.parametrize(
    ("company", "domain", "cell"),
    [
        ("Firma Adı", "Web", "cinar.example"),
        ("Ünvan", "Website", "www.cinar.example"),
        ("Firma Ünvanı", "Web Sitesi", "https://cinar.example"),
        ("Company Name", "Website", "cinar.example"),
        ("Firma", "İnternet Adresi", "http://www.cinar.example/"),
        ("Firma", "Adres", "http://www.cinar.example/"),
        ("Firma", "İletişim", "bilgi@cinar.example"),
        ("ŞİRKET", "İNTERNET", "cinar.example"),
        ("SIRKET", "INTERNET", "cinar.example"),
        ("Company", "Domain Name", "cinar.example"),
        ("Kurum", "Alan Adı", "cinar.example"),
        ("İşletme", "URL", "cinar.example"),
        ("Müşteri", "E-posta", "bilgi@cinar.example"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_both_columns_are_found(company: str, domain: str, cell: str, is_turned: bool) -> None:
    rows = [(company, domain), ("Çınar Döküm", cell), ("Meşe Makina", cell.replace("cinar", "mese"))]
    found = detected(*((b, a) if is_turned else (a, b) for a, b in rows))
    assert names_of(found) == (company, domain)
    assert found.header_row == 1


def test_a_postal_address_loses_against_the_web_address() -> None:
    found = detected(
        ("Firma", "ADRES", "WEB ADRESİ"),
        ("Çınar", "Sanayi Mah. 1. Cad. No 5", "cinar.example"),
        ("Meşe", "Organize Sanayi Bölgesi", "mese.example"),
    )
    assert names_of(found) == ("Firma", "WEB ADRESİ")


def test_content_beats_a_header_that_promises_it() -> None:
    found = detected(("Web", "Açıklama"), ("yakında", "cinar.example"), ("yapım aşamasında", "mese.example"))
    assert found.header(found.domain) == "Açıklama"


def test_headers_break_a_tie() -> None:
    found = detected(("Eski", "Web"), ("eski-cinar.example", "cinar.example"), ("eski-mese.example", "mese.example"))
    assert found.header(found.domain) == "Web"


def test_a_few_bad_cells_leave_it_a_tie() -> None:
    rows = [(f"eski-{number}.example", f"f{number}.example") for number in range(40)]
    found = detected(("Eski", "Web"), *rows, ("son.example", "yapım aşamasında"))
    assert found.header(found.domain) == "Web"


def test_addresses_are_the_last_resort_and_stay_in_reserve() -> None:
    found = detected(
        ("Firma", "E-posta", "Web"),
        ("Çınar", "bilgi@cinar.example", "cinar.example"),
        ("Meşe", "bilgi@mese.example", "yok"),
        ("Ladin", "bilgi@ladin.example", ""),
    )
    assert found.header(found.domain) == "Web"
    assert found.emails == (1,)


def test_a_single_name_among_remarks_is_no_domain_column() -> None:
    remarks = [(f"Firma {number}", "aranmadı", f"x@f{number}.example") for number in range(20)]
    found = detected(("Firma", "Not", "Mail"), *remarks, ("Son", "son.example", "x@son.example"))
    assert found.header(found.domain) == "Mail"


def test_pages_on_shared_hosts_are_no_better_content() -> None:
    found = detected(
        ("Firma", "Sosyal Medya", "Web"),
        ("Çınar", "https://facebook.com/cinar", "cinar.example"),
        ("Meşe", "https://instagram.com/mese", ""),
    )
    assert found.header(found.domain) == "Web"


def test_titles_above_the_header_are_passed_over() -> None:
    found = detected(
        ("ÖRNEK ORGANİZE SANAYİ BÖLGESİ",),
        ("Firma Listesi",),
        ("Sıra No", "Firma Ünvanı", "Telefon", "Web Sitesi"),
        ("1", "Çınar Döküm", "0212 000 00 00", "cinar.example"),
        ("2", "Meşe Makina", "0212 000 00 01", "mese.example"),
    )
    assert found.header_row == 3
    assert names_of(found) == ("Firma Ünvanı", "Web Sitesi")


def test_a_list_without_a_header_is_read_from_its_first_row() -> None:
    found = detected(("Çınar Döküm", "cinar.example"), ("Meşe Makina", "mese.example"))
    assert (found.header_row, found.company, found.domain) == (0, 0, 1)


@pytest.mark.parametrize("decoy", ["Firma Telefonu", "Firma Yetkilisi", "Account Owner", "Müşteri No", "Firma Mail"])
def test_a_header_of_another_subject_is_no_company_column(decoy: str) -> None:
    found = detected((decoy, "Ad", "Web"), ("Ali Kaya", "Çınar Döküm", "cinar.example"))
    assert found.header(found.company) == "Ad"


def test_without_a_header_hint_the_first_text_column_is_the_company() -> None:
    found = detected(("No", "Bilgi", "Web"), ("17", "Çınar Döküm", "cinar.example"))
    assert found.header(found.company) == "Bilgi"


@pytest.mark.parametrize("name", ["X1", "3M", "Ş", "5"])
def test_a_short_name_below_its_header_is_a_name(name: str) -> None:
    assert names_of(detected(("Firma", "Web"), (name, "tek1.example"))) == ("Firma", "Web")


def test_a_list_of_domains_alone_has_no_company_column() -> None:
    found = detected(("Domain",), ("cinar.example",), ("mese.example",))
    assert (found.domain, found.company, found.header_row) == (0, None, 1)


def test_a_list_without_domains_is_refused_with_its_headers_and_guesses() -> None:
    with pytest.raises(NoDomainColumn) as caught:
        detected(("Firma", "Web", "Telefon"), ("Çınar Döküm", "yok", "0212"), ("Meşe", "-", "0216"))
    assert caught.value.headers == ("Firma", "Web", "Telefon")
    assert caught.value.guesses == ("Web",)
    assert caught.value.code == "domain_column_missing"


def test_free_mail_alone_is_still_the_domain_column() -> None:
    """Every row is then refused with its reason, which says more than "no column"."""
    found = detected(("Firma", "E-posta"), ("Çınar", "cinar@gmail.com"), ("Meşe", "mese@hotmail.com"))
    assert names_of(found) == ("Firma", "E-posta")


def test_fixed_headers_are_compared_trimmed_and_without_case() -> None:
    found = fixed_columns(table((" Company_Name ", "DOMAIN", "Email", "website", "x"), ("Çınar", "cinar.example")))
    assert (found.company, found.domain, found.emails, found.websites) == (0, 1, (2,), (3,))
    assert found.header_row == 1


def test_of_two_equal_headers_the_first_counts() -> None:
    assert fixed_columns(table(("domain", "domain"), ("a.example", "b.example"))).domain == 0


def test_fixed_headers_need_a_domain_column() -> None:
    with pytest.raises(NoDomainColumn) as caught:
        fixed_columns(table(("Firma", "Web"), ("Çınar", "cinar.example")))
    assert caught.value.headers == ("Firma", "Web")


@given(st.lists(st.lists(st.text(max_size=12), max_size=5).map(tuple), min_size=1, max_size=8))
def test_any_table_has_columns_or_is_refused(rows: list[tuple[str, ...]]) -> None:
    try:
        found = detected(*rows)
    except NoDomainColumn:
        return
    assert found.domain < max(map(len, rows))
    assert found.company != found.domain


DESCRIBED = ("Firma", "Web", "Çalışan Sayısı", "Ülke", "İl", "Mevcut Müşteri", "Aranmasın")


def test_what_companies_are_besides_is_found_by_header_and_content() -> None:
    found = detected(
        DESCRIBED,
        ("Çınar Döküm", "cinar.example", "51-200", "Türkiye", "Bursa", "", "x"),
        ("Meşe Makina", "mese.example", "1.250", "Almanya", "Ankara", "evet", ""),
    )
    assert (found.company, found.domain, found.employees, found.country, found.city) == (0, 1, 2, 3, 4)
    assert found.marks == ((5, ExclusionMark.OWN_CUSTOMER), (6, ExclusionMark.DO_NOT_CONTACT))


def test_a_header_alone_promises_too_little() -> None:
    found = detected(("Firma", "Web", "Çalışan", "Ülke"), ("Çınar", "cinar.example", "Ali Kaya", "sınıf A"))
    assert (found.employees, found.country) == (None, None)


def test_a_country_is_no_company_name() -> None:
    found = detected(("Ülke", "Web"), ("Türkiye", "cinar.example"), ("Almanya", "mese.example"))
    assert (found.company, found.country) == (None, 0)


def test_columns_named_by_hand_win_and_the_others_are_found() -> None:
    rows = table(("Firma", "Web", "Eski Web"), ("Çınar", "cinar.example", "eski.example"))
    found = detect_columns(rows, shipped_rules(), read_choice("domain=c"))
    assert (found.domain, found.company, found.websites) == (2, 0, (1,))
    found = detect_columns(rows, shipped_rules(), read_choice("domain=Eski web, name=-, website=-"))
    assert (found.domain, found.company, found.websites) == (2, None, ())


def test_letters_name_columns_of_a_list_without_a_header() -> None:
    rows = table(("Bursa", "cinar.example", "Çınar"), ("Ankara", "mese.example", "Meşe"))
    found = detect_columns(rows, shipped_rules(), read_choice("domain=B,name=C,city=A"))
    assert (found.domain, found.company, found.city, found.header_row) == (1, 2, 0, 0)


def test_headers_named_by_hand_show_the_header_row() -> None:
    rows = table(("OSB listesi",), ("Kod", "Nerede"), ("x.example", "cinar.example"))
    found = detect_columns(rows, shipped_rules(), read_choice("domain=Nerede"))
    assert (found.domain, found.header_row) == (1, 2)


@pytest.mark.parametrize("wanted", ["Webb", "D", "AAA", "2"])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(wanted: str) -> None:
    rows = table(("Firma", "Web", ""), ("Çınar", "cinar.example", "x"))
    with pytest.raises(NoSuchColumn) as caught:
        detect_columns(rows, shipped_rules(), read_choice(f"domain={wanted}"))
    assert (caught.value.wanted, caught.value.found) == (wanted, ("A Firma", "B Web", "C"))


@pytest.mark.parametrize("text", ["domain", "domain=", "firma=A", "=B", "domain:B"])
def test_a_choice_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="domain=B"):
        read_choice(text)


@pytest.mark.parametrize(("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_spreadsheets(position: int, letters: str) -> None:
    assert column_letters(position) == letters


def test_a_column_of_ours_is_never_read() -> None:
    found = detected(
        ("Firma", "Web", "Hunter: neden alınmadı"),
        ("Çınar", "bozuk", 'Satır 7: "bozuk" geçerli bir alan adı değil. firma.example gibi yazın.'),
        ("Meşe", "yok", "baska.example gibi yazın."),
        ("Ladin", "ladin.example", "ucuncu.example"),
    )
    assert (found.domain, found.company, found.websites, found.width, found.has_reason) == (1, 0, (), 2, True)


def test_plain_lines_of_no_domains_are_still_lines() -> None:
    found = detected(("cinarli dokum",), ("olmaz",))
    assert (found.domain, found.header_row) == (0, 0)
    with pytest.raises(NoDomainColumn):
        detected(("Firma",), ("Çınar Döküm",), ("Meşe Makina",))

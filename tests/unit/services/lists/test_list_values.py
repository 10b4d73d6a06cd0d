"""What cells say besides domain and name: understood, nothing, or not understood."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.company_marks import ExclusionMark
from hunter.services.lists.values import (
    MOST_EMPLOYEES,
    Unclear,
    marks_named,
    read_city,
    read_country,
    read_employees,
    read_marks,
)

OWN, LEFT_ALONE = ExclusionMark.OWN_CUSTOMER, ExclusionMark.DO_NOT_CONTACT


@pytest.mark.parametrize(
    ("text", "employees"),
    [
        ("7", 7), ("1.250", 1250), ("1,250", 1250), ("1 250", 1250), ("250 kişi", 250), ("250.0", 250),
        ("51-200", 125), ("51 – 200", 125), ("1.001-5.000", 3000), ("11 - 50 çalışan", 30), ("50 ila 60", 55),
        ("1001-5000 employees", 3000), ("500+", 500), (">1000", 1000), ("yaklaşık 300", 300), ("about 40 people", 40),
        ("50'den fazla", 50), ("200 ve üzeri", 200), ("", None), ("yok", None), ("-", None),
    ],
)  # fmt: skip
def test_a_number_of_employees_is_read_as_people_write_it(text: str, employees: int | None) -> None:
    assert read_employees(text) == employees


@pytest.mark.parametrize(
    "text", ["0", "çok", "200-51", "12.05.2024", "0212 000 00 00", "-5", "1e9", "9999999", "1950-11-01"]
)
def test_what_is_no_number_of_employees_is_not_guessed(text: str) -> None:
    """The last is what a spreadsheet makes of 11-50."""
    with pytest.raises(Unclear):
        read_employees(text)


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_range_or_nothing_or_unclear(text: str) -> None:
    try:
        found = read_employees(text)
    except Unclear:
        return
    assert found is None or 1 <= found <= MOST_EMPLOYEES


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Türkiye", "TR"), ("TÜRKİYE", "TR"), ("TURKIYE", "TR"), ("Turkey", "TR"), ("tr", "TR"), ("TUR", "TR"),
        ("Almanya", "DE"), ("Germany", "DE"), ("İNGİLTERE", "GB"), ("U.K.", "GB"), ("ABD", "US"), ("IRAK", "IQ"),
        ("Bosna-Hersek", "BA"), ("Bosnia and Herzegovina", "BA"), ("Fildişi Sahili", "CI"), ("NA", "NA"), ("ve", "VE"),
        ("", None), ("yok", None), ("n/a", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_by_both_languages(text: str, country: str | None) -> None:
    assert read_country(text) == country


@pytest.mark.parametrize("text", ["Narnia", "Türkiye, Almanya", "90", "ve ve"])
def test_what_is_no_country_is_not_guessed(text: str) -> None:
    with pytest.raises(Unclear):
        read_country(text)


def test_a_city_is_taken_in_one_line() -> None:
    assert read_city(" Bursa\n / Nilüfer ") == "Bursa / Nilüfer"
    assert read_city("-") is None
    for text in ("16", "B" * 101):
        with pytest.raises(Unclear):
            read_city(text)


@pytest.mark.parametrize("text", ["evet", "EVET", "x", "X", "1", "yes", "✓", "var"])
def test_a_yes_sets_the_mark_of_its_header(text: str) -> None:
    assert read_marks(text, OWN) == (OWN,)
    with pytest.raises(Unclear):
        read_marks(text, None)


@pytest.mark.parametrize("text", ["", "hayır", "no", "0", "yok", "-", "false"])
def test_a_no_sets_none(text: str) -> None:
    assert read_marks(text, LEFT_ALONE) == ()


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Mevcut müşteri", (OWN,)), ("MÜŞTERİMİZ", (OWN,)), ("own customer", (OWN,)),
        ("İletişime geçilmesin", (LEFT_ALONE,)), ("Do not contact", (LEFT_ALONE,)),
        ("Aranmasın, mevcut müşteri", (OWN, LEFT_ALONE)), ("Müşteri", ()),
        ("customer service", ()),
    ],
)  # fmt: skip
def test_marks_are_named_by_headers_and_by_cells(text: str, marks: tuple[ExclusionMark, ...]) -> None:
    assert marks_named(text) == marks


@pytest.mark.parametrize(("read", "text"), [(read_employees, "?"), (read_country, "?"), (read_city, "?")])
def test_a_mark_of_doubt_is_unclear(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(Unclear):
        read(text)

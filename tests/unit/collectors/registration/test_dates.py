"""Dates as registries write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.registration.dates import read_date

FOURTH_OF_MAY = [
    *("2027-05-04", "2027-05-04T23:59:59Z", "2027-05-04 00:00:00+03", "2027-05-04 10:00:00 (UTC+8)", "2027/05/04"),
    *(
        "2027/5/4",
        "2027.05.04 12:00:00",
        "2027. 05. 04.",
        "20270504",
        "20270504 10:11:12",
        "20270504120000",
        "04.05.2027",
        "4.5.2027",
    ),
    *("04.05.2027 00:00:00 EET", "04-05-2027", "04/05/2027", "04-May-2027", "04-MAY-2027 10:00", "4 May 2027"),
    *("4th May 2027", "2027-May-04.", "2027 May 4", "May 4, 2027", "May  4 2027", "Tue May  4 00:00:00 UTC 2027"),
    *("Tue, 04 May 2027 10:00:00 GMT", "4 Mayıs 2027", "2027-Mayıs-04.", "4 MAYIS 2027 Salı", "04-May-27"),
]
MONTHS = [
    *(("Oca", "Ocak", "Jan"), ("Şub", "Şubat", "Feb"), ("Mar", "Mart", "March"), ("Nis", "Nisan", "Apr")),
    *(("May", "Mayıs", "MAYIS"), ("Haz", "Haziran", "Jun"), ("Tem", "Temmuz", "Jul"), ("Ağu", "Ağustos", "AĞUSTOS")),
    *(("Eyl", "Eylül", "Sept"), ("Eki", "Ekim", "Oct"), ("Kas", "Kasım", "KASIM"), ("Ara", "Aralık", "Dec")),
]


@pytest.mark.parametrize("text", FOURTH_OF_MAY)
def test_a_date_is_read_in_every_spelling(text: str) -> None:
    assert read_date(text) == date(2027, 5, 4)


@pytest.mark.parametrize(("month", "names"), list(enumerate(MONTHS, start=1)))
def test_months_are_known_in_turkish_and_english(month: int, names: tuple[str, ...]) -> None:
    written = [text for name in names for text in (f"2027-{name}-02.", f"02 {name} 2027", f"2-{name}-2027")]
    assert {read_date(text) for text in written} == {date(2027, month, 2)}


def test_day_comes_before_month_unless_that_is_no_date() -> None:
    assert read_date("03/04/2027") == date(2027, 4, 3)
    assert read_date("12/31/2027") == date(2027, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-",
            "never",
            "0000-00-00",
            "1970-01-01",
            "9999-12-31",
            "2027-02-30",
            "2027-13-01",
            "2027-05",
            "Mayıs 2027",
        ),
        *("before Aug-1996", "+90 212 0000000", "192.0.2.10", "12345678901234", "31-Foo-2027"),
    ],
)
def test_what_names_no_day_that_can_be_meant_is_none(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(min_value=date(1985, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_date(day.isoformat()) == read_date(day.strftime("%d.%m.%Y")) == read_date(f"{day:%d-%b-%Y}") == day


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    day = read_date(text)
    assert day is None or 1985 <= day.year < 2200

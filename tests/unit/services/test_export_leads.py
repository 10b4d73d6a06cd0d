"""Names and headers of an export."""

from datetime import date

import pytest

from hunter.services.export_leads import COLUMNS, file_name, header_row
from hunter.storage.lead_index.query import LeadQuery
from tests.support.words import wording

DAY = date(2026, 1, 28)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (LeadQuery(), "leads-2026-01-28.csv"),
        (LeadQuery(segments=("Migration",), min_score=70), "leads-migration-70-2026-01-28.csv"),
        (LeadQuery(search='../ŞİŞLİ "Gıda" \r\n'), "leads-sisli-gida-2026-01-28.csv"),
        (LeadQuery(search="漢字"), "leads-2026-01-28.csv"),
        (LeadQuery(priorities=(1, 2), max_score=90), "leads-1-2-max90-2026-01-28.csv"),
    ],
)
def test_a_file_is_named_by_its_filters(query: LeadQuery, name: str) -> None:
    assert file_name(query, DAY, "csv") == name


def test_a_name_stays_short_and_keeps_its_day() -> None:
    name = file_name(LeadQuery(search="a" * 255), DAY, "xlsx")
    assert len(name) <= 130
    assert name.endswith("-2026-01-28.xlsx")


def test_english_headers_are_the_names_of_the_contract() -> None:
    assert header_row(None)[:7] == (
        "domain",
        "company_name",
        "provider",
        "country",
        "segment",
        "readiness_score",
        "priority_score",
    )
    assert header_row(None)[-2:] == ("infrastructure_summary", "contact_emails")


def test_turkish_headers_are_worded_and_all_different() -> None:
    turkish = header_row(wording("tr").catalogue)
    assert turkish[:3] == ("Alan adı", "Şirket", "Sağlayıcı")
    assert len(set(turkish)) == len(COLUMNS)

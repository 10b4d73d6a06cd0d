"""Names of companies: what is a name at all, and which of two is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.company_name import LONGEST_NAME, NameSource, clean_name, kept_name


@pytest.mark.parametrize("text", ["", "nan", "None", "-", "yok", "  "])
def test_a_placeholder_is_no_name(text: str) -> None:
    assert clean_name(text) == ""


def test_a_name_is_one_line_without_unprintable_characters() -> None:
    assert clean_name("  Çınar\n Döküm\t\x00 A.Ş. ") == "Çınar Döküm A.Ş."


def test_a_name_fits_its_column() -> None:
    assert len(clean_name("Ş" * 400)) == LONGEST_NAME


@pytest.mark.parametrize(
    ("current", "offered", "kept"),
    [
        ("", "Çınar Döküm", "Çınar Döküm"),
        ("", "", "cinar.example"),
        ("cinar.example", "Çınar Döküm", "Çınar Döküm"),
        ("Çınar", "Çınar Döküm Sanayi A.Ş.", "Çınar Döküm Sanayi A.Ş."),
        ("Çınar Döküm Sanayi A.Ş.", "ÇINAR DÖKÜM…", "Çınar Döküm Sanayi A.Ş."),
        ("Çınar Döküm Sanayi A.Ş.", "Cinar Dokum San", "Çınar Döküm Sanayi A.Ş."),
        ("Çınar Döküm", "nan", "Çınar Döküm"),
        ("Çınar Döküm", "cinar.example", "Çınar Döküm"),
        ("Çınar Döküm", "Cinar.Example", "Çınar Döküm"),
        ("Çınar Döküm", "Meşe Makina", "Meşe Makina"),
        ("Çınar Döküm", "ÇINAR DÖKÜM", "ÇINAR DÖKÜM"),
    ],
)
def test_the_better_name_is_kept(current: str, offered: str, kept: str) -> None:
    assert kept_name(current, offered, "cinar.example") == kept


@pytest.mark.parametrize("source", [NameSource.PERSON, NameSource.CRM])
def test_a_list_does_not_overwrite_a_person_or_a_crm(source: NameSource) -> None:
    assert kept_name("Çınar", "Meşe", "a.example", current_source=source) == "Çınar"
    assert kept_name("Çınar", "Meşe", "a.example", current_source=source, offered_source=source) == "Meşe"


@given(st.text(max_size=300))
def test_a_cleaned_name_is_clean(text: str) -> None:
    name = clean_name(text)
    assert clean_name(name) == name
    assert name.isprintable()

"""Names of companies: what is a name at all, and which of two says more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.names.company_name import LONGEST_NAME, clean_name, says_no_more


@pytest.mark.parametrize("text", ["", "nan", "None", "-", "yok", "  "])
def test_a_placeholder_is_no_name(text: str) -> None:
    assert clean_name(text) == ""


def test_a_name_is_one_line_without_unprintable_characters() -> None:
    assert clean_name("  Çınar\n Döküm\t\x00 A.Ş. ") == "Çınar Döküm A.Ş."


def test_a_name_fits_its_column() -> None:
    assert len(clean_name("Ş" * 400)) == LONGEST_NAME


@pytest.mark.parametrize("offered", ["ÇINAR DÖKÜM…", "Cinar Dokum San", "çınar...", "Çınar Döküm Sanayi A.Ş.", "Ç"])
def test_the_same_name_or_its_beginning_says_no_more(offered: str) -> None:
    assert says_no_more(offered, "Çınar Döküm Sanayi A.Ş.")


@pytest.mark.parametrize("offered", ["Çınar Döküm Sanayi A.Ş. Bursa", "Meşe Makina", "Döküm", "Çınar Makina…"])
def test_another_or_a_longer_name_says_more(offered: str) -> None:
    assert not says_no_more(offered, "Çınar Döküm Sanayi A.Ş.")


@given(st.text(max_size=300))
def test_a_cleaned_name_is_clean(text: str) -> None:
    name = clean_name(text)
    assert clean_name(name) == name
    assert name.isprintable()

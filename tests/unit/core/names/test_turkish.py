"""Turkish folding: case, dots and accents do not count."""

import pytest

from hunter.core.names.turkish import fold


@pytest.mark.parametrize(
    "text", ["İNTERNET ADRESİ", "INTERNET ADRESI", "ınternet adresı", "İnternet Adresi", " internet adresi"]
)
def test_all_spellings_of_a_header_are_the_same(text: str) -> None:
    assert fold(text) == "internet adresi"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ŞİRKET", "sirket"), ("Ünvanı", "unvani"), ("Çağrı", "cagri"), ("Kâr", "kar"), ("Café", "cafe")],
)
def test_accents_are_lost(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_letters_in_pieces_are_put_together() -> None:
    assert fold("I\u0307zmir s\u0327irket") == "izmir sirket"

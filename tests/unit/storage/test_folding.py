"""Turkish letters in search and order."""

import pytest

from hunter.storage.lead_index.folding import turkish_fold, turkish_sort_key


@pytest.mark.parametrize("text", ["ŞİRKET", "Şirket", "sirket", "SIRKET", "şırket", "S\u0327i\u0307rket"])
def test_case_dots_and_accents_do_not_matter_in_search(text: str) -> None:
    assert turkish_fold(text) == "sirket"


def test_names_sort_by_the_turkish_alphabet() -> None:
    names = ["Cam", "Çam", "Dal", "Gaz", "Ğaz", "Hal", "Ilgaz", "İnci", "Jale", "Oda", "Öz", "Pul", "Su", "Şu", "Tuz"]
    names += ["Un", "Ün", "Var", "Yol", "Zar"]
    backwards = names[::-1]
    assert sorted(backwards, key=turkish_sort_key) == names


def test_a_letter_sorts_after_every_word_of_its_neighbour() -> None:
    assert turkish_sort_key("çam") > turkish_sort_key("cza")
    assert turkish_sort_key("izci") > turkish_sort_key("ızz")


def test_case_does_not_matter_in_order() -> None:
    assert turkish_sort_key("IĞDIR İli") == turkish_sort_key("ığdır ili")

"""Columns: what a list looks like is told from what it holds."""

import pytest

from hunter.cli.columns import Layout, find_layout, fold_header

PLAIN = Layout("", False, ())


@pytest.mark.parametrize(
    ("lines", "layout"),
    [
        (["a.example", "b.example"], PLAIN),
        (["Alan Adı", "a.example"], Layout("", True, ())),
        (["DOMAIN", "a.example"], Layout("", True, ())),
        (["cinarli dokum", "a.example"], PLAIN),
        (["Firma Adı;Web", "Çınarlı;www.a.example", "Işık;b.example"], Layout(";", True, (1,))),
        (["Company Name\tWebsite", "A\thttps://a.example/"], Layout("\t", True, (1,))),
        (["Firma,İletişim", "A,bilgi@a.example"], Layout(",", True, (1,))),
        (["a.example,Ankara", "b.example,Bursa"], Layout(",", False, (0,))),
        (["ADRES;WEB ADRESİ", "OSB 4. Cadde;a.example", "OSB 5. Cadde;b.example"], Layout(";", True, (1,))),
        (["Domain Name,Company", "a.example,A"], Layout(",", True, (0,))),
        (["Ad;Yedek;Web", "A;x.example;a.example", "B;;b.example"], Layout(";", True, (2, 1))),
        (["Ad;Not;Web", "A;x.example;a.example"], Layout(";", True, (2, 1))),
        (["A;1", "B;2"], Layout(";", True, ())),
    ],
)
def test_the_layout_is_found(lines: list[str], layout: Layout) -> None:
    assert find_layout(lines) == layout


def test_a_row_without_a_good_cell_falls_back_to_the_next_column() -> None:
    layout = Layout(";", True, (2, 1))
    assert layout.pick(["A", "yedek.example", ""]) == ("yedek.example",)
    assert layout.pick(["A", "yedek.example", "olmaz"]) == ("yedek.example",)
    assert layout.pick(["A", "", "olmaz"]) == ("olmaz",)
    assert layout.pick(["A"]) == ()


def test_a_row_with_several_names_keeps_them_in_the_order_of_its_columns() -> None:
    assert Layout(";", True, (2, 1)).pick(["A", "yedek.example", "web.example"]) == ("web.example", "yedek.example")


def test_headers_are_folded_as_turkish_and_english_people_write_them() -> None:
    assert fold_header(" İNTERNET ADRESİ ") == fold_header("internet adresi") == "internet adresi"
    assert fold_header("ALAN ADI") == "alan adi"

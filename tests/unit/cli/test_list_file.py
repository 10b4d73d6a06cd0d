"""Lists read from memory: encodings, CSV, and lines that are no lines."""

from io import BytesIO

import pytest

from hunter.cli.list_file import LONGEST_LINE, NameList
from hunter.cli.names import Entry


def entries(raw: bytes) -> list[Entry]:
    return list(NameList(BytesIO(raw), raw.count(b"\n")).entries())


def texts(raw: bytes) -> list[str]:
    return [entry.text for entry in entries(raw) if not entry.problem]


def test_plain_lines_are_numbered_and_blank_ones_and_comments_left_out() -> None:
    assert entries(b"# osb\na.example\n\n  b.example \r\n") == [Entry("a.example", 2), Entry("b.example", 4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254"])
def test_turkish_letters_survive_the_encodings_that_excel_writes(encoding: str) -> None:
    assert texts("Firma;Web\nIşık Döküm;ışık-döküm.example\n".encode(encoding)) == ["ışık-döküm.example"]


def test_a_byte_order_mark_does_not_stick_to_the_first_name() -> None:
    assert texts(b"\xef\xbb\xbfa.example\n") == ["a.example"]


def test_a_quoted_cell_may_hold_separators_and_line_ends() -> None:
    raw = b'Firma;Adres;Web\n"A; B";"OSB\n4. Cadde";a.example\nC;D;b.example\n'
    assert [(one.text, one.line) for one in entries(raw)] == [("a.example", 2), ("b.example", 4)]


def test_a_row_hands_on_every_cell_that_may_name_the_company() -> None:
    raw = b"Firma;Web;Eposta\nA;a.example;ali@gmail.com\nB;;bilgi@b.example\n"
    assert entries(raw) == [
        Entry("ali@gmail.com", 2, others=("a.example",)),
        Entry("bilgi@b.example", 3),
    ]


def test_a_row_without_a_name_is_said_with_what_it_holds() -> None:
    assert entries(b"Firma;Web\nA;a.example\nB;\n")[1] == Entry("B;", 3, "row_without_name")


def test_a_huge_line_is_skipped_and_the_rest_is_read() -> None:
    raw = b"a.example\n" + b"x" * (10 * 1024 * 1024) + b"\nb.example\n"
    assert entries(raw) == [Entry("a.example", 1), Entry("", 2, "line_too_long"), Entry("b.example", 3)]


def test_a_huge_line_at_the_end_needs_no_line_end() -> None:
    assert entries(b"a.example\n" + b"x" * (LONGEST_LINE + 1))[1] == Entry("", 2, "line_too_long")


def test_a_line_with_nul_is_refused_alone() -> None:
    found = entries(b"a.example\nb\0c.example\nd.example\n")
    assert [(one.text, one.problem) for one in found] == [
        ("a.example", ""),
        ("b c.example", "line_has_nul"),
        ("d.example", ""),
    ]


def test_bad_lines_of_a_table_are_refused_alone() -> None:
    raw = b"Firma;Web\nA;a.example\nB;\0b.example\n" + b"y;" * LONGEST_LINE + b"\nC;c.example\n"
    assert [(one.line, one.problem) for one in entries(raw)] == [
        (2, ""),
        (3, "line_has_nul"),
        (4, "line_too_long"),
        (5, ""),
    ]


def test_a_quote_that_never_closes_is_said_and_what_comes_after_is_read() -> None:
    lost = b'"' + b"x;y.example\n" * 20_000
    raw = b"Firma;Web\nA;a.example\n" + lost + b"Z;z.example\n"
    found = entries(raw)
    assert (found[1].line, found[1].problem) == (3, "quote_not_closed")
    assert found[-1].text == "z.example"


def test_a_hundred_thousand_lines_are_streamed() -> None:
    raw = b"".join(b"firma-%d.example\n" % number for number in range(100_000))
    stream = NameList(BytesIO(raw), 100_000).entries()
    assert next(stream) == Entry("firma-0.example", 1)
    assert sum(1 for _ in stream) == 99_999

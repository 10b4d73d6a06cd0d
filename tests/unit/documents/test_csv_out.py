"""CSV out: bytes that Excel opens as they are, and no cell that it would run."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.documents.tables import Cell, csv_chunks, neutral

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x.example";"Çınar")',
    "=cmd|'/C calc'!A0",
]


def written(rows: list[list[Cell]], *, separator: str = ",") -> str:
    return b"".join(csv_chunks(rows, separator=separator)).decode("utf-8-sig")


def test_a_file_begins_with_its_byte_order_mark_and_header() -> None:
    chunks = csv_chunks([["domain", "Ünvan"], ["a.example", "Çınar"]])
    assert next(chunks) == b"\xef\xbb\xbf"
    assert next(chunks).decode() == "domain,Ünvan\r\n"
    assert next(chunks).decode() == "a.example,Çınar\r\n"


def test_a_file_without_rows_has_its_header() -> None:
    assert written([["domain"]]) == "domain\r\n"


def test_turkish_excel_gets_semicolons() -> None:
    assert written([["a", "b;c"]], separator=";") == 'a;"b;c"\r\n'


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_numbers_stay_nothing_is_empty_and_nul_goes() -> None:
    assert written([[7, -3, 1.5, None, "a\0b", ""]]) == "7,-3,1.5,,ab,\r\n"


def test_a_lone_surrogate_does_not_stop_the_export() -> None:
    assert written([["a\ud800b"], ["next"]]) == "a?b\r\nnext\r\n"


def test_rows_are_taken_only_when_they_are_needed() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[str]]:
        for number in range(2_000):
            taken.append(number)
            yield [str(number)]

    chunks = csv_chunks(rows(), chunk_rows=10)
    for _ in range(3):
        next(chunks)
    assert len(taken) == 11


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), max_size=6))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    text = written([list(row) for row in rows])
    read = list(csv.reader(io.StringIO(text, newline="")))
    expected = [[str(neutral(cell)).encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert read == expected


@given(st.text(max_size=30))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not str(neutral(text)).startswith(("=", "+", "-", "@", "\t", "\r"))

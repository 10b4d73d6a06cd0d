"""Workbooks of all kinds, read by a real child process; and those that are refused, each with its cause."""

import io
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hunter.core.table_rows import TableRow
from hunter.documents.errors import TooLargeFile, UnknownFileType, UnreadableFile
from hunter.documents.limits import MEBIBYTE, ChildLimits, FileLimits
from hunter.documents.read_file import open_table, read_rows
from tests.support import spreadsheets

ROWS = [("Firma", "Web"), ("Çınar Döküm İğneada Ş.", "cinar.example"), ("", ""), ("Meşe", "mese.example")]
READ = [TableRow(1, ROWS[0]), TableRow(2, ROWS[1]), TableRow(4, ROWS[3])]
SMALL = FileLimits(child=ChildLimits(memory_bytes=256 * MEBIBYTE, cpu_seconds=10, wall_seconds=20))


def bomb() -> bytes:
    """300 MiB of text in a file of 300 kB."""
    return spreadsheets.xlsx_parts("<sheetData/>", strings="<si><t>" + "A" * (300 * MEBIBYTE) + "</t></si>")


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path, limits: FileLimits = SMALL) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(read_rows(path, limits=limits))
    return caught.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("liste.xlsx", spreadsheets.xlsx({"Liste": ROWS})),
        ("liste.XLSX", spreadsheets.xlsx({"Liste": ROWS})),
        ("liste.xls", spreadsheets.xls(ROWS)),
        ("liste.ods", spreadsheets.ods(ROWS)),
    ],
)
def test_rows_come_with_their_numbers_and_turkish_letters(tmp_path: Path, name: str, content: bytes) -> None:
    with open_table(saved(tmp_path, name, content)) as table:
        assert (table.sheet, table.other_sheets) == ("Liste", 0)
        assert list(table.rows) == READ


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_table_away_from_the_corner_keeps_its_row_numbers(tmp_path: Path, kind: str) -> None:
    rows = [("",), ("",), ("", "", "Web"), ("",), ("", "", "cinar.example")]
    content = {"xlsx": lambda: spreadsheets.xlsx({"a": rows}), "xls": lambda: spreadsheets.xls(rows)}.get(
        kind, lambda: spreadsheets.ods(rows)
    )()
    read = list(read_rows(saved(tmp_path, f"liste.{kind}", content)))
    assert read == [TableRow(3, ("", "", "Web")), TableRow(5, ("", "", "cinar.example"))]


def test_the_first_visible_sheet_that_holds_something_is_read(tmp_path: Path) -> None:
    sheets: dict[str, spreadsheets.Rows] = {"Boş": [], "Gizli": [("x",)], "Liste": ROWS, "Eski": ROWS}
    path = saved(tmp_path, "liste.xlsx", spreadsheets.xlsx(sheets, hidden=["Gizli"]))
    with open_table(path) as table:
        assert (table.sheet, table.other_sheets) == ("Liste", 1)


@pytest.mark.parametrize("wanted", ["Eski", " eski ", "2", "Gizli"])
def test_a_sheet_is_chosen_by_name_or_number(tmp_path: Path, wanted: str) -> None:
    sheets: dict[str, spreadsheets.Rows] = {"Liste": ROWS, "Gizli": [("gizli",)], "Eski": [("eski",)]}
    path = saved(tmp_path, "liste.xlsx", spreadsheets.xlsx(sheets, hidden=["Gizli"]))
    with open_table(path, sheet=wanted) as table:
        assert (table.sheet, next(table.rows).cells) == (
            ("Gizli", ("gizli",)) if wanted == "Gizli" else ("Eski", ("eski",))
        )
        assert table.other_sheets == 0


def test_a_sheet_called_by_a_number_is_meant_before_the_place(tmp_path: Path) -> None:
    path = saved(tmp_path, "liste.xlsx", spreadsheets.xlsx({"2": [("iki",)], "Liste": ROWS}))
    with open_table(path, sheet="2") as table:
        assert next(table.rows).cells == ("iki",)


@pytest.mark.parametrize("wanted", ["Yok", "3", "0", "-1"])
def test_a_sheet_that_is_not_there_is_said_with_those_that_are(tmp_path: Path, wanted: str) -> None:
    path = saved(tmp_path, "liste.xlsx", spreadsheets.xlsx({"Liste": ROWS, "Eski": ROWS}))
    with pytest.raises(UnreadableFile) as caught, open_table(path, sheet=wanted):
        pass
    assert (caught.value.problem, caught.value.facts) == (
        "no_such_sheet",
        {"wanted": wanted, "sheets": "1 Liste, 2 Eski"},
    )


def test_a_workbook_without_a_suffix_is_known_by_its_content(tmp_path: Path) -> None:
    for content in (spreadsheets.xlsx({"Liste": ROWS}), spreadsheets.xls(ROWS), spreadsheets.ods(ROWS)):
        assert list(read_rows(saved(tmp_path, "liste", content))) == READ


def test_the_name_people_know_decides_the_type(tmp_path: Path) -> None:
    path = saved(tmp_path, "upload-17.tmp", spreadsheets.xlsx({"Liste": ROWS}))
    assert list(read_rows(path, name="liste.xlsx")) == READ


def test_leaving_early_ends_the_child(tmp_path: Path) -> None:
    rows = [("Web",), *((f"firma-{number}.example",) for number in range(5_000))]
    path = saved(tmp_path, "liste.xlsx", spreadsheets.xlsx({"Liste": rows}))
    with open_table(path) as table:
        assert next(table.rows).cells == ("Web",)
    assert list(table.rows)[-1].number < 5_000


@pytest.mark.parametrize("suffix", ["pdf", "xlsm", "xlsb", "docx"])
@pytest.mark.parametrize("content", [b"%PDF-1.7", spreadsheets.xlsx({"a": ROWS}), bytes(range(256)) * 40])
def test_other_types_are_refused_by_name(tmp_path: Path, suffix: str, content: bytes) -> None:
    error = refusal(saved(tmp_path, f"liste.{suffix}", content))
    assert isinstance(error, UnknownFileType)
    assert error.facts == {"suffix": suffix}


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("a.xlsx", b"Firma;Web\n", "TXT"),
        ("a.xlsx", b"%PDF-1.7\n", "PDF"),
        ("a.xlsx", spreadsheets.xls(ROWS), "XLS"),
        ("a.xlsx", spreadsheets.ods(ROWS), "ODS"),
        ("a.xlsx", spreadsheets.packed({"word/document.xml": "<x/>"}), "DOCX"),
        ("a.xlsx", spreadsheets.packed({"xl/workbook.bin": "x"}), "XLSB"),
        ("a.xlsx", spreadsheets.packed({"resim.png": "x"}), "ZIP"),
        ("a.ods", spreadsheets.xlsx({"a": ROWS}), "XLSX"),
        ("a.xls", spreadsheets.xlsx({"a": ROWS}), "XLSX"),
        ("a.xls", b"<html><table><tr><td>Firma", "HTML"),
        ("a.xls", b"Firma\tWeb\n", "TXT"),
        ("a.xls", spreadsheets.compound_file({"WordDocument": b"x"}), "OLE"),
        ("a.csv", spreadsheets.xlsx({"a": ROWS}), "ZIP"),
        ("a.csv", spreadsheets.xls(ROWS), "XLS"),
        ("a.csv", b"\xef\xbb\xbf<!DOCTYPE html><p>", "HTML"),
        ("a.csv", b"\x1f\x8b\x08\x00", "GZIP"),
    ],
)
def test_content_of_another_type_is_refused_and_named(tmp_path: Path, name: str, content: bytes, seen: str) -> None:
    error = refusal(saved(tmp_path, name, content))
    assert error.problem == "other_content"
    assert error.facts == {"type": Path(name).suffix[1:], "seen": seen}


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", spreadsheets.encrypted_xlsx()), ("a.xls", spreadsheets.xls(ROWS, is_encrypted=True))],
)
def test_a_password_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    assert refusal(saved(tmp_path, name, content)).problem == "password"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", spreadsheets.xlsx({"a": ROWS})[:-200]),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 999),
        ("a.xlsx", spreadsheets.xlsx_parts("<sheetData><row r='1'><c")),
        ("a.xls", spreadsheets.xls(ROWS)[:1500]),
        ("a.ods", spreadsheets.packed({"content.xml": "<x"})),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert refusal(saved(tmp_path, name, content)).problem == "damaged"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b""), ("a.csv", b"  \r\n\n"), ("a.csv", b"\xef\xbb\xbf"), ("a.xlsx", spreadsheets.xlsx({"a": []}))],
)
def test_an_empty_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert refusal(saved(tmp_path, name, content)).problem == "empty"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "yok.csv").problem == "missing"
    (tmp_path / "klasör.csv").mkdir()
    assert refusal(tmp_path / "klasör.csv").problem == "is_folder"


def test_a_file_beyond_the_size_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "büyük.xlsx"
    with path.open("wb") as file:
        file.truncate(60 * MEBIBYTE)
    error = refusal(path)
    assert isinstance(error, TooLargeFile)
    assert error.facts == {"limit": 50, "found": 60}


def test_a_bomb_that_says_its_size_is_refused_unopened(tmp_path: Path) -> None:
    content = spreadsheets.xlsx_parts("<sheetData/>", strings=" " * (8 * MEBIBYTE))
    error = refusal(saved(tmp_path, "a.xlsx", content), replace(SMALL, unpacked_bytes=4 * MEBIBYTE))
    assert error.problem == "expands"


def test_a_bomb_below_that_size_meets_the_limit_of_memory(tmp_path: Path) -> None:
    error = refusal(saved(tmp_path, "a.xlsx", bomb()))
    assert error.problem == "memory"
    assert isinstance(error, TooLargeFile)


def test_a_bomb_that_lies_about_its_size_is_refused_as_damaged(tmp_path: Path) -> None:
    content = bomb()
    told = struct.pack("<I", zipfile.ZipFile(io.BytesIO(content)).getinfo("xl/sharedStrings.xml").file_size)
    assert content.count(told) == 2
    content = content.replace(told, struct.pack("<I", 1_000))
    error = refusal(saved(tmp_path, "a.xlsx", content), replace(SMALL, unpacked_bytes=MEBIBYTE))
    assert error.problem == "damaged"


def test_a_stray_cell_in_the_last_corner_meets_the_limit_of_memory(tmp_path: Path) -> None:
    content = spreadsheets.xlsx_with_cells({"A1": "Web", "A2": "cinar.example", "XFD1048576": "x"})
    assert refusal(saved(tmp_path, "a.xlsx", content)).problem == "memory"


def test_too_many_columns_are_refused_with_their_number(tmp_path: Path) -> None:
    content = spreadsheets.xlsx_with_cells({"A1": "Web", "A2": "cinar.example", "XFD2": "x"})
    error = refusal(saved(tmp_path, "a.xlsx", content))
    assert (error.problem, dict(error.facts)) == ("too_many_columns", {"limit": 1_000, "found": 16_384})


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    content = spreadsheets.xlsx_with_cells({"A1": "Web", "A2": "cinar.example", "BDWGN2": "x"})
    error = refusal(saved(tmp_path, "a.xlsx", content))
    assert (error.problem, error.facts["found"]) == ("too_many_columns", 1_000_000)


def test_too_many_rows_are_refused_before_the_first_is_given(tmp_path: Path) -> None:
    rows = [("Web",), *((f"firma-{number}.example",) for number in range(21))]
    path = saved(tmp_path, "a.xlsx", spreadsheets.xlsx({"a": rows}))
    error = refusal(path, replace(SMALL, workbook_rows=20))
    assert (error.problem, dict(error.facts)) == ("too_many_rows", {"limit": 20, "found": 21})
    assert len(list(read_rows(path, limits=replace(SMALL, workbook_rows=21)))) == 22


def test_a_row_that_stands_for_a_million_is_counted_and_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.ods", spreadsheets.ods(ROWS, repeated_rows=1_000_000))
    error = refusal(path, FileLimits())
    assert (error.problem, error.facts["limit"]) == ("too_many_rows", 200_000)
    assert refusal(path).problem == "memory"

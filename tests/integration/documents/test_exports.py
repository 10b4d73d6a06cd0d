"""Workbooks that we write, read back by the reader that we read others with; and how their XML looks inside."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from hunter.documents.read_file import open_table, read_rows
from hunter.documents.tables import csv_chunks
from hunter.documents.workbook import write_workbook, xlsx_chunks

HEADER = ("domain", "company_name", "website")


def saved(path: Path, chunks: Iterator[bytes]) -> Path:
    path.write_bytes(b"".join(chunks))
    return path


def sheet_xml(path: Path, number: int = 1) -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_a_workbook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    rows = [HEADER, ("a.example", "Çınar Döküm İğneada Ş.", None), ("b.example", "satır\nsonu", 7)]
    with open_table(saved(tmp_path / "a.xlsx", xlsx_chunks(rows))) as table:
        assert table.sheet == "Leads"
        assert [row.cells for row in table.rows] == [HEADER, rows[1][:2], ("b.example", "satır\nsonu", "7")]


def test_every_cell_is_a_string(tmp_path: Path) -> None:
    cells = ("=HYPERLINK(1)", "+90", "-1", "@x", "{=1}", "http://x.example", "mailto:a@b.example", "12", 12, 1.5, "1e5")
    xml = sheet_xml(saved(tmp_path / "a.xlsx", xlsx_chunks([cells])))
    assert xml.count('t="inlineStr"') == len(cells)
    assert re.findall(r"<f>|<v>|hyperlink", xml) == []


def test_seventy_thousand_addresses_of_the_web_are_all_there(tmp_path: Path) -> None:
    rows = ((f"firma-{n}.example", "", f"https://www.firma-{n}.example/") for n in range(70_000))
    path = saved(tmp_path / "a.xlsx", xlsx_chunks(chain((HEADER,), rows)))
    assert "hyperlink" not in sheet_xml(path)
    read = list(read_rows(path))
    assert len(read) == 70_001
    assert read[-1].cells == ("firma-69999.example", "", "https://www.firma-69999.example/")


def test_a_second_sheet_follows_a_full_one_with_the_header_again(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = chain((("domain",),), ((f"firma-{n}.example",) for n in range(5)))
    write_workbook(path, rows, sheet="Leads", rows_per_sheet=2)
    with zipfile.ZipFile(path) as packed:
        assert re.findall(r'<sheet name="([^"]+)"', packed.read("xl/workbook.xml").decode()) == [
            "Leads",
            "Leads 2",
            "Leads 3",
        ]
    assert "domain" in sheet_xml(path, 3)
    assert "firma-4.example" in sheet_xml(path, 3)


def test_a_full_sheet_alone_has_no_empty_one_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, iter([("domain",), ("a.example",), ("b.example",)]), sheet="Leads", rows_per_sheet=2)
    with zipfile.ZipFile(path) as packed:
        assert [name for name in packed.namelist() if "worksheets/sheet" in name] == ["xl/worksheets/sheet1.xml"]


def test_a_workbook_without_rows_has_its_header(tmp_path: Path) -> None:
    assert [row.cells for row in read_rows(saved(tmp_path / "a.xlsx", xlsx_chunks([HEADER])))] == [HEADER]


def test_what_a_cell_cannot_hold_does_not_stop_the_export(tmp_path: Path) -> None:
    rows = [HEADER, ("a.example", "x" * 40_000, "a\ud800b\x00c\x0bd"), ("b.example",)]
    read = list(read_rows(saved(tmp_path / "a.xlsx", xlsx_chunks(rows))))
    assert len(read[1].cells[1]) == 32_767
    assert read[1].cells[2].startswith("a?b")
    assert read[2].cells == ("b.example",)


def test_our_csv_is_read_by_our_reader(tmp_path: Path) -> None:
    rows = [HEADER, ("a.example", "Çınar; Döküm\n2. satır", "=1"), ("b.example", None, None)]
    path = saved(tmp_path / "a.csv", csv_chunks(rows, separator=";"))
    assert [row.cells for row in read_rows(path)] == [
        HEADER,
        ("a.example", "Çınar; Döküm\n2. satır", "'=1"),
        ("b.example",),
    ]


def test_nothing_is_left_behind_when_an_export_is_left_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    chunks = xlsx_chunks([HEADER, ("a.example",)])
    assert next(chunks).startswith(b"PK")
    assert len(list(tmp_path.iterdir())) == 1
    chunks.close()
    assert list(tmp_path.iterdir()) == []

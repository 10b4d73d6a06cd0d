"""CSV as the world writes it: encodings, separators, quotes, broken lines; each read by a real child process."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from hunter.core.table_rows import TableRow
from hunter.documents.errors import TooLargeFile, UnreadableFile
from hunter.documents.limits import FileLimits
from hunter.documents.read_file import open_stream, open_table, read_rows
from tests.support import spreadsheets

TEXT = "Firma;Web\r\nÇınar Döküm İğne Ş.;cinar.example\r\nMeşe Ağaç Ürünleri;mese.example\r\n"
ROWS = [
    TableRow(1, ("Firma", "Web")),
    TableRow(2, ("Çınar Döküm İğne Ş.", "cinar.example")),
    TableRow(3, ("Meşe Ağaç Ürünleri", "mese.example")),
]


def saved(folder: Path, content: bytes | str) -> Path:
    path = folder / "liste.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(folder: Path, content: bytes | str) -> list[TableRow]:
    return list(read_rows(saved(folder, content)))


def refusal(path: Path, limits: FileLimits) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        list(read_rows(path, limits=limits))
    return caught.value


@pytest.mark.parametrize(
    ("codec", "decided"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1254", "cp1254"),
    ],
)
def test_the_encoding_is_decided_by_evidence(tmp_path: Path, codec: str, decided: str) -> None:
    with open_table(saved(tmp_path, TEXT.encode(codec))) as table:
        assert (table.encoding, table.separator) == (decided, ";")
        assert list(table.rows) == ROWS


def test_utf_16_with_the_other_byte_order_mark(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"\xfe\xff" + TEXT.encode("utf-16-be")) == ROWS


def test_iso_8859_9_has_the_same_letters(tmp_path: Path) -> None:
    assert rows_of(tmp_path, TEXT.encode("iso8859-9")) == ROWS


def test_windows_punctuation_is_read(tmp_path: Path) -> None:
    read = rows_of(tmp_path, "Firma;Web\n“Çınar” – Döküm… €;cinar.example\n".encode("cp1254"))
    assert read[1].cells[0] == "“Çınar” – Döküm… €"


def test_a_damaged_character_does_not_turn_utf_8_into_another_encoding(tmp_path: Path) -> None:
    content = ("Firma;Web\n" + "Çınar Döküm Şişe;cinar.example\n" * 50).encode() + b"Me\xffe;mese.example\n"
    read = rows_of(tmp_path, content)
    assert read[1].cells[0] == "Çınar Döküm Şişe"
    assert read[-1] == TableRow(52, ("Me\ufffde", "mese.example"))


def test_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "Web\n".encode("utf-16") + b"\x00\xd8a\x00.\x00\n\x00")[1].cells == ("\ufffda.",)
    many = "Çınar;a.example\n" * 50
    assert rows_of(tmp_path, many.encode() + b"x\xed\xa0\x80;b.example\n")[-1].cells == (
        "x\ufffd\ufffd\ufffd",
        "b.example",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    with open_table(saved(tmp_path, TEXT.replace(";", separator))) as table:
        assert table.separator == separator
        assert list(table.rows) == ROWS


def test_commas_in_addresses_do_not_win_over_semicolons(tmp_path: Path) -> None:
    lines = "".join(f"Firma {number};Cadde No {number}, Kat 2, Bursa;f{number}.example\n" for number in range(30))
    with open_table(saved(tmp_path, "Firma;Adres;Web\n" + lines)) as table:
        assert table.separator == ";"


def test_the_line_by_which_excel_names_the_separator_is_no_row(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "sep=|\r\nWeb|Firma, Ltd\r\na.example|Çınar, Döküm\r\n") == [
        TableRow(1, ("Web", "Firma, Ltd")),
        TableRow(2, ("a.example", "Çınar, Döküm")),
    ]


def test_one_column_needs_no_separator(tmp_path: Path) -> None:
    with open_table(saved(tmp_path, "domain\na.example\nb.example\n")) as table:
        assert table.separator == ""
        assert [row.cells for row in table.rows] == [("domain",), ("a.example",), ("b.example",)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_excel_does(tmp_path: Path, line_end: str) -> None:
    """A cell of three lines is one row, an empty line is a row too."""
    lines = ["Firma;Web", '"Çınar', "Döküm", 'A.Ş.";cinar.example', "", ";", "Meşe;mese.example"]
    read = rows_of(tmp_path, line_end.join(lines))
    assert [row.number for row in read] == [1, 2, 5]
    assert read[1].cells[0].split() == ["Çınar", "Döküm", "A.Ş."]


def test_ragged_rows_are_kept_as_they_are(tmp_path: Path) -> None:
    read = rows_of(tmp_path, "a;b;c\n1\n1;2;3;4;5\n;2\n1;2;3\n")
    assert [row.cells for row in read] == [
        ("a", "b", "c"),
        ("1",),
        ("1", "2", "3", "4", "5"),
        ("", "2"),
        ("1", "2", "3"),
    ]


def test_a_row_with_nul_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    read = rows_of(tmp_path, b"Firma;Web\nC\0inar;cinar.example\n" + b"Mese;mese.example\n" * 30)
    assert read[1] == TableRow(2, ("C inar", "cinar.example"), "row_has_nul")
    assert len(read) == 32


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path) -> None:
    content = 'Firma;Web\n"Çınar;cinar.example\n' + "".join(f"F{n};f{n}.example\n" for n in range(5_000))
    read = rows_of(tmp_path, content)
    assert read[1] == TableRow(2, ('"Çınar;cinar.example',), "quote_not_closed")
    assert read[2] == TableRow(3, ("F0", "f0.example"))
    assert read[-1] == TableRow(5_002, ("F4999", "f4999.example"))


def test_a_quote_open_at_the_end_gives_back_what_it_swallowed(tmp_path: Path) -> None:
    read = rows_of(tmp_path, 'Firma;Web\nA;a.example\n"B;b.example\nC;c.example\n')
    assert read[2:] == [TableRow(3, ('"B;b.example',), "quote_not_closed"), TableRow(4, ("C", "c.example"))]


def test_a_cell_and_a_line_beyond_all_measure_are_named(tmp_path: Path) -> None:
    content = f"Firma;Web\n{'x' * 40_000};a.example\n{'y ' * 900_000}\nC;c.example\n"
    assert [(row.number, row.problem) for row in rows_of(tmp_path, content)] == [
        (1, ""),
        (2, "cell_too_long"),
        (3, "row_too_long"),
        (4, ""),
    ]


def test_formulas_come_in_as_text(tmp_path: Path) -> None:
    read = rows_of(tmp_path, 'Firma;Web\n"=HYPERLINK(""http://x.example"";""Çınar"")";cinar.example\n')
    assert read[1].cells[0] == '=HYPERLINK("http://x.example";"Çınar")'


@pytest.mark.parametrize("cells", [1_001, 1_000_000])
def test_too_many_columns_are_refused_with_their_number(tmp_path: Path, cells: int) -> None:
    error = refusal(saved(tmp_path, "Web;Firma\n" + ";".join(["abc"] * cells) + "\n"), FileLimits())
    assert (error.problem, dict(error.facts)) == ("too_many_columns", {"limit": 1_000, "found": cells})


def test_too_many_rows_are_refused_before_the_first_is_given(tmp_path: Path) -> None:
    path = saved(tmp_path, "Web\n" + "a.example\n\n" * 21)
    error = refusal(path, replace(FileLimits(), csv_rows=20))
    assert isinstance(error, TooLargeFile)
    assert (error.problem, dict(error.facts)) == ("too_many_rows", {"limit": 20, "found": 21})
    assert len(list(read_rows(path, limits=replace(FileLimits(), csv_rows=21)))) == 22


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    assert refusal(saved(tmp_path, content), FileLimits()).problem == "not_text"


def test_lines_of_a_turkish_windows_pasted_into_utf_8_keep_their_letters(tmp_path: Path) -> None:
    content = ("Çınar Döküm;cinar.example\n" * 40).encode() + "Işık Şişe Çığ;isik.example\n".encode("cp1254")
    assert rows_of(tmp_path, content)[-1].cells[0] == "Işık Şişe Çığ"


def test_remarks_among_plain_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    read = rows_of(tmp_path, "# OSB listesi\na.example\n\n  # kalanlar\n b.example \n")
    assert [(row.number, row.cells[0].strip()) for row in read] == [(2, "a.example"), (5, "b.example")]


def test_a_table_may_have_a_column_of_numbers_headed_so(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "#;Web\n1;a.example\n")[0] == TableRow(1, ("#", "Web"))


def test_a_line_of_ten_megabytes_is_skipped_and_the_rest_is_read(tmp_path: Path) -> None:
    read = rows_of(tmp_path, b"x" * 10_000_000 + b"\na.example\n")
    assert [(row.number, row.problem) for row in read] == [(1, "row_too_long"), (2, "")]


@pytest.mark.parametrize("name", ["liste.txt", "liste", "firmalar.lst"])
def test_plain_lines_may_be_called_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a.example\nb.example\n", encoding="utf-8")
    assert [row.cells for row in read_rows(tmp_path / name)] == [("a.example",), ("b.example",)]


def test_a_pipe_is_a_list_whatever_it_holds(tmp_path: Path) -> None:
    for content in (TEXT.encode(), spreadsheets.xlsx({"Liste": [row.cells for row in ROWS]})):
        with open_stream(BytesIO(content), name="-") as table:
            assert list(table.rows) == ROWS


def test_a_pipe_of_no_text_is_refused_before_it_has_ended() -> None:
    with (
        Path("/dev/zero").open("rb") as endless,
        pytest.raises(UnreadableFile) as caught,
        open_stream(endless, name="-"),
    ):
        pass
    assert caught.value.problem == "not_text"


def test_a_pipe_beyond_the_size_is_refused_while_it_is_taken() -> None:
    content = BytesIO(b"a.example\n" * 200_000)
    with pytest.raises(TooLargeFile), open_stream(content, name="-", limits=replace(FileLimits(), file_bytes=1 << 20)):
        pass


def test_a_csv_has_no_sheets(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught, open_table(saved(tmp_path, TEXT), sheet="2"):
        pass
    assert caught.value.problem == "no_sheets"

"""A list from its file to its candidates: child process, columns, rows and report together."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hunter.core.names.domain_name import is_valid_domain
from hunter.documents.errors import TooLargeFile, UnreadableFile
from hunter.documents.limits import FileLimits
from hunter.documents.read_file import open_table, read_rows
from hunter.documents.tables import read_csv
from hunter.services.lists.candidates import Candidate, IngestReport
from hunter.services.lists.columns import NoDomainColumn
from hunter.services.lists.intake import EmptyList, IngestOptions, ListIntake, check_list, ingest_list
from hunter.services.lists.words import row_error_texts
from tests.support import spreadsheets
from tests.support.words import shipped_rules, wording

DETECT = IngestOptions(auto_detect_columns=True)
CSV_LETTERS = 'ab.@;,"\n\r\0ışĞ=\t|'
ROWS = [
    ("ÖRNEK ORGANİZE SANAYİ BÖLGESİ",),
    (),
    ("No", "FİRMA ÜNVANI", "ADRES", "E-POSTA", "WEB ADRESİ"),
    ("1", "Çınar Döküm", "1. Cad. No: 5", "bilgi@cinar.example", "www.cinar.example"),
    ("2", "Meşe Makina", "2. Cad.\nNo: 7", "mese@gmail.com", "MESE.EXAMPLE, mese.com.example"),
    ("3", "Ladin Ağaç", "3. Cad.", "ladin@gmail.com", "yok"),
    ("4", "Çınar Şube", "1. Cad.", "", "http://www.cinar.example/sube"),
    ("5", "Ardıç Tekstil", "4. Cad.", "info@ardic.example", "https://www.facebook.com/ardic"),
]


class Kept:
    """A sink that remembers what it was given."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []

    async def store(self, batch: Sequence[Candidate], /) -> tuple[str, ...]:
        self.candidates += batch
        return ()


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)


FILES = {
    "liste.xlsx": spreadsheets.xlsx({"Liste": ROWS}),
    "liste.xls": spreadsheets.xls(ROWS),
    "liste.ods": spreadsheets.ods(ROWS),
    "liste.csv": csv_text(ROWS).encode("cp1254"),
}


def report_of(path: Path) -> IngestReport:
    with open_table(path) as table:
        intake = ListIntake(table.rows, shipped_rules(), DETECT)
        check_list(intake)
    return intake.report()


@pytest.mark.parametrize("name", FILES)
async def test_one_list_gives_the_same_companies_in_every_form(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    sink = Kept()
    with open_table(path) as table:
        intake = ListIntake(table.rows, shipped_rules(), DETECT)
        await ingest_list(intake, sink)
        report = intake.report()
    assert [(one.row, one.domain, one.company_name, one.is_repeat) for one in sink.candidates] == [
        (4, "cinar.example", "Çınar Döküm", False),
        (5, "mese.example", "Meşe Makina", False),
        (5, "mese.com.example", "Meşe Makina", False),
        (7, "cinar.example", "Çınar Şube", True),
        (8, "ardic.example", "Ardıç Tekstil", False),
    ]
    assert (report.total_rows, report.accepted, report.repeated, report.refused) == (5, 4, 1, 1)
    assert row_error_texts(report, wording()) == [
        'Satır 6: "ladin@gmail.com" kişisel posta alanı, firma değil. Firmanın kendi alan adını verin.'
    ]


def test_a_list_of_a_header_alone_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("domain;company_name\n", encoding="utf-8")
    with open_table(path) as table, pytest.raises(EmptyList):
        ListIntake(table.rows, shipped_rules())


async def test_what_was_stored_stays_when_the_file_breaks_later(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("domain\n" + "".join(f"f{n}.example\n" for n in range(60_000)), encoding="utf-8")
    limits = FileLimits()
    sink = Kept()
    tight = replace(limits, child=replace(limits.child, output_bytes=600_000))
    with pytest.raises(TooLargeFile), open_table(path, limits=tight) as table:
        await ingest_list(ListIntake(table.rows, shipped_rules()), sink)
    assert 1_000 <= len(sink.candidates) < 60_000
    assert sink.candidates[0].domain == "f0.example"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=400), st.text(alphabet=CSV_LETTERS, max_size=400).map(str.encode)))
def test_any_bytes_called_csv_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """The child's part alone, in this process: a process for each example would take minutes."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        about, *batches = read_csv({"path": str(path), "rows": 100, "columns": 20})
    except UnreadableFile:
        return
    numbers = [number for batch in batches for number, _, _ in batch]
    assert numbers == sorted(set(numbers))
    assert all(cell.strip() for batch in batches for _, problem, cells in batch if not problem for cell in cells[-1:])
    assert about["separator"] in {"", ";", ",", "\t", "|"}


def test_a_container_whose_note_of_its_kind_is_packed_wrongly_is_damaged(tmp_path: Path) -> None:
    content = bytearray(FILES["liste.ods"])
    with ZipFile(BytesIO(bytes(content))) as packed:
        note = packed.getinfo("mimetype")
        start = note.header_offset + len(note.FileHeader())
    content[start : start + note.compress_size] = b"\xff" * note.compress_size
    path = tmp_path / "liste.ods"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as raised:
        list(read_rows(path))
    assert raised.value.problem == "damaged"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(min_value=4), byte=st.integers(min_value=0, max_value=255), kind=st.sampled_from(list(FILES)))
def test_a_changed_byte_never_gives_more_than_a_refusal(tmp_path: Path, at: int, byte: int, kind: str) -> None:
    content = bytearray(FILES[kind])
    content[at % len(content)] = byte
    path = tmp_path / kind
    path.write_bytes(content)
    try:
        rows = list(read_rows(path))
        candidates = [one for batch in ListIntake(rows, shipped_rules(), DETECT).batches() for one in batch]
    except (UnreadableFile, NoDomainColumn, EmptyList):
        return
    assert all(is_valid_domain(one.domain) for one in candidates)

"""Spreadsheet files for tests, written byte by byte where no library writes them: xls, ods, encrypted and harmful ones.

In: rows of texts. Out: bytes of a file. Formats: MS-CFB, MS-XLS 2.4, OpenDocument 1.2, ECMA-376.
"""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[str]]

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
#: Shorter streams would have to lie in the small sectors of a compound file.
_LEAST_STREAM = 4096
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(sheets: Mapping[str, Rows], *, hidden: Sequence[str] = ()) -> bytes:
    """Return a workbook with these sheets; empty texts are no cells."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for name, rows in sheets.items():
            page = workbook.add_worksheet(name)
            if name in hidden:
                page.hide()
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        page.write_string(at, column, text)
    return file.getvalue()


def xls(rows: Rows, *, is_encrypted: bool = False) -> bytes:
    """Return a workbook of Excel 97 with one sheet; an encrypted one says so and holds nothing readable."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    name = "Liste"
    front = _record(0x0809, bof) + (_record(0x002F, b"\1\0" + bytes(52)) if is_encrypted else b"")
    after = _record(0x000A, b"")
    start = len(front) + 4 + 8 + len(name) + len(after)
    sheet = struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name.encode("latin-1")
    cells = b"".join(
        _record(0x0204, struct.pack("<HHHHB", at, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    )
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)) + cells + after
    return compound_file({"Workbook": front + _record(0x0085, sheet) + after + page})


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def encrypted_xlsx() -> bytes:
    """Return what Excel writes for a workbook with a password: a compound file with an encrypted package."""
    return compound_file({"EncryptionInfo": b"\4\0\4\0" + bytes(64), "EncryptedPackage": bytes(range(256)) * 20})


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file (version 3) with these streams below its root."""
    padded = {name: content.ljust(_LEAST_STREAM, b"\0") for name, content in streams.items()}
    chains = [-(-len(content) // _SECTOR) for content in padded.values()]
    directory_sectors = -(-(len(streams) + 1) // 4)
    starts, table = [], [_FAT, *_chain(1, directory_sectors)]
    for length in chains:
        starts.append(len(table))
        table += _chain(len(table), length)
    assert len(table) <= _SECTOR // 4, "one sector of the table is enough for tests"
    table += [_FREE] * (_SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, child=1)]
    for at, (name, content) in enumerate(padded.items(), start=1):
        right = at + 1 if at < len(padded) else _FREE
        entries.append(_entry(name, 2, right=right, start=starts[at - 1], size=len(content)))
    directory = b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0")
    body = b"".join(content + bytes(-len(content) % _SECTOR) for content in padded.values())
    return _cfb_header() + struct.pack(f"<{len(table)}I", *table) + directory + body


def _chain(first: int, length: int) -> list[int]:
    return [*range(first + 1, first + length), _END]


def _cfb_header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST_STREAM, _END, 0, _END, 0)
    return head + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    front = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, right, child)
    return front + bytes(36) + struct.pack("<IQ", start, size)


def ods(rows: Rows, *, repeated_rows: int = 1) -> bytes:
    """Return an OpenDocument spreadsheet; the last row may stand for many."""
    lines = ["<table:table-row>" + "".join(_ods_cell(text) for text in row) + "</table:table-row>" for row in rows]
    lines[-1] = lines[-1].replace(
        "<table:table-row>", f'<table:table-row table:number-rows-repeated="{repeated_rows}">'
    )
    spaces = " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Liste">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": _ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def xlsx_with_cells(cells: Mapping[str, str], *, strings: str = "") -> bytes:
    """Return a workbook with cells at any address, also where Excel has none; `strings` becomes its shared strings."""
    rows: dict[int, str] = {}
    for address, text in cells.items():
        number = int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        cell = f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        rows[number] = rows.get(number, "") + cell
    lines = "".join(f'<row r="{number}">{content}</row>' for number, content in sorted(rows.items()))
    return xlsx_parts(f"<sheetData>{lines}</sheetData>", strings=strings)


def xlsx_parts(sheet: str, *, strings: str = "") -> bytes:
    """Return a workbook whose sheet holds this XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet_of = f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
    strings_of = f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}">{sheet_of}{strings_of}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    }
    return packed(parts)


def packed(parts: Mapping[str, str]) -> bytes:
    """Return a ZIP file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()

"""The type of a file: its suffix says it, its content must not contradict. Text may have any name of its own.

In: the name and the first bytes, for containers the list of their parts. Out: a `FileType`, or an `UnreadableFile`.
"""

import zipfile
import zlib
from enum import StrEnum
from lzma import LZMAError
from pathlib import Path
from typing import Final, assert_never

from hunter.documents.dialect import EncodingJudge, NotText
from hunter.documents.errors import UnreadableFile, file_error
from hunter.documents.limits import FileLimits

HEAD_BYTES: Final = 8 * 1024
ZIP: Final = b"PK\x03\x04"
#: Compound File Binary: the container of .xls, and of encrypted .xlsx (MS-CFB §2.2, MS-OFFCRYPTO §2.3).
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of streams as a compound file's directory writes them.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_BOOK: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
#: A plain workbook stream of Excel 2 to 4, without a container.
_OLD_BIFF: Final = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
#: What opening a damaged container comes to, whichever way of packing its parts name.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, LZMAError, ValueError, OSError, RuntimeError, EOFError)
_NAMED: Final = {
    b"%PDF": "PDF",
    ZIP: "ZIP",
    COMPOUND: "XLS",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"{\\rtf": "RTF",
    b"MZ": "EXE",
    b"\x7fELF": "EXE",
}
_HTML: Final = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<style")
_XML: Final = b"<?xml"
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
#: More parts than any workbook has; the directory alone would take memory.
_MOST_PARTS: Final = 10_000


class FileType(StrEnum):
    """The types that we read."""

    CSV = "csv"
    #: Plain lines; in the end a CSV, too.
    TEXT = "txt"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


def type_of(name: str, head: bytes) -> FileType:
    """Return the type by the suffix; raises `UnknownFileType` for another one, unless the content is text.

    What has no suffix at all, such as a pipe, is what its content says.
    """
    suffix = Path(name).suffix.lower().removeprefix(".")
    if suffix in set(FileType):
        return FileType(suffix)
    seen = _recognised(head)
    if not seen and _is_text(head):
        return FileType.TEXT
    if not suffix and seen == "ZIP":
        # A document of the OpenDocument family begins with the part that says its kind (ODF 1.2 part 3, 3.3).
        return FileType.ODS if head[30:38] == b"mimetype" else FileType.XLSX
    if not suffix and seen == "XLS":
        return FileType.XLS
    raise file_error("unknown_type", {"suffix": suffix}) if suffix else UnreadableFile("not_text")


def _is_text(head: bytes) -> bool:
    judge = EncodingJudge()
    judge.take(head)
    try:
        judge.encoding()
    except NotText:
        return False
    return True


def check_content(path: Path, head: bytes, kind: FileType, limits: FileLimits) -> None:
    """Raise `UnreadableFile` where the content is not what the suffix says, is encrypted or expands too far."""
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty")
    match kind:
        case FileType.CSV | FileType.TEXT:
            _refuse_other(head, kind)
        case FileType.XLSX | FileType.ODS:
            _check_packed(path, head, kind, limits)
        case FileType.XLS:
            _check_compound(path, head)
        case _:
            assert_never(kind)


def _refuse_other(head: bytes, kind: FileType) -> None:
    """Refuse what is recognised as something else."""
    seen = _recognised(head)
    if seen:
        raise UnreadableFile("other_content", {"type": kind, "seen": seen})


def _recognised(head: bytes) -> str:
    """Name what a file is by its first bytes; empty for what may be text."""
    for magic, name in _NAMED.items():
        if head.startswith(magic):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_HTML) or (start.startswith(_XML) and b"<html" in start):
        return "HTML"
    return "XML" if start.startswith(_XML) else ""


def _check_packed(path: Path, head: bytes, kind: FileType, limits: FileLimits) -> None:
    if head.startswith(COMPOUND):
        if _ENCRYPTED in path.read_bytes():
            raise UnreadableFile("password")
        raise UnreadableFile("other_content", {"type": kind, "seen": "XLS"})
    if not head.startswith(ZIP):
        raise UnreadableFile("other_content", {"type": kind, "seen": _recognised(head) or "TXT"})
    parts = _parts(path)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise file_error("expands", {"limit": limits.unpacked_bytes >> 20})
    names = {part.filename for part in parts}
    seen = _packed_type(path, names)
    if seen != kind:
        raise UnreadableFile("other_content", {"type": kind, "seen": seen.upper()})


def _parts(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.infolist()
    except _DAMAGED as error:
        raise UnreadableFile("damaged") from error


def _packed_type(path: Path, names: set[str]) -> str:
    if "content.xml" in names:
        return "ods" if _mimetype(path, names) == _ODS else "odt"
    lowered = {name.lower().lstrip("/") for name in names}
    if "xl/workbook.bin" in lowered:
        return "xlsb"
    if any(name.startswith("xl/") for name in lowered):
        return "xlsx"
    return "docx" if any(name.startswith("word/") for name in lowered) else "zip"


def _mimetype(path: Path, names: set[str]) -> str:
    """Read what a document of the OpenDocument family says of itself; without the note, one is taken at its suffix."""
    if "mimetype" not in names:
        return _ODS
    try:
        with zipfile.ZipFile(path) as packed, packed.open("mimetype") as part:
            said = part.read(100).decode("ascii", "replace").strip()
    except _DAMAGED as error:
        raise UnreadableFile("damaged") from error
    return said.removesuffix("-template")


def _check_compound(path: Path, head: bytes) -> None:
    if head.startswith(COMPOUND):
        content = path.read_bytes()
        if _ENCRYPTED in content:
            raise UnreadableFile("password")
        if not any(stream in content for stream in _BOOK):
            raise UnreadableFile("other_content", {"type": FileType.XLS, "seen": "OLE"})
    elif not head.startswith(_OLD_BIFF):
        seen = "XLSX" if head.startswith(ZIP) else _recognised(head) or "TXT"
        raise UnreadableFile("other_content", {"type": FileType.XLS, "seen": seen})

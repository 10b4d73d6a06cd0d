"""A BIN file of IP2Location or IP2Proxy: rows sorted by their first address, with pointers to texts.

In: a path and the wanted columns. Out: their texts by address. The layout is the vendor's: a header of 32 bytes; places
counted from 1; rows of 32-bit words, least byte first; per address family an index by the upper 16 bits. Memory-mapped
and read without a position, so it is safe to read from many threads.
"""

import mmap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from struct import Struct
from struct import error as StructError
from typing import Final

from hunter.collectors.network.address import Address
from hunter.collectors.network.address_file import AddressFileUnusable, FileContent, FileState

_HEADER: Final = Struct("<5B6I2B")
_WORD: Final = Struct("<I")
_BOUNDS: Final = Struct("<2I")
_WIDE: Final = 16
_INDEX_BYTES: Final = 65_536 * 8
#: Files from 2021 on say which product they are; older ones say 0.
_OLDEST_WITH_PRODUCT: Final = 21
#: Texts that stand where a file knows nothing, in lower case; the longest are sentences of the vendor's libraries.
_NOTHING: Final = frozenset({"", "-", "n/a", "not supported", "unknown", "invalid ip address"})
_UNAVAILABLE: Final = "this parameter is unavailable"
_MOST_TEXTS: Final = 200_000


@dataclass(frozen=True, slots=True)
class BinLayout:
    """One product: its number in the header, and in which column each field stands, by the number of the edition."""

    name: str
    product: int
    #: Field -> column of each edition from 1 on, columns counted from 1; 0 where the edition lacks it.
    columns: dict[str, tuple[int, ...]]

    @property
    def editions(self) -> int:
        """How many editions there are."""
        return max(map(len, self.columns.values()))


@dataclass(frozen=True, slots=True)
class _Family:
    """The rows of one address family."""

    first: int
    count: int
    row_bytes: int
    #: Bytes of the address at the beginning of a row.
    address_bytes: int
    index: int
    #: Bits by which an address is shifted to find its place in the index.
    shift: int


class BinFile:
    """An open file. Raises `AddressFileUnusable` when made, and by `get` when it turns out to be broken."""

    def __init__(self, path: Path, layout: BinLayout) -> None:
        self._name = path.name
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header = _HEADER.unpack_from(self._bytes)
        except (OSError, ValueError, StructError) as error:
            raise AddressFileUnusable(path.name, FileState.DAMAGED, f"is no whole BIN file: {error}") from error
        edition, columns, year, month, day = header[:5]
        self._check(layout, edition, columns, product=header[11] if year >= _OLDEST_WITH_PRODUCT else 0)
        self._ipv4 = self._family(header[5], header[6], columns, index=header[9])
        self._ipv6 = self._family(header[7], header[8], columns, index=header[10], is_wide=True)
        #: Byte of each wanted field after the address, in the layout's order; -1 where the edition lacks it.
        self._offsets = tuple(
            4 * (places[edition - 1] - 2) if places[edition - 1] else -1 for places in _places(layout)
        )
        self._texts: dict[int, str | None] = {}
        built = _date(2000 + year, month, day)
        self.content = FileContent(f"{layout.name}{edition}", built, header[5] + header[7], bool(header[7]))

    def get(self, address: Address) -> tuple[str | None, ...] | None:
        """Return the texts of the wanted fields in the layout's order; None where no row holds the address."""
        family = self._ipv6 if address.is_ipv6 else self._ipv4
        if not family.count:
            return None
        try:
            row = self._find(address.number, family)
            if row is None:
                return None
            return tuple([None if offset < 0 else self._text(row + offset) for offset in self._offsets])
        except (StructError, IndexError) as error:
            raise AddressFileUnusable(self._name, FileState.DAMAGED, f"is damaged inside: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def _check(self, layout: BinLayout, edition: int, columns: int, *, product: int) -> None:
        if self._bytes[:2] == b"PK":
            raise AddressFileUnusable(self._name, FileState.WRONG_KIND, "is a ZIP archive: unpack it first")
        if product not in (0, layout.product):
            raise AddressFileUnusable(self._name, FileState.WRONG_KIND, f"is no file of {layout.name}")
        if not 0 < edition <= layout.editions or columns < max(places[edition - 1] for places in _places(layout)):
            raise AddressFileUnusable(self._name, FileState.DAMAGED, "has a header that makes no sense")

    def _family(self, count: int, first: int, columns: int, *, index: int, is_wide: bool = False) -> _Family:
        address_bytes = _WIDE if is_wide else 4
        row_bytes = address_bytes + 4 * (columns - 1)
        end = max(first - 1 + count * row_bytes, index - 1 + _INDEX_BYTES if index else 0)
        if count and (first <= _HEADER.size or end > len(self._bytes)):
            raise AddressFileUnusable(self._name, FileState.DAMAGED, "is cut short")
        return _Family(first - 1, count, row_bytes, address_bytes, index - 1, 112 if is_wide else 16)

    def _find(self, number: int, family: _Family) -> int | None:
        """Return where the pointers of the row begin that holds an address."""
        low, high = 0, family.count - 1
        if family.index >= 0:
            low, high = _BOUNDS.unpack_from(self._bytes, family.index + 8 * (number >> family.shift))
            high = min(high, family.count - 1)
        found, width = None, family.address_bytes
        first, row_bytes, content = family.first, family.row_bytes, self._bytes
        while low <= high:
            middle = (low + high) >> 1
            at = first + middle * row_bytes
            if int.from_bytes(content[at : at + width], "little") <= number:
                found, low = at + width, middle + 1
            else:
                high = middle - 1
        return found

    def _text(self, at: int) -> str | None:
        """Return the text to which the word at a place points; None where it says that there is none."""
        (pointer,) = _WORD.unpack_from(self._bytes, at)
        try:
            return self._texts[pointer]
        except KeyError:
            pass
        length = self._bytes[pointer]
        raw = self._bytes[pointer + 1 : pointer + 1 + length]
        if len(raw) != length:
            raise IndexError("a text reaches beyond the end")
        text = _meaning(raw)
        if len(self._texts) < _MOST_TEXTS:
            self._texts[pointer] = text
        return text


def _places(layout: BinLayout) -> list[tuple[int, ...]]:
    """Return the columns of each field by edition, as long for each."""
    return [places + (0,) * (layout.editions - len(places)) for places in layout.columns.values()]


def _meaning(raw: bytes) -> str | None:
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        text = raw.decode("latin-1").strip()
    lowered = text.lower()
    return None if lowered in _NOTHING or lowered.startswith(_UNAVAILABLE) else text


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Writes BIN files as IP2Location and IP2Proxy sell them, from invented networks; the vendor's own reader judges them.

In: networks that do not overlap, each with the texts of its columns. Out: the bytes of a file: header, index, rows for
the whole address space of both families, texts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from struct import Struct
from typing import Final, NamedTuple

_HEADER: Final = Struct("<5B6I3B")
_BOUNDS: Final = Struct("<2I")
#: The header and what the vendor leaves free after it.
_HEADER_BYTES: Final = 64
_INDEX_ENTRIES: Final = 65_536
#: What stands in every column of addresses that belong to no network.
NOTHING: Final = "-"


class BinEdition(NamedTuple):
    """What stands in a file: edition, columns, and which of them, counted from 1, is the country's."""

    #: 1 for IP2Location, 2 for IP2Proxy.
    product: int
    edition: int
    columns: int
    country: int


class _Row(NamedTuple):
    first: int
    pointers: tuple[int, ...]


def write_bin(
    networks: Iterable[tuple[IPv4Network | IPv6Network, Sequence[str]]], edition: BinEdition, built_on: date
) -> bytes:
    """Return a file; each network comes with its texts from column 2 on, `-` for none."""
    texts = _Texts(edition)
    empty = texts.pointers([NOTHING] * (edition.columns - 1))
    found: tuple[list[tuple[int, int, tuple[int, ...]]], ...] = ([], [])
    for network, columns in networks:
        first, last = int(network.network_address), int(network.broadcast_address)
        found[network.version == 6].append((first, last, texts.pointers(columns)))
    ipv4, ipv6 = (_rows(sorted(rows), empty) for rows in found)
    width = 4 * (edition.columns - 1)
    first4 = _HEADER_BYTES + 2 * _INDEX_ENTRIES * _BOUNDS.size
    first6 = first4 + (len(ipv4) + 1) * (4 + width)
    base = first6 + (len(ipv6) + 1) * (16 + width)
    index6 = _HEADER_BYTES + _INDEX_ENTRIES * _BOUNDS.size
    header = _HEADER.pack(
        edition.edition, edition.columns, built_on.year - 2000, built_on.month, built_on.day,
        len(ipv4), first4 + 1, len(ipv6), first6 + 1,
        _HEADER_BYTES + 1, index6 + 1, edition.product, 0, 0,
    )  # fmt: skip
    indexes = (_index(ipv4, 16), _index(ipv6, 112))
    rows = (_packed(ipv4, 4, base), _packed(ipv6, 16, base))
    return b"".join((header.ljust(_HEADER_BYTES, b"\0"), *indexes, *rows, bytes(texts.content)))


class _Texts:
    """The texts behind the rows; a country is its code and, right behind it, its name."""

    def __init__(self, edition: BinEdition) -> None:
        self.content = bytearray()
        self._country = edition.country
        self._places: dict[tuple[bool, str], int] = {}

    def pointers(self, columns: Sequence[str]) -> tuple[int, ...]:
        """Return where the texts of a row stand, counted from the beginning of all texts."""
        return tuple(self._place(text, column == self._country) for column, text in enumerate(columns, 2))

    def _place(self, text: str, is_country: bool) -> int:
        key = (is_country, text)
        if key not in self._places:
            self._places[key] = len(self.content)
            if is_country:
                # The name begins three bytes behind the code, whatever the code is.
                self.content += (bytes([len(text)]) + text.encode()).ljust(3, b"\0")
            raw = (f"Land {text}" if is_country and text != NOTHING else text).encode()[:255]
            self.content += bytes([len(raw)]) + raw
        return self._places[key]


def _rows(found: list[tuple[int, int, tuple[int, ...]]], empty: tuple[int, ...]) -> list[_Row]:
    """Return rows for the whole space: gaps between networks say that nothing is known."""
    rows, next_free = [], 0
    for first, last, pointers in found:
        if first > next_free:
            rows.append(_Row(next_free, empty))
        rows.append(_Row(first, pointers))
        next_free = last + 1
    rows.append(_Row(next_free, empty))
    return rows


def _index(rows: list[_Row], shift: int) -> bytes:
    firsts = [row.first for row in rows]
    bounds = []
    for upper in range(_INDEX_ENTRIES):
        low = bisect_right(firsts, upper << shift) - 1
        high = bisect_right(firsts, (upper + 1 << shift) - 1) - 1
        bounds.append(_BOUNDS.pack(low, high))
    return b"".join(bounds)


def _packed(rows: list[_Row], width: int, base: int) -> bytes:
    """Return the rows, and after them the one that only says where the last row ends."""
    words = Struct(f"<{len(rows[0].pointers)}I")
    pointers = {row.pointers: b"" for row in rows}
    for one in pointers:
        pointers[one] = words.pack(*(base + place for place in one))
    parts = [row.first.to_bytes(width, "little") + pointers[row.pointers] for row in rows]
    return b"".join([*parts, b"\xff" * width + bytes(words.size)])

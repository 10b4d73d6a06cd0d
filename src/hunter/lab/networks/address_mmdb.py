"""Writes files in the MaxMind DB format, version 2.0, from invented networks: for tests, benchmarks and the demo.

In: networks that do not overlap, each with its record. Out: the bytes of a file whose tree, pointers and types are
those of real ones, so that reading it costs what reading a real one costs.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from struct import Struct
from typing import Any, Final, NamedTuple

_MARK: Final = b"\xab\xcd\xefMaxMind.com"
_SEPARATOR: Final = bytes(16)
_NODE: Final = Struct(">2I")
_POINTER: Final = Struct(">BI")
_DOUBLE: Final = Struct(">d")
_EMPTY: Final = 0
#: Depth at which the IPv4 part of the tree begins: 96 zero bits (§ IPv4 addresses in an IPv6 tree).
_IPV4_DEPTH: Final = 96
#: Shorter texts are cheaper than a pointer.
_SHORTEST_SHARED: Final = 4


class _Number(NamedTuple):
    """A number whose type the format prescribes: 5 is uint16, 9 is uint64."""

    kind: int
    value: int


def write_mmdb(
    networks: Iterable[tuple[IPv4Network | IPv6Network, dict[str, Any]]], *, database_type: str, build_epoch: int
) -> bytes:
    """Return a file that holds a record for each network."""
    tree, data = _Tree(), _Data()
    for network, record in networks:
        tree.insert(network, data.add(record))
    metadata = {
        "binary_format_major_version": _Number(5, 2),
        "binary_format_minor_version": _Number(5, 0),
        "build_epoch": _Number(9, build_epoch),
        "database_type": database_type,
        "description": {"en": "invented networks"},
        "ip_version": _Number(5, 6),
        "languages": ["en"],
        "node_count": len(tree.left),
        "record_size": _Number(5, 32),
    }
    return b"".join((tree.packed(), _SEPARATOR, bytes(data.content), _MARK, _Data(is_shared=False).encoded(metadata)))


class _Tree:
    """Nodes as two columns: 0 is nothing, a positive number a node, a negative one a place in the data."""

    def __init__(self) -> None:
        self.left = [_EMPTY]
        self.right = [_EMPTY]
        node = 0
        for _ in range(_IPV4_DEPTH):
            node = self._step(node, 0)
        self._ipv4 = node

    def insert(self, network: IPv4Network | IPv6Network, place: int) -> None:
        bits = 32 if network.version == 4 else 128
        number = int(network.network_address) >> (bits - network.prefixlen)
        node = self._ipv4 if network.version == 4 else 0
        for depth in range(network.prefixlen - 1, 0, -1):
            node = self._step(node, number >> depth & 1)
        (self.right if number & 1 else self.left)[node] = -place - 1

    def _step(self, node: int, bit: int) -> int:
        side = self.right if bit else self.left
        below = side[node]
        if below == _EMPTY:
            below = side[node] = len(self.left)
            self.left.append(_EMPTY)
            self.right.append(_EMPTY)
        return below

    def packed(self) -> bytes:
        count = len(self.left)

        def word(value: int) -> int:
            if value == _EMPTY:
                return count
            return value if value > 0 else count + len(_SEPARATOR) - value - 1

        return b"".join(_NODE.pack(word(a), word(b)) for a, b in zip(self.left, self.right, strict=True))


class _Data:
    """The data section: the same record stands there once, equal texts are pointed at."""

    def __init__(self, *, is_shared: bool = True) -> None:
        self.content = bytearray()
        self._is_shared = is_shared
        #: By identity, with the record itself, so that no other one can take its place.
        self._records: dict[int, tuple[int, dict[str, Any]]] = {}
        self._texts: dict[str, int] = {}

    def add(self, record: dict[str, Any]) -> int:
        """Return the place of a record, written when the same object was not written before."""
        known = self._records.get(id(record))
        if known is not None:
            return known[0]
        place = len(self.content)
        self._write(record)
        self._records[id(record)] = (place, record)
        return place

    def encoded(self, record: dict[str, Any]) -> bytes:
        """Return one record by itself."""
        self._write(record)
        return bytes(self.content)

    def _write(self, value: Any) -> None:
        if isinstance(value, dict):
            self._head(7, len(value))
            for key, below in value.items():
                self._text(key)
                self._write(below)
        elif isinstance(value, str):
            self._text(value)
        elif isinstance(value, list):
            self._head(11, len(value))
            for below in value:
                self._write(below)
        elif isinstance(value, bool):
            self._head(14, int(value))
        elif isinstance(value, float):
            self._head(3, 8)
            self.content += _DOUBLE.pack(value)
        elif isinstance(value, _Number):
            self._number(value)
        else:
            self._number(_Number(6, value))

    def _number(self, number: _Number) -> None:
        digits = number.value.to_bytes((number.value.bit_length() + 7) // 8, "big")
        self._head(number.kind, len(digits))
        self.content += digits

    def _text(self, text: str) -> None:
        place = self._texts.get(text)
        if place is not None:
            self.content += _POINTER.pack(0b00111000, place)
            return
        raw = text.encode()
        if self._is_shared and len(raw) >= _SHORTEST_SHARED:
            self._texts[text] = len(self.content)
        self._head(2, len(raw))
        self.content += raw

    def _head(self, kind: int, size: int) -> None:
        extended = kind > 7
        first, rest = (size, b"") if size < 29 else (29, bytes([size - 29])) if size < 285 else _long(size)
        self.content.append((0 if extended else kind << 5) | first)
        if extended:
            self.content.append(kind - 7)
        self.content += rest


def _long(size: int) -> tuple[int, bytes]:
    return 30, (size - 285).to_bytes(2, "big")

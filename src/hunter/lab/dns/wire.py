"""Pieces of DNS messages on the wire (RFC 1035 §3.1, §4): type numbers, names, and a writer of records.

In come names as text and records as bytes; out come the record sections of a message, names compressed (§4.1.4).
"""

import unicodedata
from collections.abc import Iterator
from struct import pack
from typing import Final

import dns.exception
import dns.name

from hunter.lab.errors import InvalidRecord

A: Final = 1
NS: Final = 2
CNAME: Final = 5
SOA: Final = 6
PTR: Final = 12
MX: Final = 15
TXT: Final = 16
AAAA: Final = 28
SRV: Final = 33
OPT: Final = 41
CLASS_IN: Final = b"\x00\x01"

NOERROR: Final = 0
FORMERR: Final = 1
SERVFAIL: Final = 2
NXDOMAIN: Final = 3
NOTIMP: Final = 4
REFUSED: Final = 5
BADVERS: Final = 16

#: Largest UDP answer that we send and advertise (the size that DNS flag day 2020 settled on).
EDNS_SIZE: Final = 1232
#: Largest UDP answer for a client without EDNS (RFC 1035 §4.2.1).
PLAIN_SIZE: Final = 512
#: Largest message by TCP: its length travels in two bytes (RFC 1035 §4.2.2).
TCP_SIZE: Final = 65535

#: The root name.
ROOT: Final = b"\x00"
#: Size of the header, and so the offset of the question's name.
HEADER_SIZE: Final = 12

# Where in the rdata of a type its one name begins. Only the types of RFC 1035 may be compressed (RFC 3597 §4).
_NAME_OFFSETS: Final = {NS: 0, CNAME: 0, PTR: 0, MX: 2}
_LAST_POINTABLE: Final = 0x3FFF


def name_to_wire(text: str) -> bytes:
    """Return a dotted name in wire form, letters as they are; other alphabets become A-labels (RFC 5891).

    A trailing dot changes nothing: every name is absolute. Raises `InvalidRecord`.
    """
    if "\\" in text:
        return _escaped_name_to_wire(text)
    if not text.isascii():
        text = to_ascii(text)
    wire = bytearray()
    for label in text.removesuffix(".").encode("ascii").split(b"."):
        if not 0 < len(label) < 64:
            if text in ("", "."):
                return ROOT
            raise InvalidRecord(f"{text!r} is no domain name: a label is empty or longer than 63 bytes")
        wire.append(len(label))
        wire += label
    wire.append(0)
    if len(wire) > 255:
        raise InvalidRecord(f"{text!r} is no domain name: it is longer than 255 bytes")
    return bytes(wire)


def _escaped_name_to_wire(text: str) -> bytes:
    try:
        return dns.name.from_text(text).to_wire() or ROOT
    except dns.exception.DNSException as error:
        raise InvalidRecord(f"{text!r} is no domain name: {error}") from error


def to_ascii(text: str) -> str:
    """Return the name with its non-ASCII labels as A-labels, lower case in the Turkish-safe way (`İ` becomes `i`)."""
    lowered = unicodedata.normalize("NFC", text.replace("İ", "i").lower())
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in lowered.split(".")
    )


def name_to_text(wire: bytes) -> str:
    """Return a wire name as dotted text without the trailing dot, special characters escaped; `.` for the root."""
    return dns.name.from_wire(wire, 0)[0].to_text(omit_final_dot=True)


def ancestors(name: bytes) -> Iterator[bytes]:
    """Yield the names above `name`, nearest first, the root left out."""
    start = 1 + name[0]
    while start < len(name) - 1:
        yield name[start:]
        start += 1 + name[start]


class SectionWriter:
    """Writes the records behind a question; names that stand there already become pointers.

    The owner of an answer thereby points at the question's name and shows the client's own upper and lower case.
    """

    def __init__(self, question_name: bytes) -> None:
        self._start = HEADER_SIZE + len(question_name) + 4
        self._out = bytearray()
        self._offsets: dict[bytes, int] = {}
        position = 0
        while question_name[position]:
            self._offsets[question_name[position:].lower()] = HEADER_SIZE + position
            position += 1 + question_name[position]

    def write_record(self, owner: bytes, rdtype: int, ttl: int, rdata: bytes) -> None:
        """Append one record of class IN; `rdata` comes uncompressed."""
        self._write_name(owner)
        self._out += pack("!H2sI", rdtype, CLASS_IN, ttl)
        length_at = len(self._out)
        self._out += b"\x00\x00"
        self._write_rdata(rdtype, rdata)
        length = len(self._out) - length_at - 2
        self._out[length_at : length_at + 2] = pack("!H", length)

    def body(self) -> bytes:
        """Return everything written so far."""
        return bytes(self._out)

    def _write_rdata(self, rdtype: int, rdata: bytes) -> None:
        if rdtype == SOA:
            boundary = _name_end(rdata, 0)
            self._write_name(rdata[:boundary])
            name_end = _name_end(rdata, boundary)
            self._write_name(rdata[boundary:name_end])
            self._out += rdata[name_end:]
            return
        name_at = _NAME_OFFSETS.get(rdtype)
        if name_at is None:
            self._out += rdata
        else:
            self._out += rdata[:name_at]
            self._write_name(rdata[name_at:])

    def _write_name(self, name: bytes) -> None:
        position = 0
        while name[position]:
            rest = name[position:].lower()
            known_at = self._offsets.get(rest)
            if known_at is not None:
                self._out += pack("!H", 0xC000 | known_at)
                return
            here = self._start + len(self._out)
            if here <= _LAST_POINTABLE:
                self._offsets[rest] = here
            label_end = position + 1 + name[position]
            self._out += name[position:label_end]
            position = label_end
        self._out.append(0)


def _name_end(data: bytes, start: int) -> int:
    while data[start]:
        start += 1 + data[start]
    return start + 1

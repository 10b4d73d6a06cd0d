"""Record texts -> rdata on the wire. The usual types are written here; all others by dnspython (RFC 3597 included)."""

import socket
from collections.abc import Sequence
from struct import error as StructError
from struct import pack
from typing import Final, TypeAlias

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from hunter.lab.dns import wire
from hunter.lab.errors import InvalidRecord

#: One record as a world describes it: text, or for TXT also bytes, or the TXT strings one by one.
RecordText: TypeAlias = str | bytes | Sequence[str | bytes]

_LONGEST_STRING: Final = 255
# What is left of a TCP message when header, question, owner and fixed fields have taken their part.
_LONGEST_RDATA: Final = 65535 - 12 - 259 - 12 - 11

_USUAL_TYPES: Final = {
    "A": wire.A,
    "AAAA": wire.AAAA,
    "CNAME": wire.CNAME,
    "MX": wire.MX,
    "NS": wire.NS,
    "PTR": wire.PTR,
    "SOA": wire.SOA,
    "SRV": wire.SRV,
    "TXT": wire.TXT,
}


def type_number(name: str) -> int:
    """Return the number of a record type: `MX`, `CAA`, `TYPE65280` ... Raises `InvalidRecord`."""
    usual = _USUAL_TYPES.get(name)
    if usual is not None:
        return usual
    try:
        number = int(dns.rdatatype.from_text(name))
    except (dns.exception.DNSException, ValueError) as error:
        raise InvalidRecord(f"{name!r} is no record type") from error
    if is_question_only(number):
        raise InvalidRecord(f"{name!r} is a type for questions, no record has it")
    return number


def is_question_only(rdtype: int) -> bool:
    """Tell whether a type never names stored data: OPT, and the meta types 128 to 255 (RFC 6895 §3.1)."""
    return rdtype == wire.OPT or 128 <= rdtype <= 255 or rdtype == 0


def encode(rdtype: int, value: RecordText) -> bytes:
    """Return the rdata, names uncompressed and in the letters given. Raises `InvalidRecord`.

    For TXT a text is the value itself and is cut into strings of 255 bytes; a text that begins with `"` is read as
    quoted strings (RFC 1035 §5.1), and a list gives the strings one by one. Other types are in presentation format.
    """
    if rdtype == wire.TXT:
        return _encode_txt(value)
    if not isinstance(value, str):
        raise InvalidRecord(f"only TXT takes bytes or lists, not {_type_name(rdtype)}: {value!r}")
    try:
        return _encode_usual(rdtype, value)
    except (ValueError, OSError, StructError) as error:
        raise InvalidRecord(f"{value!r} is no record of type {_type_name(rdtype)}") from error


def _type_name(rdtype: int) -> str:
    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))


def _encode_usual(rdtype: int, text: str) -> bytes:
    match rdtype:
        case wire.A:
            return socket.inet_pton(socket.AF_INET, text)
        case wire.AAAA:
            return socket.inet_pton(socket.AF_INET6, text)
        case wire.NS | wire.CNAME | wire.PTR:
            return wire.name_to_wire(text)
        case wire.MX:
            preference, host = text.split()
            return pack("!H", int(preference)) + wire.name_to_wire(host)
        case wire.SRV:
            priority, weight, port, target = text.split()
            return pack("!3H", int(priority), int(weight), int(port)) + wire.name_to_wire(target)
        case _:
            return _encode_by_dnspython(rdtype, text)


def _encode_txt(value: RecordText) -> bytes:
    if isinstance(value, str) and value.startswith('"'):
        return _encode_by_dnspython(wire.TXT, value)
    strings = _cut(value) if isinstance(value, str | bytes) else [_to_bytes(string) for string in value]
    if any(len(string) > _LONGEST_STRING for string in strings):
        raise InvalidRecord("a TXT string is longer than 255 bytes")
    rdata = b"".join(bytes((len(string),)) + string for string in strings)
    if not rdata or len(rdata) > _LONGEST_RDATA:
        raise InvalidRecord(f"a TXT record takes 1 to {_LONGEST_RDATA} bytes, not {len(rdata)}")
    return rdata


def _cut(value: str | bytes) -> list[bytes]:
    data = _to_bytes(value)
    return [data[start : start + _LONGEST_STRING] for start in range(0, len(data) or 1, _LONGEST_STRING)]


def _to_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _encode_by_dnspython(rdtype: int, text: str) -> bytes:
    try:
        rdata = dns.rdata.from_text(
            dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), text, origin=dns.name.root, relativize=False
        )
        return rdata.to_wire() or b""
    except dns.exception.DNSException as error:
        raise InvalidRecord(f"{text!r} is no record of type {_type_name(rdtype)}: {error}") from error

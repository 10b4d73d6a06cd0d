"""DNS messages as bytes (RFC 1035 §4, RFC 6891): questions out, plain answers in.

The reader is strict and quick: it reads messages whose every record is of a kind we know (A, AAAA, NS, CNAME, MX,
TXT, SRV, SOA, an empty OPT) and raises `NotPlain` for anything else, damaged or merely unusual. `rare.py` then lets
dnspython judge. Whatever this reader gives, dnspython gives too: a differential fuzz test holds it to that.
"""

from collections.abc import Callable
from socket import AF_INET6, inet_ntoa, inet_ntop
from struct import Struct
from struct import error as StructError
from typing import Final, NamedTuple

A: Final = 1
NS: Final = 2
CNAME: Final = 5
SOA: Final = 6
MX: Final = 15
TXT: Final = 16
AAAA: Final = 28
SRV: Final = 33
OPT: Final = 41

NOERROR: Final = 0
FORMERR: Final = 1
SERVFAIL: Final = 2
NXDOMAIN: Final = 3
NOTIMP: Final = 4
REFUSED: Final = 5

#: What the reader gives for one record: text for A, AAAA, NS, CNAME; bytes for TXT; (preference, host) for MX;
#: (priority, weight, port, target) for SRV; the negative time to live in seconds for SOA. Host names are lower case
#: without the trailing dot, the root is "".
Value = str | bytes | int | tuple[int, str] | tuple[int, int, int, str]

#: Largest UDP answer we ask for: it crosses every path unfragmented (DNS Flag Day 2020).
EDNS_SIZE: Final = 1232
#: OPT pseudo-record that announces it (RFC 6891 §6.1.2): root, type 41, size, no flags, no options.
OPT_RECORD: Final = b"\x00\x00\x29" + EDNS_SIZE.to_bytes(2, "big") + b"\x00\x00\x00\x00\x00\x00"
_HEADER: Final = Struct("!HHHHH")
_RECORD: Final = Struct("!HHIH")
_PAIR: Final = Struct("!H")
_TRIPLE: Final = Struct("!HHH")
#: Flags, counts: one question, recursion desired, without and with one additional record.
_PLAIN_HEAD: Final = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
EDNS_HEAD: Final = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01"
_HEADER_SIZE: Final = 12
_MAX_TTL: Final = 0x7FFFFFFF
#: Flags AA and RA (an authority, or a resolver that went to one) and the response code.
_IS_FINAL: Final = 0x048F
#: Longest CNAME chain that is followed, as dnspython does.
_MAX_CHAIN: Final = 16


class NotPlain(Exception):
    """The message is damaged or unusual: another reader has to look at it."""


class Reading(NamedTuple):
    """What one answer says about its question. A tuple, because it is made for every packet."""

    rcode: int
    #: Records of the type asked for, at the end of the CNAME chain.
    values: tuple[Value, ...]
    #: CNAME targets in the order of the chain, kept even where the last one does not exist.
    chain: tuple[str, ...]
    #: Seconds for which the answer may be kept; 0 where nothing says so.
    ttl: int
    #: True where name servers of another zone are named instead of an answer: no "there is none".
    is_referral: bool


def encode_name(name: str) -> bytes:
    """Encode an ASCII host name; ValueError where it cannot be a name (RFC 1035 §3.1: labels 1..63, 255 in all)."""
    labels = name.encode("ascii").split(b".")
    if b"" in labels or max(map(len, labels)) > 63:
        raise ValueError(f"not a domain name: {name!r}")
    wire = b"".join([bytes((len(label),)) + label for label in labels]) + b"\x00"
    if len(wire) > 255:
        raise ValueError(f"longer than a domain name may be: {name!r}")
    return wire


def encode_type(record_type: int) -> bytes:
    """Encode type and class IN: what follows the name in a question."""
    return _PAIR.pack(record_type) + b"\x00\x01"


def message_body(question: bytes, *, with_edns: bool) -> bytes:
    """Return a query without its two id bytes; `question` is encoded name, type and class."""
    return EDNS_HEAD + question + OPT_RECORD if with_edns else _PLAIN_HEAD + question


def read_answer(packet: bytes, question: bytes) -> Reading:
    """Read an answer whose question section is known to equal `question` but for its letters' case.

    Raises NotPlain for every message that is not wholly understood.
    """
    try:
        flags, questions, answer_count, authority_count, additional_count = _HEADER.unpack_from(packet, 2)
        # A response (RFC 1035 §4.1.1: QR set) to a standard query with the one question that was asked.
        if flags & 0xF800 != 0x8000 or questions != 1:
            raise NotPlain
        at = _HEADER_SIZE + len(question)
        values: tuple[Value, ...] = ()
        chain: tuple[str, ...] = ()
        ttl = _MAX_TTL
        if answer_count:
            values, chain, ttl, at = _answers(packet, at, answer_count, question)
        is_referral = False
        if authority_count:
            negative_ttl, has_soa, at = _authority(packet, at, authority_count)
            if not values:
                ttl = min(ttl, negative_ttl)
                is_referral = not has_soa and not chain and flags & _IS_FINAL == 0
        if additional_count:
            at = _additional(packet, at, additional_count)
    except (IndexError, ValueError, StructError) as error:
        raise NotPlain from error
    if at != len(packet) or (values and flags & 15 == NXDOMAIN):
        raise NotPlain
    # Not by the generated constructor, which costs as much as reading a record.
    return tuple.__new__(Reading, (flags & 15, values, chain, 0 if ttl == _MAX_TTL else ttl, is_referral))


def _answers(
    packet: bytes, at: int, count: int, question: bytes
) -> tuple[tuple[Value, ...], tuple[str, ...], int, int]:
    """Read the answer section; returns the values, the CNAME chain to them, the time to live, and where it ends."""
    record_type = question[-3] | question[-4] << 8
    values: list[Value] = []
    others: list[_Record] = []
    ttl = _MAX_TTL
    for _ in range(count):
        owner, kind, value, seconds, at = _record(packet, at)
        if seconds < ttl:
            ttl = seconds
        if owner is None and kind == record_type:
            values.append(value)
        else:
            others.append((owner, kind, value))
    if others:
        found, chain = _follow(others, values, question)
        return found, chain, ttl, at
    return tuple(values) if len(values) < 2 else tuple(dict.fromkeys(values)), (), ttl, at


#: Owner (None: the name asked for), type, value.
_Record = tuple[str | None, int, Value]


def _record(packet: bytes, at: int) -> tuple[str | None, int, Value, int, int]:
    """Read one record; returns owner (None: the name asked for), type, value, time to live, and where it ends."""
    owner: str | None = None
    if packet[at] == 0xC0 and packet[at + 1] == _HEADER_SIZE:
        at += 2
    else:
        owner, at = _name(packet, at, len(packet))
    return owner, *_rest_of_record(packet, at)


def _rest_of_record(packet: bytes, at: int) -> tuple[int, Value, int, int]:
    """Read a record from behind its owner; returns type, value, time to live, and where it ends."""
    record_type, record_class, ttl, length = _RECORD.unpack_from(packet, at)
    at += 10
    end = at + length
    reader = _READERS.get(record_type)
    if record_class != 1 or ttl > _MAX_TTL or end > len(packet) or reader is None:
        raise NotPlain
    return record_type, reader(packet, at, end), ttl, end


def _name(packet: bytes, at: int, end: int) -> tuple[str, int]:
    """Read a possibly compressed name that must not reach past `end`; returns it and where it ends (RFC 1035 §4.1.4).

    A pointer must lead to something that lies wholly before what was read so far, so the loop ends. Names with bytes
    that would need escaping are not plain.
    """
    labels = []
    start, after, size = at, 0, 1
    while True:
        count = packet[at]
        if count == 0:
            break
        if count < 64:
            following = at + 1 + count
            labels.append(packet[at + 1 : following])
            size += 1 + count
            at = following
        elif count >= 192:
            if at + 1 >= end:
                raise NotPlain
            after = after or at + 2
            at = (count & 63) << 8 | packet[at + 1]
            if at >= start:
                raise NotPlain
            end, start = start, at
        else:
            raise NotPlain
        if at >= end:
            raise NotPlain
    joined = b".".join(labels)
    if size > 255 or joined.translate(None, _PLAIN_LETTERS) or joined.count(b".") + 1 > (len(labels) or 1):
        raise NotPlain
    return joined.lower().decode("ascii"), after or at + 1


def _skip_name(packet: bytes, at: int, end: int) -> int:
    """Return where a name ends that nobody wants to know; it has to be as well-formed as any other."""
    start, after, size = at, 0, 1
    while True:
        count = packet[at]
        if count == 0:
            break
        if count < 64:
            at += 1 + count
            size += 1 + count
        elif count >= 192 and at + 1 < end:
            after = after or at + 2
            at = (count & 63) << 8 | packet[at + 1]
            if at >= start:
                raise NotPlain
            end, start = start, at
        else:
            raise NotPlain
        if at >= end:
            raise NotPlain
    if size > 255:
        raise NotPlain
    return after or at + 1


_PLAIN_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."


def question_name(question: bytes) -> str:
    """Return the name asked for, lower case; `question` is encoded name, type and class."""
    return _name(question, 0, len(question) - 4)[0]


def _follow(others: list[_Record], values: list[Value], question: bytes) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """Follow the CNAME chain from the name asked for; returns the values at its end and the chain (RFC 1034 §3.6.2)."""
    name = question_name(question)
    record_type = question[-3] | question[-4] << 8
    owned: dict[tuple[str, int], list[Value]] = {(name, record_type): values} if values else {}
    for owner, kind, value in others:
        owned.setdefault((name if owner is None else owner, kind), []).append(value)
    chain: list[str] = []
    while not (found := owned.get((name, record_type))):
        aliases = owned.get((name, CNAME))
        if aliases is None:
            return (), tuple(chain)
        if len(aliases) > 1 or len(chain) == _MAX_CHAIN - 1:
            raise NotPlain
        name = str(aliases[0])
        chain.append(name)
    return tuple(dict.fromkeys(found)), tuple(chain)


def _authority(packet: bytes, at: int, count: int) -> tuple[int, bool, int]:
    """Read the authority section; returns the negative time to live, whether there is a SOA, and where it ends."""
    ttl, has_soa = _MAX_TTL, False
    for _ in range(count):
        at = _skip_name(packet, at, len(packet))
        record_type, value, seconds, at = _rest_of_record(packet, at)
        if record_type == SOA and isinstance(value, int):
            has_soa = True
            ttl = min(ttl, seconds, value)
    return ttl, has_soa, at


def _additional(packet: bytes, at: int, count: int) -> int:
    """Read the additional section, where one empty OPT may stand (RFC 6891 §6.1.1); returns where it ends."""
    has_opt = False
    for _ in range(count):
        if packet[at : at + 3] == b"\x00\x00\x29":
            # Version and the upper bits of the response code must be zero, and no option may follow.
            if has_opt or packet[at + 5 : at + 7] != b"\x00\x00" or packet[at + 9 : at + 11] != b"\x00\x00":
                raise NotPlain
            has_opt = True
            at += 11
        else:
            at = _record(packet, at)[-1]
    return at


def _whole_name(packet: bytes, at: int, end: int) -> str:
    name, after = _name(packet, at, end)
    if after != end:
        raise NotPlain
    return name


def _ipv4(packet: bytes, at: int, end: int) -> str:
    if end - at != 4:
        raise NotPlain
    return inet_ntoa(packet[at:end])


def _ipv6(packet: bytes, at: int, end: int) -> str:
    if end - at != 16:
        raise NotPlain
    return inet_ntop(AF_INET6, packet[at:end])


def _mx(packet: bytes, at: int, end: int) -> tuple[int, str]:
    return packet[at] << 8 | packet[at + 1], _whole_name(packet, at + 2, end)


def _srv(packet: bytes, at: int, end: int) -> tuple[int, int, int, str]:
    priority, weight, port = _TRIPLE.unpack_from(packet, at)
    return priority, weight, port, _whole_name(packet, at + 6, end)


def _txt(packet: bytes, at: int, end: int) -> bytes:
    """Join the character-strings of one record (RFC 7208 §3.3: without anything between them)."""
    first = at + 1 + packet[at]
    if first == end:
        return packet[at + 1 : end]
    parts = []
    while at < end:
        following = at + 1 + packet[at]
        parts.append(packet[at + 1 : following])
        at = following
    if at != end or not parts:
        raise NotPlain
    return b"".join(parts)


def _soa(packet: bytes, at: int, end: int) -> int:
    """Return the minimum field of a start of authority: how long "there is none" may be kept (RFC 2308 §4)."""
    at = _skip_name(packet, _skip_name(packet, at, end), end)
    if end - at != 20:
        raise NotPlain
    return int.from_bytes(packet[end - 4 : end], "big")


_READERS: Final[dict[int, Callable[[bytes, int, int], Value]]] = {
    A: _ipv4,
    NS: _whole_name,
    CNAME: _whole_name,
    SOA: _soa,
    MX: _mx,
    TXT: _txt,
    AAAA: _ipv6,
    SRV: _srv,
}

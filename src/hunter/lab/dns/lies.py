"""Answers that are false on purpose: what a careful client must refuse, survive or print without harm.

In come a query and its honest message; out come the messages sent instead, before UDP cuts them to size.
"""

from hashlib import sha256
from typing import Final, assert_never

from hunter.lab.dns import rdata, wire
from hunter.lab.dns.answers import RESPONSE, ZoneRecord, message, write_answer
from hunter.lab.dns.faults import Fault
from hunter.lab.dns.query import Query

_ELSEWHERE: Final = wire.name_to_wire("elsewhere.example")
_LOOP: Final = wire.name_to_wire("loop.elsewhere.example")
_TTL: Final = 300

_FORGED: Final = {
    wire.A: rdata.encode(wire.A, "203.0.113.66"),
    wire.AAAA: rdata.encode(wire.AAAA, "2001:db8::666"),
    wire.MX: rdata.encode(wire.MX, "1 mx.elsewhere.example"),
    wire.NS: rdata.encode(wire.NS, "ns.elsewhere.example"),
    wire.SRV: rdata.encode(wire.SRV, "0 0 443 elsewhere.example"),
    wire.TXT: rdata.encode(wire.TXT, "v=spf1 include:elsewhere.example +all"),
}
_FORGED_ALIAS: Final = rdata.encode(wire.CNAME, "elsewhere.example")

_TXT_64K: Final = rdata.encode(wire.TXT, b"v=spf1" + b" ip4:192.0.2.1" * 4500 + b" -all")
_TXT_NOT_UTF8: Final = rdata.encode(wire.TXT, b"v=spf1 include:\xff\xfe\xc3\x28.example ~all \x80\xbf")
_TXT_ESCAPES: Final = rdata.encode(
    wire.TXT, b"v=spf1 \x1b[2J\x1b[31mowned\x1b]0;title\x07\x1b]8;;http://elsewhere.example\x07 \x9b1m\r\x08\x00 -all"
)


def tell(fault: Fault, query: Query, honest: bytes) -> tuple[bytes, ...]:
    """Return the messages that replace `honest`; a fault that is no lie about this type changes nothing."""
    match fault:
        case Fault.WRONG_ID:
            return (_other_id(query) + honest[2:],)
        case Fault.WRONG_QUESTION:
            return (_forged(query.identity, _ELSEWHERE + query.question[-4:], _ELSEWHERE),)
        case Fault.WRONG_CASE:
            swapped = query.question[:-4].swapcase()
            return (honest[:12] + swapped + honest[12 + len(swapped) :],)
        case Fault.OTHER_NAME:
            return (_forged(query.identity, query.question, _ELSEWHERE),)
        case Fault.CUT_PACKET:
            return (honest[: len(honest) * 2 // 3],)
        case Fault.GARBAGE:
            return (query.identity + bytes((RESPONSE | 0x01,)) + sha256(query.key).digest(),)
        case Fault.SPOOF_FIRST:
            return (_forged(_other_id(query), query.question, query.name), honest)
        case Fault.CNAME_LOOP:
            return (_loop(query),)
        case Fault.TXT_64K | Fault.NON_UTF8 | Fault.ESCAPE_CODES:
            return (_false_text(fault, query) if query.rdtype == wire.TXT else honest,)
        case (
            Fault.DEAD
            | Fault.LOST
            | Fault.SERVFAIL
            | Fault.REFUSED
            | Fault.NOTIMP
            | Fault.FORMERR_ON_EDNS
            | Fault.TRUNCATED
        ):
            return (honest,)
        case _:
            assert_never(fault)


def _other_id(query: Query) -> bytes:
    return bytes((query.identity[0] ^ 0x55, query.identity[1] ^ 0xAA))


def _forged(identity: bytes, question: bytes, owner: bytes) -> bytes:
    """Return an answer of the asked type with invented content."""
    rdtype = int.from_bytes(question[-4:-2], "big")
    known = _FORGED.get(rdtype)
    record = (
        ZoneRecord(owner, wire.CNAME, _TTL, _FORGED_ALIAS) if known is None else ZoneRecord(owner, rdtype, _TTL, known)
    )
    return message(identity, question, write_answer(question[:-4], wire.NOERROR, [record], []), edns=False)


def _loop(query: Query) -> bytes:
    records = [ZoneRecord(query.name, wire.CNAME, _TTL, _LOOP), ZoneRecord(_LOOP, wire.CNAME, _TTL, query.name)]
    answer = write_answer(query.name, wire.NOERROR, records, [])
    return message(query.identity, query.question, answer, edns=query.has_edns)


def _false_text(fault: Fault, query: Query) -> bytes:
    texts = {Fault.TXT_64K: _TXT_64K, Fault.NON_UTF8: _TXT_NOT_UTF8, Fault.ESCAPE_CODES: _TXT_ESCAPES}
    answer = write_answer(query.name, wire.NOERROR, [ZoneRecord(query.name, wire.TXT, _TTL, texts[fault])], [])
    return message(query.identity, query.question, answer, edns=query.has_edns)

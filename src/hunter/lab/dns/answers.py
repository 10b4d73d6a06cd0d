"""Answers ready to be sent: what stands around the question in a message (RFC 1035 §4.1), made once and sent often.

In come records; out comes an `ZoneAnswer`, and from that, with a client's id and question, the message.
"""

from collections.abc import Sequence
from functools import lru_cache
from struct import pack, unpack_from
from typing import Final, NamedTuple

from hunter.lab.dns.wire import BADVERS, EDNS_SIZE, SectionWriter

#: Our OPT record (RFC 6891 §6.1.2): root owner, type 41, the size we take, nothing else.
OPT_RECORD: Final = b"\x00\x00\x29" + pack("!H", EDNS_SIZE) + b"\x00\x00\x00\x00\x00\x00"
_OPT_BADVERS: Final = b"\x00\x00\x29" + pack("!H", EDNS_SIZE) + b"\x01\x00\x00\x00\x00\x00"

RESPONSE: Final = 0x80
TRUNCATED: Final = 0x02
RECURSION_DESIRED: Final = 0x01
RECURSION_AVAILABLE: Final = 0x80


class ZoneRecord(NamedTuple):
    """One record of class IN, its names uncompressed."""

    owner: bytes
    rdtype: int
    ttl: int
    rdata: bytes


class ZoneAnswer(NamedTuple):
    """A message but for the id and the question. The two heads hold flags and counts, recursion desired."""

    #: Head for a client without EDNS.
    plain: bytes
    #: Head for a client with EDNS: one additional record more.
    edns: bytes
    #: The record sections.
    body: bytes

    @property
    def counts(self) -> tuple[int, int]:
        """Number of records in the answer and in the authority section."""
        answers, authority = unpack_from("!HH", self.plain, 4)
        return answers, authority


def make_answer(rcode: int, answer_count: int, authority_count: int, body: bytes) -> ZoneAnswer:
    """Return an answer with the flags of a recursive resolver: RA set, AA and AD clear."""
    plain, edns = _heads(rcode, answer_count, authority_count)
    return ZoneAnswer(plain, edns, body)


# Few different heads stand before all the answers of a world: each is kept once.
@lru_cache(maxsize=4096)
def _heads(rcode: int, answer_count: int, authority_count: int) -> tuple[bytes, bytes]:
    flags = bytes((RESPONSE | RECURSION_DESIRED, RECURSION_AVAILABLE | rcode)) + b"\x00\x01"
    counts = pack("!HH", answer_count, authority_count)
    return flags + counts + b"\x00\x00", flags + counts + b"\x00\x01"


def write_answer(
    question_name: bytes, rcode: int, records: Sequence[ZoneRecord], authority: Sequence[ZoneRecord]
) -> ZoneAnswer:
    """Return the answer with these records in its answer and authority sections."""
    writer = SectionWriter(question_name)
    for record in (*records, *authority):
        writer.write_record(*record)
    return make_answer(rcode, len(records), len(authority), writer.body())


def empty_answer(rcode: int) -> ZoneAnswer:
    """Return an answer without records."""
    return make_answer(rcode, 0, 0, b"")


def message(identity: bytes, question: bytes, answer: ZoneAnswer, *, edns: bool) -> bytes:
    """Return the message for a client that asked for recursion; `identity` is the two bytes of its id."""
    if edns:
        return b"".join((identity, answer.edns, question, answer.body, OPT_RECORD))
    return b"".join((identity, answer.plain, question, answer.body))


def bad_version(identity: bytes, question: bytes) -> bytes:
    """Return the refusal of an EDNS version that nobody has defined yet (RFC 6891 §6.1.3)."""
    return identity + empty_answer(BADVERS & 0x0F).edns + question + _OPT_BADVERS


def truncated(whole: bytes, question: bytes, *, limit: int, edns: bool) -> bytes:
    """Return the message cut down to `limit` bytes with TC set (RFC 1035 §4.1.1).

    The answers that fit whole are kept, as resolvers do: a client that takes them for the full set is wrong.
    """
    start = 12 + len(question)
    room = limit - start - (len(OPT_RECORD) if edns else 0)
    count, size = _fitting(whole, start, room)
    flags = bytes((whole[2] | TRUNCATED, whole[3]))
    counts = pack("!HHHH", 1, count, 0, 1 if edns else 0)
    return whole[:2] + flags + counts + question + whole[start : start + size] + (OPT_RECORD if edns else b"")


def _fitting(whole: bytes, start: int, room: int) -> tuple[int, int]:
    """Return how many records of the answer section fit into `room` bytes, and their size."""
    (total,) = unpack_from("!H", whole, 6)
    position, count = start, 0
    while count < total:
        end = _record_end(whole, position)
        if end - start > room:
            break
        position, count = end, count + 1
    return count, position - start


def _record_end(whole: bytes, position: int) -> int:
    while whole[position] and whole[position] < 0xC0:
        position += 1 + whole[position]
    position += 2 if whole[position] else 1
    (length,) = unpack_from("!H", whole, position + 8)
    return int(position + 10 + length)

"""One packet from a client -> a question, a refusal, or silence (RFC 1035 §4.1, RFC 6891). Nothing is believed."""

from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from
from typing import Final

from hunter.lab.dns.answers import RECURSION_AVAILABLE, RESPONSE
from hunter.lab.dns.wire import EDNS_SIZE, FORMERR, HEADER_SIZE, NOTIMP, OPT, PLAIN_SIZE

_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Query:
    """A well-formed question and how it was asked."""

    #: The two bytes of the id.
    identity: bytes
    #: Name in the client's own letters, type and class, as they stand in the packet.
    question: bytes
    #: RD and CD as the client set them (RFC 1035 §4.1.1, RFC 4035 §3.2.2).
    recursion_desired: bool
    checking_disabled: bool
    #: Version of EDNS; None without an OPT record.
    edns_version: int | None
    #: Largest UDP answer that the client takes and we give, in bytes.
    size: int

    @property
    def has_edns(self) -> bool:
        """Whether the query carried an OPT record, so that the answer must carry one too."""
        return self.edns_version is not None

    @property
    def name(self) -> bytes:
        """The asked name on the wire, lower case."""
        # Lengths of labels are below 64 and so no letters: the whole name can be lowered at once.
        return self.question[:-4].lower()

    @property
    def rdtype(self) -> int:
        """The asked type."""
        return int.from_bytes(self.question[-4:-2], "big")

    @property
    def key(self) -> bytes:
        """The question with its name in lower case: what a world is asked."""
        return self.name + self.question[-4:]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The packet asks for nothing that can be answered, yet its sender deserves to hear so."""

    #: The whole message, without a question.
    message: bytes


def read_query(packet: bytes) -> Query | Refusal | None:
    """Read one packet; None asks for silence (too short, or an answer, which must never be answered)."""
    if len(packet) < HEADER_SIZE or packet[2] & RESPONSE:
        return None
    if packet[2] & 0x78:
        return Refusal(refusal(packet, NOTIMP))
    try:
        return _read_sections(packet)
    except (IndexError, StructError, ValueError):
        return Refusal(refusal(packet, FORMERR))


def refusal(packet: bytes, rcode: int) -> bytes:
    """Return a bare header that refuses a packet of at least header size: id, opcode and RD are the client's."""
    return packet[:2] + bytes((RESPONSE | packet[2] & 0x79, RECURSION_AVAILABLE | rcode)) + bytes(8)


def _read_sections(packet: bytes) -> Query:
    questions, answers, authority, additional = unpack_from("!4H", packet, 4)
    if questions != 1 or answers or authority:
        raise ValueError("not one question and nothing else")
    end = _name_end(packet, HEADER_SIZE) + 4
    question = packet[HEADER_SIZE:end]
    if len(question) < 5 or end > len(packet):
        raise ValueError("the question is cut")
    version, size = _read_additional(packet, end, additional)
    return Query(
        identity=packet[:2],
        question=question,
        recursion_desired=bool(packet[2] & 0x01),
        checking_disabled=bool(packet[3] & 0x10),
        edns_version=version,
        size=size,
    )


def _read_additional(packet: bytes, position: int, count: int) -> tuple[int | None, int]:
    """Return EDNS version (None without OPT) and answer size; refuse two OPT records and trailing bytes."""
    version, size = None, PLAIN_SIZE
    for _ in range(count):
        name_end = _name_end(packet, position)
        rdtype, udp_size, _, found_version, _, length = unpack_from("!HHBBHH", packet, name_end)
        if rdtype == OPT:
            if version is not None or name_end != position + 1:
                raise ValueError("a second OPT record, or one with an owner")
            version, size = found_version, max(PLAIN_SIZE, min(udp_size, EDNS_SIZE))
        position = name_end + 10 + length
    if position != len(packet):
        raise ValueError("bytes are missing or left over")
    return version, size


def _name_end(packet: bytes, start: int) -> int:
    position = start
    while packet[position]:
        if packet[position] > 63:
            raise ValueError("a compressed name in a query")
        position += 1 + packet[position]
        if position - start >= _LONGEST_NAME:
            raise ValueError("a name longer than 255 bytes")
    return position + 1

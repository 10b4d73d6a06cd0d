"""Differential fuzz of the message reader: valid and damaged answers, read by us and by dnspython.

A seed and a number of packets in, a count of agreements out. What we read and dnspython would not give is a false
value; dnspython's own reading is converted here a second time, from its presentation format.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import dns.edns
import dns.message
import dns.rrset
from dns.exception import DNSException
from dns.flags import AA, RA
from dns.message import Message, QueryMessage
from dns.opcode import QUERY
from dns.rcode import Rcode
from dns.rdata import Rdata
from dns.rdatatype import CNAME, MX, NS, SOA, SRV, TXT, RdataType
from dns.rdtypes.txtbase import TXTBase

from hunter.collectors.mail import wire
from hunter.collectors.mail.rare import read_rare_answer
from hunter.collectors.mail.wire import NotPlain, Value

_MOST_EXAMPLES: Final = 5
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#: Labels that are written with escapes: a dot, a control letter, a space, UTF-8, a backslash, a quote.
_ODD_LABELS: Final = ("a\\.b", "x\\001y", "\\032", "\\195\\188", "c\\\\d", 'e\\"f')
#: Bytes that mean something where they land: lengths, compression pointers, record types, extremes.
_TELLING_BYTES: Final = (0, 1, 2, 5, 6, 11, 12, 13, 15, 16, 28, 33, 41, 63, 64, 127, 128, 192, 255)


@dataclass(frozen=True, slots=True)
class FuzzReport:
    """How two readers agreed."""

    packets: int
    valid: int
    #: Valid packets that both read, and alike.
    valid_equal: int
    mutated: int
    mutated_accepted_by_judge: int
    #: Of those that dnspython accepts: read alike by us.
    mutated_equal: int
    #: Packets, valid or not, that we read otherwise than dnspython does, or that it refuses.
    false_values: int
    #: Packets in hexadecimal with both readings, for the first disagreements.
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What a reader says: only what the collector builds its answer on."""

    rcode: int
    values: frozenset[Value]
    chain: tuple[str, ...]
    is_referral: bool


def run_fuzz(packets: int, seed: int) -> FuzzReport:
    """Let both readers read so many packets: two valid ones to three damaged ones; equal seeds give equal packets."""
    valid = valid_equal = mutated = accepted = mutated_equal = false_values = 0
    examples: list[str] = []
    dice = random.Random(seed)
    for packet, question, is_valid in _packets(dice, packets):
        ours, judge = _our_view(packet, question), _view_of_judge(packet)
        is_equal = judge is not None and ours == judge
        if is_valid:
            valid += 1
            valid_equal += is_equal
        else:
            mutated += 1
            accepted += judge is not None
            mutated_equal += is_equal
        false_values += ours is not None and not is_equal
        if ours != judge and len(examples) < _MOST_EXAMPLES:
            examples.append(f"{packet.hex()} asked {question.hex()}: ours {ours}, dnspython {judge}")
    return FuzzReport(
        packets, valid, valid_equal, mutated, accepted, mutated_equal, false_values, examples=tuple(examples)
    )


def _our_view(packet: bytes, question: bytes) -> _View | None:
    try:
        reading: wire.Reading | None = wire.read_answer(packet, question)
    except NotPlain:
        reading = read_rare_answer(packet)
    if reading is None:
        return None
    return _View(reading.rcode, frozenset(reading.values), reading.chain, reading.is_referral)


def _view_of_judge(packet: bytes) -> _View | None:
    try:
        message = dns.message.from_wire(packet)
        if not isinstance(message, QueryMessage) or message.opcode() != QUERY:
            return None
        result = message.resolve_chaining()
    except (DNSException, ValueError):
        return None
    values = frozenset(map(_value, result.answer)) if result.answer else frozenset()
    chain = tuple(_host(next(iter(rrset)).to_text()) for rrset in result.cnames)
    code = int(message.rcode())
    others = {rrset.rdtype for rrset in message.authority}
    is_final = bool(values or chain or code or message.flags & (AA | RA))
    return _View(code, values, chain, is_referral=bool(others) and SOA not in others and not is_final)


def _value(rdata: Rdata) -> Value:
    """Read dnspython's presentation format (RFC 1035 §5.1) into the shape that `wire.Value` promises."""
    text = rdata.to_text()
    fields = text.split(" ")
    if rdata.rdtype == TXT:
        assert isinstance(rdata, TXTBase)
        return b"".join(rdata.strings)
    if rdata.rdtype == MX:
        return int(fields[0]), _host(fields[1])
    if rdata.rdtype == SRV:
        return int(fields[0]), int(fields[1]), int(fields[2]), _host(fields[3])
    if rdata.rdtype == SOA:
        return int(fields[6])
    return _host(text) if rdata.rdtype in (NS, CNAME) else text


def _host(text: str) -> str:
    return text.removesuffix(".").lower()


def _packets(dice: random.Random, count: int) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield packets, the question each answers, and whether it is valid."""
    maker = _Maker(dice)
    left = count
    while left:
        packet, question = maker.packet()
        yield packet, question, True
        for _ in range(min(dice.randint(1, 2), left - 1)):
            yield _damaged(dice, packet, len(question)), question, False
            left -= 1
        left -= 1


def _damaged(dice: random.Random, packet: bytes, question_size: int) -> bytes:
    """Damage a packet anywhere but in the id and the question: with another question it is thrown away unread."""
    body = 12 + question_size
    damaged = bytearray(packet)
    for _ in range(dice.randint(1, 4)):
        kind = dice.random()
        if kind < 0.15:
            del damaged[dice.randint(body, len(damaged)) :]
        elif kind < 0.25:
            damaged += dice.randbytes(dice.randint(1, 5))
        elif kind < 0.35 or len(damaged) == body:
            damaged[dice.randrange(2, 12)] = dice.choice(_TELLING_BYTES)
        elif kind < 0.75:
            damaged[dice.randrange(body, len(damaged))] = dice.choice(_TELLING_BYTES)
        else:
            damaged[dice.randrange(body, len(damaged))] = dice.randrange(256)
    return bytes(damaged)


class _Maker:
    """Makes valid answers of every kind."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._rdata: dict[str, Callable[[], str]] = {
            "A": lambda: f"192.0.2.{dice.randrange(256)}",
            "AAAA": lambda: f"2001:db8::{dice.randrange(65536):x}",
            "NS": self._target,
            "CNAME": self._target,
            "PTR": self._target,
            "MX": lambda: f"{dice.randrange(65536)} {self._target()}",
            "SRV": lambda: f"{dice.randrange(9)} {dice.randrange(9)} {dice.randrange(65536)} {self._target()}",
            "TXT": self._strings,
            "SOA": lambda: f"{self._target()} {self._target()} 1 2 3 4 {dice.randrange(90000)}",
            "CAA": lambda: f'0 issue "{dice.randrange(99)}.example"',
            "TYPE65280": lambda: f"\\# 4 {dice.randbytes(4).hex()}",
        }
        self._types = tuple(self._rdata)

    def packet(self) -> tuple[bytes, bytes]:
        """Return an answer, and the question it answers as the collector encodes it: in lower case."""
        dice = self._dice
        name, kind = self._name(), dice.choice(self._types)
        query = dns.message.make_query(name, kind, use_edns=dice.random() < 0.7)
        query.id = dice.getrandbits(16)
        response = dns.message.make_response(query, recursion_available=dice.random() < 0.8)
        self._fill(response, name, kind)
        if response.edns >= 0 and dice.random() < 0.1:
            response.use_edns(0, options=[dns.edns.GenericOption(dns.edns.OptionType.COOKIE, dice.randbytes(8))])
        if dice.random() < 0.2:
            self._add(response.additional, self._name(), dice.choice(("A", "AAAA", "TYPE65280")))
        question = wire.encode_name(name.lower().removesuffix(".")) + wire.encode_type(RdataType.make(kind))
        packet = response.to_wire(max_size=65_535, want_shuffle=False)
        return (self._uncompressed(response, packet[: 12 + len(question)]) if dice.random() < 0.2 else packet), question

    def _fill(self, response: Message, name: str, kind: str) -> None:
        """Fill in an answer, a chain to one, or that there is none."""
        dice = self._dice
        for _ in range(dice.choice((0, 0, 0, 1, 2, 3)) if kind != "CNAME" else 0):
            target = self._target()
            response.answer.append(dns.rrset.from_text(name, self._ttl(), "IN", "CNAME", target))
            if target == ".":
                return
            name = target
        if dice.random() < 0.7:
            self._add(response.answer, name, kind, 1 if kind in ("CNAME", "SOA") else dice.randint(1, 4))
            if dice.random() < 0.2:
                self._add(response.answer, self._name(), dice.choice(("A", "TXT", "CAA")))
            if dice.random() < 0.2:
                self._add(response.authority, "example.", "NS", 2)
            return
        response.set_rcode(Rcode(dice.choice((0, 0, 0, 2, 3, 3, 5))))
        if dice.random() < 0.7:
            self._add(response.authority, "example.", dice.choice(("SOA", "SOA", "NS")))

    def _add(self, section: list[dns.rrset.RRset], name: str, kind: str, count: int = 1) -> None:
        texts = [self._rdata[kind]() for _ in range(count)]
        section.append(dns.rrset.from_text_list(name, self._ttl(), "IN", kind, texts))

    def _uncompressed(self, response: Message, head: bytes) -> bytes:
        """Write the records behind header and question with every name in full."""
        out = BytesIO()
        out.write(head)
        extra = [] if response.opt is None else [response.opt]
        for rrset in (*response.answer, *response.authority, *response.additional, *extra):
            rrset.to_wire(out, want_shuffle=False)
        return out.getvalue()

    def _ttl(self) -> int:
        return self._dice.choice((0, 60, 300, 86_400, 0x7FFFFFFF))

    def _name(self) -> str:
        labels = ("".join(self._dice.choices(_LETTERS, k=self._dice.randint(3, 12))) for _ in range(self._depth()))
        return ".".join((*labels, "example."))

    def _depth(self) -> int:
        return self._dice.randint(1, 4)

    def _target(self) -> str:
        """Return a name that a record leads to: now and then the root, or one that needs escapes."""
        kind = self._dice.random()
        if kind < 0.03:
            return "."
        return f"{self._dice.choice(_ODD_LABELS)}.{self._name()}" if kind < 0.06 else self._name()

    def _strings(self) -> str:
        """Return one to three character-strings of any bytes (RFC 1035 §3.3.14), at times as long as they may be."""
        sizes = [self._dice.choice((0, 1, 9, 40, 255)) for _ in range(self._dice.randint(1, 3))]
        return " ".join('"' + "".join(f"\\{byte:03d}" for byte in self._dice.randbytes(size)) + '"' for size in sizes)

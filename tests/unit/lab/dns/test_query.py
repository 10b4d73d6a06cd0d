"""Packets from strangers: read, refused or passed over in silence, and never an exception."""

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.lab.dns.query import Query, Refusal, read_query
from tests.unit.lab.asking import packet_for, rcode_of

GOOD = packet_for("firma.example", "MX")
PLAIN = packet_for("firma.example", "MX", payload=None)


def _refused(packet: bytes) -> str:
    refusal = read_query(packet)
    assert isinstance(refusal, Refusal)
    answer = dns.message.from_wire(refusal.message)
    assert answer.id == 0x1234
    return rcode_of(answer)


def test_good_question_is_read_whole() -> None:
    query = read_query(packet_for("Firma.Example", "TXT", payload=1400))
    assert isinstance(query, Query)
    assert query.question == b"\x05Firma\x07Example\x00\x00\x10\x00\x01"
    assert (query.name, query.key) == (b"\x05firma\x07example\x00", b"\x05firma\x07example\x00\x00\x10\x00\x01")
    assert (query.rdtype, query.has_edns, query.size) == (16, True, 1232)
    assert (query.recursion_desired, query.checking_disabled) == (True, False)


@pytest.mark.parametrize(("payload", "size"), [(None, 512), (300, 512), (900, 900), (1232, 1232), (4096, 1232)])
def test_size_is_what_the_client_takes_and_we_give(payload: int | None, size: int) -> None:
    query = read_query(packet_for("firma.example", "MX", payload=payload))
    assert isinstance(query, Query)
    assert query.size == size


def test_name_in_capitals_keeps_its_type() -> None:
    # Type 65 is the letter A: lowering the question as a whole would ask for type 97.
    query = read_query(packet_for("FIRMA.EXAMPLE", "HTTPS"))
    assert isinstance(query, Query)
    assert query.key.endswith(b"\x00\x00\x41\x00\x01")


@pytest.mark.parametrize("packet", [b"", b"\x12\x34", GOOD[:11], bytes((*GOOD[:2], 0x81, *GOOD[3:]))])
def test_fragments_and_answers_are_met_with_silence(packet: bytes) -> None:
    assert read_query(packet) is None


@pytest.mark.parametrize(
    "packet",
    [
        PLAIN[:12],
        PLAIN[:-1],
        PLAIN[:20],
        PLAIN + b"\x00",
        GOOD[:-3],
        GOOD[:4] + b"\x00\x02" + GOOD[6:],
        GOOD[:4] + b"\x00\x00" + GOOD[6:],
        GOOD[:6] + b"\x00\x01" + GOOD[8:],
        PLAIN[:12] + b"\xc0\x0c\x00\x0f\x00\x01",
        PLAIN[:12] + b"\x3f" + b"x" * 63 + (b"\x3f" + b"x" * 63) * 3 + b"\x05abcde\x00\x00\x0f\x00\x01",
        GOOD[:10] + b"\x00\x02" + GOOD[12:] + GOOD[-11:],
    ],
    ids=[
        "no question",
        "cut class",
        "cut name",
        "a byte left over",
        "cut OPT",
        "two questions",
        "no question counted",
        "an answer inside",
        "compressed name",
        "name of 263 bytes",
        "two OPT records",
    ],
)
def test_malformed_question_is_a_format_error(packet: bytes) -> None:
    assert _refused(packet) == "FORMERR"


@pytest.mark.parametrize("opcode", [1, 2, 4, 5, 15])
def test_other_opcodes_are_not_implemented(opcode: int) -> None:
    assert _refused(bytes((*GOOD[:2], opcode << 3, *GOOD[3:]))) == "NOTIMP"


@given(st.binary(max_size=80))
def test_no_bytes_raise(packet: bytes) -> None:
    result = read_query(packet)
    assert result is None or isinstance(result, Refusal | Query)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_one_wrong_byte_never_raises(position: int, value: int) -> None:
    result = read_query(GOOD[:position] + bytes((value,)) + GOOD[position + 1 :])
    assert result is None or isinstance(result, Refusal | Query)

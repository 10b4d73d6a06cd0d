"""Messages put together from ready answers, and cut down to size."""

import dns.flags
import dns.message
import pytest

from hunter.lab.dns import rdata, wire
from hunter.lab.dns.answers import ZoneRecord, bad_version, empty_answer, message, truncated, write_answer
from hunter.lab.dns.wire import name_to_wire
from tests.unit.lab.asking import flags_of, rcode_of, texts_of

NAME = name_to_wire("firma.example")
QUESTION = NAME + b"\x00\x10\x00\x01"


def _answer_of(count: int, size: int) -> bytes:
    records = [
        ZoneRecord(NAME, wire.TXT, 300, rdata.encode(wire.TXT, f"{number:03}" + "x" * (size - 3)))
        for number in range(count)
    ]
    return message(b"\xab\xcd", QUESTION, write_answer(NAME, wire.NOERROR, records, []), edns=True)


def test_flags_are_those_of_a_recursive_resolver() -> None:
    answer = dns.message.from_wire(message(b"\xab\xcd", QUESTION, empty_answer(wire.NXDOMAIN), edns=False))
    assert (answer.id, rcode_of(answer), flags_of(answer)) == (0xABCD, "NXDOMAIN", {"QR", "RD", "RA"})


@pytest.mark.parametrize(("edns", "payload"), [(True, 1232), (False, 0)])
def test_opt_record_is_there_only_for_a_client_with_edns(edns: bool, payload: int) -> None:
    answer = dns.message.from_wire(message(b"\x00\x01", QUESTION, empty_answer(wire.NOERROR), edns=edns))
    assert (answer.edns, answer.payload) == ((0, payload) if edns else (-1, 0))


def test_truncated_answer_keeps_the_records_that_fit_whole() -> None:
    cut = truncated(_answer_of(10, 100), QUESTION, limit=512, edns=True)
    answer = dns.message.from_wire(cut)
    assert len(cut) <= 512
    assert answer.flags & dns.flags.TC
    assert [line.split('"')[1][:3] for line in texts_of(answer.answer)] == ["000", "001", "002", "003"]
    assert answer.payload == 1232


def test_truncated_answer_may_keep_nothing() -> None:
    answer = dns.message.from_wire(truncated(_answer_of(1, 250), QUESTION, limit=100, edns=False))
    assert answer.flags & dns.flags.TC
    assert answer.answer == []
    assert answer.edns == -1


def test_unknown_edns_version_is_refused_as_badvers() -> None:
    answer = dns.message.from_wire(bad_version(b"\x00\x01", QUESTION))
    assert rcode_of(answer) == "BADVERS"


def test_answer_tells_its_counts() -> None:
    record = ZoneRecord(NAME, wire.A, 300, b"\xc0\x00\x02\x01")
    answer = write_answer(NAME, wire.NXDOMAIN, [record, record], [record])
    assert answer.counts == (2, 1)

"""Questions as bytes and plain answers read back; what the reader will not read, it leaves to dnspython."""

import dns.message
import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.rare import read_rare_answer
from tests.unit.collectors.mail.messages import NAME, QUESTION, response, text


@pytest.mark.parametrize("name", ["a.example", "x" * 63 + ".example", ".".join(["a" * 49] * 5)])
def test_encoded_name_is_what_dnspython_encodes(name: str) -> None:
    assert wire.encode_name(name) == dns.name.from_text(name).to_wire()


@pytest.mark.parametrize("name", ["", ".", "a..example", "a.example.", "x" * 64 + ".example", ".".join(["a" * 50] * 5)])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="domain name"):
        wire.encode_name(name)


@pytest.mark.parametrize(("with_edns", "payload"), [(True, 1232), (False, 0)])
def test_question_is_what_dnspython_understands(with_edns: bool, payload: int) -> None:
    message = dns.message.from_wire(b"\x12\x34" + wire.message_body(QUESTION, with_edns=with_edns))
    assert message.question[0].to_text() == f"{NAME}. IN TXT"
    assert (message.edns >= 0, message.payload) == (with_edns, payload)
    assert message.flags == dns.flags.RD


@pytest.mark.parametrize(
    ("kind", "record", "value"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:db8::1", "2001:db8::1"),
        ("MX", "10 MX1.Firma.example.", (10, "mx1.firma.example")),
        ("MX", "0 .", (0, "")),
        ("NS", "ns1.firma.example.", "ns1.firma.example"),
        ("CNAME", "Target.example.", "target.example"),
        ("SRV", "0 1 443 host.example.", (0, 1, 443, "host.example")),
        ("TXT", '"v=spf1 " "-all"', b"v=spf1 -all"),
        ("TXT", '""', b""),
        ("SOA", "ns.example. x.example. 1 2 3 4 77", 77),
    ],
)
def test_record_is_read_alike_by_both_readers(kind: str, record: str, value: wire.Value) -> None:
    packet = response(f"{NAME}. 60 IN {kind} {record}", kind=kind).to_wire()
    reading = wire.read_answer(packet, packet[12 : 12 + len(QUESTION)])
    assert reading == wire.Reading(0, (value,), (), 60, False)
    assert reading == read_rare_answer(packet)


def test_chain_is_followed_whatever_the_order_of_its_records() -> None:
    links = [f"{NAME}. 60 IN CNAME a.example.", "a.example. 30 IN CNAME b.example.", 'b.example. 90 IN TXT "end"']
    for records in (links, links[::-1]):
        reading = wire.read_answer(response(*records).to_wire(), QUESTION)
        assert (reading.values, reading.chain, reading.ttl) == ((b"end",), ("a.example", "b.example"), 30)


def test_loop_of_aliases_is_no_answer() -> None:
    packet = response(f"{NAME}. 60 IN CNAME a.example.", f"a.example. 60 IN CNAME {NAME}.").to_wire()
    with pytest.raises(wire.NotPlain):
        wire.read_answer(packet, QUESTION)
    assert read_rare_answer(packet) is None


def test_pointer_that_leads_nowhere_before_it_is_refused() -> None:
    packet = bytearray(text())
    at = 12 + len(QUESTION)
    assert packet[at] == 0xC0
    packet[at + 1] = at
    with pytest.raises(wire.NotPlain):
        wire.read_answer(bytes(packet), QUESTION)
    assert read_rare_answer(bytes(packet)) is None


def test_every_shortened_packet_is_refused() -> None:
    packet = text()
    for size in range(12 + len(QUESTION), len(packet)):
        with pytest.raises(wire.NotPlain):
            wire.read_answer(packet[:size], QUESTION)


def test_question_name_is_given_back() -> None:
    assert wire.question_name(QUESTION) == NAME

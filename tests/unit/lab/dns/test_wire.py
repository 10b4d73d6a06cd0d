"""Names and record sections on the wire, with dnspython as the judge."""

import dns.message
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.lab.dns import rdata, wire
from hunter.lab.dns.answers import ZoneRecord, message, write_answer
from hunter.lab.dns.wire import ancestors, name_to_text, name_to_wire
from hunter.lab.errors import InvalidRecord

LABELS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_", min_size=1, max_size=20)


@given(st.lists(LABELS, min_size=1, max_size=6))
def test_name_is_the_one_dnspython_writes(labels: list[str]) -> None:
    text = ".".join(labels)
    assert name_to_wire(text) == dns.name.from_text(text).to_wire()


@pytest.mark.parametrize("root", ["", "."])
def test_root_is_one_zero_byte(root: str) -> None:
    assert name_to_wire(root) == b"\x00"


def test_escaped_dot_stays_inside_its_label() -> None:
    assert name_to_wire(r"first\.last.firma.example") == b"\x0afirst.last\x05firma\x07example\x00"


@pytest.mark.parametrize(
    ("unicode_name", "ascii_name"),
    [
        ("çamlıca-gıda.example", "xn--amlca-gda-p3a13fea.example"),
        ("İzmir-ölçü.example", "xn--izmir-l-0xa7kqc.example"),
    ],
)
def test_turkish_letters_become_an_a_label(unicode_name: str, ascii_name: str) -> None:
    assert name_to_text(name_to_wire(unicode_name)) == ascii_name
    assert dns.name.from_text(ascii_name).to_unicode(omit_final_dot=True) == unicode_name.replace("İ", "i")


@pytest.mark.parametrize("name", ["a..b", ".a", "a" * 64 + ".example", ".".join(["a" * 60] * 5), r"\999.example"])
def test_impossible_name_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidRecord, match="is no domain name"):
        name_to_wire(name)


def test_ancestors_come_nearest_first_without_the_root() -> None:
    assert [name_to_text(one) for one in ancestors(name_to_wire("a.b.example"))] == ["b.example", "example"]


def _read(question_name: bytes, records: list[ZoneRecord]) -> dns.message.Message:
    answer = write_answer(question_name, wire.NOERROR, records, [])
    question = question_name + b"\x00\x10\x00\x01"
    return dns.message.from_wire(message(b"\x00\x01", question, answer, edns=False))


def test_written_records_are_read_back_equal() -> None:
    owner = name_to_wire("firma.example")
    texts = {
        wire.MX: "10 mail.firma.example.",
        wire.NS: "ns1.firma.example.",
        wire.CNAME: "other.example.",
        wire.SOA: "ns1.firma.example. admin.firma.example. 1 2 3 4 5",
        wire.SRV: "0 5 443 auto.firma.example.",
        wire.TXT: '"v=spf1 -all"',
        wire.A: "192.0.2.1",
        wire.AAAA: "2001:db8::1",
    }
    records = [ZoneRecord(owner, rdtype, 300, rdata.encode(rdtype, text)) for rdtype, text in texts.items()]
    answer = _read(owner, records)
    assert [rrset[0].to_text() for rrset in answer.answer] == list(texts.values())
    assert {rrset.name.to_text() for rrset in answer.answer} == {"firma.example."}


def test_names_of_the_question_are_not_written_twice() -> None:
    owner = name_to_wire("firma.example")
    answer = write_answer(
        owner, 0, [ZoneRecord(owner, wire.MX, 300, b"\x00\x0a" + name_to_wire("mail.firma.example"))], []
    )
    assert answer.body == b"\xc0\x0c\x00\x0f\x00\x01\x00\x00\x01\x2c\x00\x09\x00\x0a\x04mail\xc0\x0c"


def test_target_of_srv_is_never_compressed() -> None:
    owner = name_to_wire("firma.example")
    srv = rdata.encode(wire.SRV, "0 0 443 firma.example")
    assert write_answer(owner, 0, [ZoneRecord(owner, wire.SRV, 300, srv)], []).body.endswith(srv)


def test_names_beyond_the_reach_of_a_pointer_are_written_out() -> None:
    owner = name_to_wire("firma.example")
    text = rdata.encode(wire.TXT, b"x" * 20_000)
    far = rdata.encode(wire.NS, "ns.far.test")
    records = [
        ZoneRecord(owner, wire.TXT, 300, text),
        ZoneRecord(owner, wire.NS, 300, far),
        ZoneRecord(owner, wire.NS, 300, rdata.encode(wire.NS, "ns2.far.test")),
    ]
    answer = _read(owner, records)
    assert [one.to_text() for one in answer.answer[1]] == ["ns.far.test.", "ns2.far.test."]

"""Record texts become the rdata that dnspython would write."""

import dns.name
import dns.rdata
import dns.rdatatype
import pytest

from hunter.lab.dns.rdata import encode, is_question_only, type_number
from hunter.lab.errors import InvalidRecord


@pytest.mark.parametrize(
    ("rdtype", "text"),
    [
        ("A", "192.0.2.17"),
        ("AAAA", "2001:db8::17"),
        ("NS", "ns1.Firma.example"),
        ("CNAME", "hedef.example"),
        ("PTR", "host.firma.example"),
        ("MX", "0 ."),
        ("MX", "65535 Mail.Firma.example"),
        ("SRV", "1 2 443 autodiscover.outlook.com"),
        ("SOA", "ns1.firma.example admin.firma.example 1 2 3 4 5"),
        ("CAA", '0 issue "ca.example"'),
        ("TYPE65280", r"\# 4 0a000001"),
    ],
)
def test_text_becomes_the_bytes_that_dnspython_writes(rdtype: str, text: str) -> None:
    judged = dns.rdata.from_text("IN", rdtype, text, origin=dns.name.root, relativize=False)
    assert encode(type_number(rdtype), text) == judged.to_wire()


def test_txt_is_the_text_itself_cut_into_strings_of_255_bytes() -> None:
    assert encode(16, "v=spf1 -all") == b"\x0bv=spf1 -all"
    assert encode(16, "ş" * 200) == b"\xff" + ("ş" * 200).encode()[:255] + b"\x91" + ("ş" * 200).encode()[255:]


def test_txt_in_quotes_is_read_as_strings_with_escapes() -> None:
    assert encode(16, r'"one" "two\255\027"') == b"\x03one\x05two\xff\x1b"


def test_txt_bytes_and_lists_are_taken_as_they_are() -> None:
    assert encode(16, b"\xff\x00") == b"\x02\xff\x00"
    assert encode(16, [b"one", "iki"]) == b"\x03one\x03iki"
    assert encode(16, "") == b"\x00"


def test_txt_may_have_nearly_64_kilobytes() -> None:
    assert len(encode(16, b"x" * 64_000)) == 64_000 + 251


@pytest.mark.parametrize(
    ("rdtype", "value", "problem"),
    [
        ("A", "192.0.2.300", "is no record of type A"),
        ("MX", "mail.firma.example", "is no record of type MX"),
        ("MX", "70000 mail.firma.example", "is no record of type MX"),
        ("SRV", "0 0 autodiscover.outlook.com", "is no record of type SRV"),
        ("CAA", "nothing", "is no record of type CAA"),
        ("TXT", '"never closed', "is no record of type TXT"),
        ("TXT", [b"x" * 256], "longer than 255 bytes"),
        ("TXT", b"x" * 66_000, "takes 1 to"),
        ("A", b"\xc0\x00\x02\x01", "only TXT takes bytes"),
    ],
)
def test_impossible_record_is_refused_with_its_type(rdtype: str, value: str | bytes, problem: str) -> None:
    with pytest.raises(InvalidRecord, match=problem):
        encode(type_number(rdtype), value)


@pytest.mark.parametrize("name", ["ANY", "AXFR", "OPT", "NONSENSE", "TYPE70000"])
def test_type_without_records_has_no_number(name: str) -> None:
    with pytest.raises(InvalidRecord, match=name):
        type_number(name)


def test_types_of_questions_are_told_from_types_of_data() -> None:
    asked = {
        name
        for name in ("A", "MX", "CAA", "HTTPS", "OPT", "ANY", "AXFR", "TSIG")
        if is_question_only(int(dns.rdatatype.from_text(name)))
    }
    assert asked == {"OPT", "ANY", "AXFR", "TSIG"}

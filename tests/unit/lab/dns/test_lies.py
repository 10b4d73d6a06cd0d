"""Each lie is the lie that its name says, and nothing else is wrong with it."""

import dns.exception
import dns.message
import pytest

from hunter.lab.dns.faults import LIES, Behaviour, Fault
from tests.unit.lab.asking import packet_for, react, texts_of, world_of

RECORDS = {"firma.example": {"TXT": ["v=spf1 -all"], "MX": ["10 mail.firma.example"], "CAA": ['0 issue "ca.example"']}}
TRUTH = ['firma.example TXT "v=spf1 -all"']


def _told(fault: Fault, *, name: str = "firma.example", rdtype: str = "TXT", by_tcp: bool = False) -> tuple[bytes, ...]:
    world = world_of(RECORDS, behaviours={"firma.example": Behaviour(fault)})
    return react(world, packet_for(name, rdtype), by_tcp=by_tcp)


def _read(message: bytes) -> dns.message.Message:
    return dns.message.from_wire(message)


def test_wrong_id_carries_the_right_answer() -> None:
    (message,) = _told(Fault.WRONG_ID)
    assert _read(message).id != 0x1234
    assert texts_of(_read(message).answer) == TRUTH


def test_wrong_question_answers_what_nobody_asked() -> None:
    (message,) = _told(Fault.WRONG_QUESTION)
    answer = _read(message)
    assert answer.id == 0x1234
    assert answer.question[0].name.to_text() == "elsewhere.example."
    assert texts_of(answer.answer) == ['elsewhere.example TXT "v=spf1 include:elsewhere.example +all"']


def test_wrong_case_changes_letters_only() -> None:
    (message,) = _told(Fault.WRONG_CASE, name="FirmA.example")
    answer = _read(message)
    assert answer.question[0].name.to_text() == "fIRMa.EXAMPLE."
    assert texts_of(answer.answer) == ['fIRMa.EXAMPLE TXT "v=spf1 -all"']


def test_other_name_answers_the_question_with_records_of_another() -> None:
    (message,) = _told(Fault.OTHER_NAME, rdtype="MX")
    answer = _read(message)
    assert answer.question[0].name.to_text() == "firma.example."
    assert texts_of(answer.answer) == ["elsewhere.example MX 1 mx.elsewhere.example."]


def test_other_name_of_a_rare_type_is_an_alias() -> None:
    (message,) = _told(Fault.OTHER_NAME, rdtype="CAA")
    assert texts_of(_read(message).answer) == ["elsewhere.example CNAME elsewhere.example."]


def test_cut_packet_ends_in_the_middle_and_does_not_say_so() -> None:
    (message,) = _told(Fault.CUT_PACKET)
    assert message[:2] == b"\x12\x34"
    assert not message[2] & 0x02
    with pytest.raises(dns.exception.DNSException):
        _read(message)


def test_garbage_has_the_right_id_and_no_sense() -> None:
    (message,) = _told(Fault.GARBAGE)
    assert message[:2] == b"\x12\x34"
    assert message[2] & 0x80
    with pytest.raises(dns.exception.DNSException):
        _read(message)


def test_text_of_64_kilobytes_comes_by_tcp_only() -> None:
    (by_udp,) = _told(Fault.TXT_64K)
    (by_tcp,) = _told(Fault.TXT_64K, by_tcp=True)
    assert (bool(by_udp[2] & 0x02), _read(by_udp).answer) == (True, [])
    assert 60_000 < len(by_tcp) <= 65_535
    assert len(b"".join(_read(by_tcp).answer[0][0].strings)) > 60_000


def test_loop_of_aliases_bites_its_tail() -> None:
    (message,) = _told(Fault.CNAME_LOOP)
    assert texts_of(_read(message).answer) == [
        "firma.example CNAME loop.elsewhere.example.",
        "loop.elsewhere.example CNAME firma.example.",
    ]


def test_text_that_is_not_utf8() -> None:
    (message,) = _told(Fault.NON_UTF8)
    with pytest.raises(UnicodeDecodeError):
        _read(message).answer[0][0].strings[0].decode()


def test_text_with_terminal_codes() -> None:
    (message,) = _told(Fault.ESCAPE_CODES)
    text = _read(message).answer[0][0].strings[0]
    assert text.startswith(b"v=spf1 ")
    assert {b"\x1b[2J", b"\x1b]0;", b"\x07", b"\x9b", b"\r", b"\x00"} == {
        code for code in (b"\x1b[2J", b"\x1b]0;", b"\x07", b"\x9b", b"\r", b"\x00") if code in text
    }


@pytest.mark.parametrize("fault", [Fault.TXT_64K, Fault.NON_UTF8, Fault.ESCAPE_CODES])
def test_lies_about_texts_leave_other_types_alone(fault: Fault) -> None:
    (message,) = _told(fault, rdtype="MX")
    assert texts_of(_read(message).answer) == ["firma.example MX 10 mail.firma.example."]


def test_forged_packet_comes_before_the_truth() -> None:
    forged, honest = _told(Fault.SPOOF_FIRST)
    assert _read(forged).id != 0x1234
    assert texts_of(_read(forged).answer) == ['firma.example TXT "v=spf1 include:elsewhere.example +all"']
    assert (_read(honest).id, texts_of(_read(honest).answer)) == (0x1234, TRUTH)


@pytest.mark.parametrize("fault", LIES)
@pytest.mark.parametrize("rdtype", ["A", "AAAA", "MX", "NS", "SRV", "TXT", "CAA"])
def test_every_lie_fits_into_the_packet_the_client_takes(fault: Fault, rdtype: str) -> None:
    assert all(len(message) <= 1232 for message in _told(fault, rdtype=rdtype))

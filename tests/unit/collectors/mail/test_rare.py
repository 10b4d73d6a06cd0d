"""What only dnspython reads: odd types, options, escapes. What it refuses stays refused."""

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.rare import read_rare_answer
from tests.unit.collectors.mail.messages import NAME, QUESTION, response, text


def test_unusual_type_is_given_as_text() -> None:
    packet = response(f'{NAME}. 60 IN CAA 0 issue "ca.example"', kind="CAA").to_wire()
    reading = read_rare_answer(packet)
    assert reading == wire.Reading(0, ('0 issue "ca.example"',), (), 60, False)


def test_options_beside_an_answer_do_not_hide_it() -> None:
    message = response(f'{NAME}. 60 IN TXT "v=spf1 -all"')
    message.use_edns(0, options=[dns.edns.GenericOption(dns.edns.COOKIE, b"12345678")])
    packet = message.to_wire()
    with pytest.raises(wire.NotPlain):
        wire.read_answer(packet, QUESTION)
    reading = read_rare_answer(packet)
    assert reading is not None
    assert reading.values == (b"v=spf1 -all",)


def test_escaped_host_name_is_kept_readable() -> None:
    packet = response(f"{NAME}. 60 IN MX 10 a\\.b\\001.example.", kind="MX").to_wire()
    reading = read_rare_answer(packet)
    assert reading is not None
    assert reading.values == ((10, "a\\.b\\001.example"),)


def test_extended_response_code_is_read() -> None:
    message = response()
    message.set_rcode(dns.rcode.BADVERS)
    reading = read_rare_answer(message.to_wire())
    assert reading is not None
    assert reading.rcode == 16


def test_referral_is_told_from_an_authoritative_nothing() -> None:
    message = response()
    message.authority[:] = [dns.rrset.from_text("example.", 60, "IN", "NS", "ns.example.")]
    message.flags &= ~dns.flags.RA
    reading = read_rare_answer(message.to_wire())
    assert reading is not None
    assert reading.is_referral
    message.flags |= dns.flags.RA
    final = read_rare_answer(message.to_wire())
    assert final is not None
    assert not final.is_referral


@pytest.mark.parametrize("size", [0, 5, 12, 20, 40])
def test_piece_of_a_packet_is_refused(size: int) -> None:
    assert read_rare_answer(text()[:size]) is None


def test_question_is_no_answer() -> None:
    assert read_rare_answer(dns.message.make_query(NAME, "TXT").to_wire()) is None


def test_other_kind_of_message_is_no_answer() -> None:
    message = response()
    message.set_opcode(dns.opcode.UPDATE)
    assert read_rare_answer(message.to_wire()) is None


def test_name_that_does_not_exist_and_has_an_answer_is_refused() -> None:
    assert read_rare_answer(response(f'{NAME}. 60 IN TXT "x"', code="NXDOMAIN").to_wire()) is None

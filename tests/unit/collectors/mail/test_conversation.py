"""What one question's exchange decides at each event; no socket, no clock."""

import pytest

from hunter.collectors.mail.conversation import MAX_TRIES, Conversation, Step
from tests.unit.collectors.mail.messages import NAME, QUESTION, error, response, text, truncated


def conversation(tries: int = 1) -> Conversation:
    """A question that was sent so often."""
    begun = Conversation(QUESTION)
    begun.tries = tries
    return begun


def test_answer_ends_it() -> None:
    asked = conversation()
    assert asked.receive(text()) is Step.DONE
    assert (asked.answer.state, asked.answer.values, asked.answer.by_tcp) == ("found", (b"v=spf1 -all",), False)


@pytest.mark.parametrize(("code", "reason"), [("NOERROR", "nodata"), ("NXDOMAIN", "nxdomain")])
def test_authoritative_denial_is_absent(code: str, reason: str) -> None:
    asked = conversation()
    assert asked.receive(response(code=code).to_wire()) is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("absent", reason)


def test_records_of_another_name_are_no_denial() -> None:
    asked = conversation(tries=MAX_TRIES)
    assert asked.receive(response('other.example. 60 IN TXT "v=spf1 +all"').to_wire()) is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", "malformed")


def test_dangling_alias_is_absent_and_keeps_its_chain() -> None:
    asked = conversation()
    packet = response(f"{NAME}. 60 IN CNAME gone.example.", code="NXDOMAIN").to_wire()
    assert asked.receive(packet) is Step.DONE
    assert (asked.answer.state, asked.answer.chain) == ("absent", ("gone.example",))


@pytest.mark.parametrize("name", ["other.example", "firma.example.org", "xfirma.example"])
def test_answer_to_another_question_is_waited_past(name: str) -> None:
    asked = conversation()
    assert asked.receive(response(name=name).to_wire()) is Step.WAIT
    assert asked.receive(response(kind="MX").to_wire()) is Step.WAIT
    assert asked.receive(text()) is Step.DONE


@pytest.mark.parametrize(("code", "reason"), [("SERVFAIL", "servfail"), ("REFUSED", "refused"), ("YXDOMAIN", "rcode")])
def test_failure_is_asked_again_and_unknown_after_the_last_try(code: str, reason: str) -> None:
    asked = conversation()
    assert asked.receive(error(code)) is Step.LATER
    asked.tries = MAX_TRIES
    assert asked.receive(error(code)) is Step.DONE
    assert (asked.answer.state, asked.answer.reason, asked.answer.tries) == ("unknown", reason, MAX_TRIES)


@pytest.mark.parametrize(("code", "reason"), [("FORMERR", "formerr"), ("NOTIMP", "notimp")])
def test_server_that_fails_on_edns_is_asked_without_it_once(code: str, reason: str) -> None:
    asked = conversation()
    assert asked.receive(error(code)) is Step.WITHOUT_EDNS
    assert not asked.with_edns
    asked.tries = 2
    assert asked.receive(error(code)) is Step.LATER
    asked.tries = MAX_TRIES
    assert asked.receive(error(code)) is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", reason)


def test_truncated_answer_goes_over_to_tcp_whose_answer_counts() -> None:
    asked = conversation()
    assert asked.receive(truncated()) is Step.TCP
    assert asked.receive(text(), by_tcp=True) is Step.DONE
    assert (asked.answer.state, asked.answer.by_tcp) == ("found", True)


def test_truncated_answer_by_tcp_is_unknown_not_absent() -> None:
    asked = conversation(tries=MAX_TRIES)
    assert asked.receive(truncated(), by_tcp=True) is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", "tcp")


def test_damaged_packet_is_unknown() -> None:
    asked = conversation(tries=MAX_TRIES)
    assert asked.receive(text()[:-3]) is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", "malformed")


def test_silence_is_asked_again_and_unknown_after_the_last_try() -> None:
    asked = conversation()
    assert asked.timed_out() is Step.AGAIN
    asked.tries = MAX_TRIES
    assert asked.timed_out() is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", "timeout")


def test_deadline_keeps_the_last_failure_as_the_reason() -> None:
    asked = conversation()
    asked.receive(error("SERVFAIL"))
    assert asked.give_up() is Step.DONE
    assert (asked.answer.state, asked.answer.reason) == ("unknown", "servfail")


def test_letters_that_lost_their_case_have_to_be_proved_by_tcp() -> None:
    asked = conversation()
    asked.sent = QUESTION.replace(b"firma", b"fIrMa")
    assert asked.receive(text()) is Step.TCP
    assert asked.has_lost_case
    asked.sent = QUESTION
    assert asked.receive(text(), by_tcp=True) is Step.DONE


def test_kept_letters_need_no_proof() -> None:
    asked = conversation()
    asked.sent = QUESTION.replace(b"firma", b"fIrMa")
    assert asked.receive(text().replace(b"firma", b"fIrMa")) is Step.DONE
    assert asked.answer.values == (b"v=spf1 -all",)

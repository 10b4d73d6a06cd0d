"""Rules of the protocol and faults, packet in, packets out."""

import dns.flags
import dns.message
import pytest

from hunter.lab.dns.faults import Behaviour, Fault, Faults
from hunter.lab.dns.responder import Responder
from tests.unit.lab.asking import ask, flags_of, packet_for, rcode_of, react, texts_of, world_of

WORLD = world_of(
    {
        "firma.example": {"MX": ["10 mail.firma.example"], "TXT": ["v=spf1 -all"]},
        "big.firma.example": {"TXT": [f"{number:03}" + "x" * 97 for number in range(20)]},
        "vast.firma.example": {"TXT": [b"x" * 60_000, b"y" * 60_000]},
    }
)


def _faulty(fault: Fault, packet: bytes, *, by_tcp: bool = False) -> tuple[bytes, ...]:
    world = world_of({"firma.example": {"TXT": ["v=spf1 -all"]}}, behaviours={"firma.example": Behaviour(fault)})
    return react(world, packet, by_tcp=by_tcp)


TXT = packet_for("firma.example", "TXT")


@pytest.mark.parametrize("rdtype", ["ANY", "AXFR", "IXFR"])
def test_questions_for_everything_are_refused(rdtype: str) -> None:
    assert rcode_of(ask(WORLD, "firma.example", rdtype)) == "REFUSED"


def test_other_classes_are_refused() -> None:
    (message,) = react(WORLD, packet_for("firma.example", "TXT", payload=None)[:-2] + b"\x00\x03")
    assert dns.message.from_wire(message).rcode() == 5


def test_question_comes_back_in_the_letters_it_was_asked_in() -> None:
    answer = ask(WORLD, "fIrMa.ExAmPlE", "MX")
    assert answer.question[0].name.to_text() == "fIrMa.ExAmPlE."
    assert answer.answer[0].name.to_text() == "fIrMa.ExAmPlE."


def test_recursion_desired_and_checking_disabled_are_copied() -> None:
    query = dns.message.make_query("firma.example", "MX", flags=dns.flags.CD)
    (message,) = react(WORLD, query.to_wire())
    assert flags_of(dns.message.from_wire(message)) == {"QR", "RA", "CD"}


def test_future_edns_version_is_refused() -> None:
    (message,) = react(WORLD, dns.message.make_query("firma.example", "MX", use_edns=1).to_wire())
    assert rcode_of(dns.message.from_wire(message)) == "BADVERS"


def test_answer_of_another_packet_is_met_with_silence() -> None:
    (message,) = react(WORLD, TXT)
    assert react(WORLD, message) == ()


@pytest.mark.parametrize(("payload", "limit"), [(None, 512), (700, 700), (4096, 1232)])
def test_large_answer_is_truncated_to_what_the_client_takes(payload: int | None, limit: int) -> None:
    (message,) = react(WORLD, packet_for("big.firma.example", "TXT", payload=payload))
    answer = dns.message.from_wire(message)
    assert limit - 120 < len(message) <= limit
    assert answer.flags & dns.flags.TC


def test_large_answer_is_whole_by_tcp() -> None:
    answer = ask(WORLD, "big.firma.example", "TXT", by_tcp=True)
    assert len(texts_of(answer.answer)) == 20
    assert not answer.flags & dns.flags.TC


def test_answer_that_no_message_can_hold_is_a_server_failure() -> None:
    assert rcode_of(ask(WORLD, "vast.firma.example", "TXT", by_tcp=True)) == "SERVFAIL"


@pytest.mark.parametrize(("by_tcp", "answers"), [(False, 0), (True, 0)])
def test_dead_name_never_answers(by_tcp: bool, answers: int) -> None:
    assert len(_faulty(Fault.DEAD, TXT, by_tcp=by_tcp)) == answers


@pytest.mark.parametrize(("by_tcp", "answers"), [(False, 0), (True, 1)])
def test_loss_touches_udp_only(by_tcp: bool, answers: int) -> None:
    assert len(_faulty(Fault.LOST, TXT, by_tcp=by_tcp)) == answers


@pytest.mark.parametrize(
    ("fault", "rcode"),
    [
        (Fault.SERVFAIL, "SERVFAIL"),
        (Fault.REFUSED, "REFUSED"),
        (Fault.NOTIMP, "NOTIMP"),
        (Fault.FORMERR_ON_EDNS, "FORMERR"),
    ],
)
def test_error_stands_in_place_of_the_answer(fault: Fault, rcode: str) -> None:
    (message,) = _faulty(fault, TXT)
    answer = dns.message.from_wire(message)
    assert (rcode_of(answer), answer.answer, answer.authority) == (rcode, [], [])


def test_server_that_dislikes_edns_answers_without_it() -> None:
    (message,) = _faulty(Fault.FORMERR_ON_EDNS, packet_for("firma.example", "TXT", payload=None))
    assert texts_of(dns.message.from_wire(message).answer) == ['firma.example TXT "v=spf1 -all"']


def test_truncation_of_a_small_answer_hides_it_by_udp_and_not_by_tcp() -> None:
    (by_udp,) = _faulty(Fault.TRUNCATED, TXT)
    (by_tcp,) = _faulty(Fault.TRUNCATED, TXT, by_tcp=True)
    cut, whole = dns.message.from_wire(by_udp), dns.message.from_wire(by_tcp)
    assert (bool(cut.flags & dns.flags.TC), cut.answer) == (True, [])
    assert (bool(whole.flags & dns.flags.TC), len(whole.answer)) == (False, 1)


def test_trouble_in_store_reaches_names_below_and_no_others() -> None:
    world = world_of(
        {
            "firma.example": {"A": ["192.0.2.1"]},
            "a.firma.example": {"A": ["192.0.2.2"]},
            "b.example": {"A": ["192.0.2.3"]},
        },
        behaviours={"firma.example": Behaviour(Fault.SERVFAIL)},
    )
    rcodes = [rcode_of(ask(world, name, "A")) for name in ("firma.example", "a.firma.example", "b.example")]
    assert rcodes == ["SERVFAIL", "SERVFAIL", "NOERROR"]


def test_the_slowest_of_two_delays_counts() -> None:
    world = world_of({"firma.example": {"A": ["192.0.2.1"]}}, behaviours={"firma.example": Behaviour(slow_ms=250)})
    packet = packet_for("firma.example", "A")
    assert Responder(world, Faults()).react(packet, by_tcp=False).slow_ms == 250
    assert Responder(world, Faults(slow=1.0, slow_ms=900)).react(packet, by_tcp=False).slow_ms == 900


def test_share_of_answers_goes_wrong_and_the_rest_is_true() -> None:
    responder = Responder(WORLD, Faults(servfail=0.3))
    packet = packet_for("firma.example", "MX")
    rcodes = [responder.react(packet, by_tcp=False).messages[0][3] & 0x0F for _ in range(200)]
    assert set(rcodes) == {0, 2}
    assert 30 < rcodes.count(2) < 90

"""Each fault of the server as a client meets it."""

import time

import dns.exception
import dns.flags
import dns.message
import dns.query
import pytest

from hunter.lab.dns.faults import Behaviour, Fault, Faults
from hunter.lab.dns.worlds import World
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.integration.lab.asking import by_tcp, by_udp, lines_of, query_for, rcode_of, udp_client
from tests.support.name_servers import Serve

RECORDS = {"firma.example": {"TXT": ["v=spf1 -all"]}, "slow.example": {"TXT": ["late"]}}


def _rcodes(serve: Serve, faults: Faults, count: int = 60) -> list[str]:
    """Ask one question many times in a row; what is lost counts as `lost`."""
    server = serve(RECORDS, faults)
    found = []
    for _ in range(count):
        try:
            answer = by_udp(server, "firma.example", "TXT", timeout=0.1)
            found.append("TC" if answer.flags & dns.flags.TC else rcode_of(answer))
        except dns.exception.Timeout:
            found.append("lost")
    return found


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        (Faults(loss=0.3), "lost"),
        (Faults(servfail=0.3), "SERVFAIL"),
        (Faults(refused=0.3), "REFUSED"),
        (Faults(notimp=0.3), "NOTIMP"),
        (Faults(formerr_on_edns=0.3), "FORMERR"),
        (Faults(truncate=0.3), "TC"),
    ],
)
def test_share_of_answers_meets_the_fault_and_the_next_run_the_same(serve: Serve, faults: Faults, outcome: str) -> None:
    first, again = _rcodes(serve, faults), _rcodes(serve, faults)
    assert first == again
    assert set(first) == {"NOERROR", outcome}
    assert 6 <= first.count(outcome) <= 32


def test_dead_domains_are_silent_by_udp_and_tcp_and_the_others_answer(serve: Serve) -> None:
    faults = Faults(dead=0.3)
    world = GeneratedWorld(30)
    server = serve(world, faults)
    dead = [domain for domain in world.domains() if faults.is_dead(domain)]
    alive = [domain for domain in world.domains() if not faults.is_dead(domain)]
    assert (len(dead) > 3, len(alive) > 10) == (True, True)
    assert {rcode_of(by_udp(server, domain, "NS")) for domain in alive} == {"NOERROR"}
    with udp_client(server) as client:
        for domain in dead:
            client.send(query_for(f"_dmarc.{domain}", "TXT").to_wire())
        last = query_for(alive[0], "NS")
        client.send(last.to_wire())
        # The loop answers in order: the first packet to come back is the answer to the last question.
        assert last.is_response(dns.message.from_wire(client.recv(4096)))
    with pytest.raises(dns.exception.Timeout):
        by_tcp(server, dead[0], "NS", timeout=0.3)


def test_round_trip_takes_at_least_its_delay(serve: Serve) -> None:
    server = serve(RECORDS, Faults(delay_ms=50))
    for ask in (by_udp, by_tcp):
        start = time.monotonic()
        assert rcode_of(ask(server, "firma.example", "TXT")) == "NOERROR"
        assert time.monotonic() - start >= 0.05


def test_delayed_answers_overlap(serve: Serve) -> None:
    server = serve(GeneratedWorld(300), Faults(delay_ms=100, jitter_ms=20))
    start = time.monotonic()
    with udp_client(server) as client:
        for number in range(300):
            client.send(query_for(f"f{number:07}.example", "NS").to_wire())
        answers = [dns.message.from_wire(client.recv(4096)) for _ in range(300)]
    elapsed = time.monotonic() - start
    assert len({answer.question[0].name for answer in answers}) == 300
    # One after the other they would take thirty seconds.
    assert 0.1 <= elapsed < 15


def test_slow_name_comes_after_a_quick_one_that_was_asked_later(serve: Serve) -> None:
    world = World.from_records(RECORDS, behaviours={"slow.example": Behaviour(slow_ms=200)})
    with udp_client(serve(world)) as client:
        client.send(query_for("slow.example", "TXT").to_wire())
        client.send(query_for("firma.example", "TXT").to_wire())
        answers = [dns.message.from_wire(client.recv(4096)) for _ in range(2)]
    assert [answer.question[0].name.to_text() for answer in answers] == ["firma.example.", "slow.example."]


def test_share_of_domains_is_slow(serve: Serve) -> None:
    faults = Faults(slow=0.5, slow_ms=150)
    world = GeneratedWorld(20)
    server = serve(world, faults)
    start = time.monotonic()
    slow = next(domain for domain in world.domains() if faults.is_slow(domain))
    by_udp(server, slow, "NS")
    assert time.monotonic() - start >= 0.15


def test_name_in_permanent_trouble_stays_so(serve: Serve) -> None:
    world = World.from_records(RECORDS, behaviours={"firma.example": Behaviour(Fault.SERVFAIL)})
    server = serve(world)
    assert {rcode_of(by_udp(server, "firma.example", "TXT")) for _ in range(5)} == {"SERVFAIL"}
    assert rcode_of(by_udp(server, "slow.example", "TXT")) == "NOERROR"


def test_server_without_edns_answers_the_second_question_without(serve: Serve) -> None:
    server = serve(RECORDS, Faults(formerr_on_edns=1.0))
    assert rcode_of(by_udp(server, "firma.example", "TXT")) == "FORMERR"
    assert rcode_of(by_udp(server, "firma.example", "TXT", payload=None)) == "NOERROR"


@pytest.mark.parametrize(
    ("lie", "error"),
    [
        (Fault.WRONG_ID, dns.query.BadResponse),
        (Fault.WRONG_QUESTION, dns.query.BadResponse),
        (Fault.CUT_PACKET, dns.exception.DNSException),
        (Fault.GARBAGE, dns.exception.DNSException),
    ],
)
def test_lie_about_the_packet_is_refused_by_the_judge(serve: Serve, lie: Fault, error: type[Exception]) -> None:
    server = serve(RECORDS, Faults(lies=((lie, 1.0),)))
    with pytest.raises(error):
        by_udp(server, "firma.example", "TXT")


def test_truth_follows_a_forged_packet(serve: Serve) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.SPOOF_FIRST, 1.0),)))
    query = query_for("firma.example", "TXT")
    with udp_client(server) as client:
        client.send(query.to_wire())
        forged, honest = (dns.message.from_wire(client.recv(4096)) for _ in range(2))
    assert (forged.id == query.id, honest.id == query.id) == (False, True)
    assert lines_of(honest.answer) == ['firma.example TXT "v=spf1 -all"']


def test_text_of_64_kilobytes_arrives_by_tcp(serve: Serve) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.TXT_64K, 1.0),)))
    assert by_udp(server, "firma.example", "TXT").flags & dns.flags.TC
    whole = by_tcp(server, "firma.example", "TXT")
    assert sum(map(len, whole.answer[0][0].strings)) > 60_000


def test_trouble_of_one_share_leaves_the_shares_of_others_alone(serve: Serve) -> None:
    outcomes = _rcodes(serve, Faults(servfail=0.25, refused=0.25, truncate=0.25), count=120)
    assert {outcomes.count(one) > 12 for one in ("NOERROR", "SERVFAIL", "REFUSED", "TC")} == {True}

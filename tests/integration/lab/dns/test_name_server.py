"""The name server over UDP, asked and judged by dnspython."""

import socket

import dns.exception
import dns.flags
import dns.message
import dns.query
import pytest

from hunter.lab.dns.faults import Behaviour, Fault
from hunter.lab.dns.name_server import NameServer
from hunter.lab.dns.worlds import Records, World
from hunter.lab.errors import AddressUnavailable
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.integration.lab.asking import by_tcp, by_udp, lines_of, query_for, rcode_of, udp_client
from tests.support.name_servers import Serve

TENANT = "selector1-firma-example._domainkey.firma.onmicrosoft.com"
FIRMA: Records = {
    "firma.example": {
        "MX": ["10 mail.firma.example"],
        "TXT": ["v=spf1 -all", b"\xff\x1b[2J"],
        "NS": ["ns1.firma.example", "ns2.firma.example"],
        "SOA": ["ns1.firma.example admin.firma.example 1 2 3 4 5"],
        "A": ["192.0.2.1"],
        "AAAA": ["2001:db8::1"],
        "CAA": ['0 issue "ca.example"'],
        "TYPE65280": [r"\# 3 010203"],
    },
    "1.2.0.192.in-addr.arpa": {"PTR": ["mail.firma.example"]},
    "_autodiscover._tcp.firma.example": {"SRV": ["0 0 443 autodiscover.outlook.com"]},
    "selector1._domainkey.firma.example": {"CNAME": [TENANT]},
    "selector2._domainkey.firma.example": {"CNAME": ["gone.onmicrosoft.com"]},
    "*.wild.firma.example": {"A": ["192.0.2.9"]},
    TENANT: {"TXT": ["v=DKIM1; p=AAAA"]},
    "big.firma.example": {"TXT": [f"{number:03}" + "x" * 97 for number in range(30)]},
}


@pytest.mark.parametrize(
    ("name", "rdtype", "lines"),
    [
        ("firma.example", "MX", ["firma.example MX 10 mail.firma.example."]),
        ("firma.example", "TXT", ['firma.example TXT "v=spf1 -all"', r'firma.example TXT "\255\027[2J"']),
        ("firma.example", "NS", ["firma.example NS ns1.firma.example.", "firma.example NS ns2.firma.example."]),
        ("firma.example", "SOA", ["firma.example SOA ns1.firma.example. admin.firma.example. 1 2 3 4 5"]),
        ("firma.example", "A", ["firma.example A 192.0.2.1"]),
        ("firma.example", "AAAA", ["firma.example AAAA 2001:db8::1"]),
        ("firma.example", "CAA", ['firma.example CAA 0 issue "ca.example"']),
        ("1.2.0.192.in-addr.arpa", "PTR", ["1.2.0.192.in-addr.arpa PTR mail.firma.example."]),
        (
            "_autodiscover._tcp.firma.example",
            "SRV",
            ["_autodiscover._tcp.firma.example SRV 0 0 443 autodiscover.outlook.com."],
        ),
        (
            "selector1._domainkey.firma.example",
            "TXT",
            [f"selector1._domainkey.firma.example CNAME {TENANT}.", f'{TENANT} TXT "v=DKIM1; p=AAAA"'],
        ),
        ("any.wild.firma.example", "A", ["any.wild.firma.example A 192.0.2.9"]),
    ],
)
def test_every_type_is_answered_the_first_time_and_from_memory(
    serve: Serve, name: str, rdtype: str, lines: list[str]
) -> None:
    server = serve(FIRMA)
    for _ in range(2):
        answer = by_udp(server, name, rdtype)
        assert (rcode_of(answer), lines_of(answer.answer)) == ("NOERROR", lines)
        assert dns.flags.to_text(answer.flags) == "QR RD RA"


def test_unknown_type_is_served_as_bytes(serve: Serve) -> None:
    answer = by_udp(serve(FIRMA), "firma.example", "TYPE65280")
    assert answer.answer[0][0].to_text() == r"\# 3 010203"


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode", "chain"),
    [
        ("_dmarc.firma.example", "TXT", "NXDOMAIN", 0),
        ("_domainkey.firma.example", "TXT", "NOERROR", 0),
        ("_tcp.firma.example", "SRV", "NOERROR", 0),
        ("selector2._domainkey.firma.example", "TXT", "NXDOMAIN", 1),
        ("selector1._domainkey.firma.example", "AAAA", "NOERROR", 1),
        ("nobody.test", "A", "NXDOMAIN", 0),
    ],
)
def test_absence_is_told_with_a_soa_and_the_chain_that_led_to_it(
    serve: Serve, name: str, rdtype: str, rcode: str, chain: int
) -> None:
    server = serve(FIRMA)
    for _ in range(2):
        answer = by_udp(server, name, rdtype)
        assert (rcode_of(answer), len(answer.answer)) == (rcode, chain)
        assert [rrset.rdtype.name for rrset in answer.authority] == ["SOA"]


def test_lying_zone_denies_its_empty_non_terminals(serve: Serve) -> None:
    world = World.from_records(FIRMA, lying_ent=["firma.example"])
    answer = by_udp(serve(world), "_domainkey.firma.example", "TXT")
    assert rcode_of(answer) == "NXDOMAIN"


def test_letters_of_the_question_come_back_as_they_were(serve: Serve) -> None:
    server = serve(FIRMA)
    for name in ("FIRMA.example.", "fIrMa.eXaMpLe.", "firma.EXAMPLE."):
        answer = by_udp(server, name, "MX")
        assert (answer.question[0].name.to_text(), answer.answer[0].name.to_text()) == (name, name)


def test_edns_is_answered_with_edns_only(serve: Serve) -> None:
    server = serve(FIRMA)
    for _ in range(2):
        assert by_udp(server, "firma.example", "MX", payload=1232).payload == 1232
        assert by_udp(server, "firma.example", "MX", payload=None).edns == -1


@pytest.mark.parametrize(("payload", "limit"), [(None, 512), (512, 512), (1000, 1000), (4096, 1232)])
def test_large_answer_is_truncated_by_udp_and_whole_by_tcp(serve: Serve, payload: int | None, limit: int) -> None:
    server = serve(FIRMA)
    for _ in range(2):
        cut = by_udp(server, "big.firma.example", "TXT", payload=payload)
        assert cut.flags & dns.flags.TC
        assert limit - 130 < len(cut.to_wire(max_size=65535)) <= limit
    whole = by_tcp(server, "big.firma.example", "TXT")
    assert (len(whole.answer[0]), bool(whole.flags & dns.flags.TC)) == (30, False)


def test_type_that_is_a_letter_is_not_taken_for_another(serve: Serve) -> None:
    server = serve({"firma.example": {"TYPE97": [r"\# 1 00"], "HTTPS": ["1 . alpn=h2"]}})
    for _ in range(2):
        assert by_udp(server, "firma.example", "TYPE97").answer[0].rdtype == 97
        assert by_udp(server, "firma.example", "HTTPS").answer[0].rdtype == 65


def test_rest_of_the_world_is_refused(serve: Serve) -> None:
    server = serve(FIRMA)
    chaos = dns.message.make_query("version.bind", "TXT", rdclass="CH")
    assert rcode_of(dns.query.udp(chaos, server.host, port=server.port, timeout=5)) == "REFUSED"
    assert rcode_of(by_udp(server, "firma.example", "ANY")) == "REFUSED"


@pytest.mark.parametrize("packet", [b"", b"\x00", b"\xff" * 12, b"\x12\x34\x01\x00" + b"\xff" * 60, b"\x00" * 4096])
def test_server_survives_what_is_no_question(serve: Serve, packet: bytes) -> None:
    server = serve(FIRMA)
    with udp_client(server) as client:
        client.send(packet)
    assert rcode_of(by_udp(server, "firma.example", "MX")) == "NOERROR"


def test_question_that_cannot_be_read_is_a_format_error(serve: Serve) -> None:
    with udp_client(serve(FIRMA)) as client:
        client.send(query_for("firma.example", "MX").to_wire()[:-5])
        assert rcode_of(dns.message.from_wire(client.recv(4096))) == "FORMERR"


def test_many_questions_in_one_go_are_all_answered(serve: Serve) -> None:
    server = serve(GeneratedWorld(1000))
    asked = {number: query_for(f"f{number:07}.example", "TXT", payload=4096) for number in range(600)}
    with udp_client(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        for number, query in asked.items():
            query.id = number
            client.send(query.to_wire())
        answers = [dns.message.from_wire(client.recv(4096)) for _ in asked]
    assert {answer.id for answer in answers} == set(asked)
    assert all(asked[answer.id].is_response(answer) for answer in answers)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_server_listens_on_both_families(serve: Serve, host: str) -> None:
    server = serve(FIRMA, host=host)
    assert lines_of(by_udp(server, "firma.example", "A").answer) == ["firma.example A 192.0.2.1"]
    assert lines_of(by_tcp(server, "firma.example", "A").answer) == ["firma.example A 192.0.2.1"]


def test_statistics_count_what_was_done(serve: Serve) -> None:
    world = World.from_records(FIRMA, behaviours={"dead.example": Behaviour(Fault.DEAD)})
    server = serve(world)
    for _ in range(3):
        by_udp(server, "firma.example", "MX")
    by_tcp(server, "firma.example", "MX")
    with udp_client(server) as client:
        client.send(query_for("dead.example", "MX").to_wire())
        client.send(query_for("firma.example", "MX").to_wire())
        client.recv(4096)
    done = server.statistics()
    assert (done.questions, done.answers, done.tcp, done.dropped) == (6, 5, 1, 1)


def test_port_that_is_taken_is_an_error_with_its_address(serve: Serve) -> None:
    taken = serve(FIRMA).port
    with pytest.raises(AddressUnavailable, match=f"cannot listen on 127.0.0.1, port {taken}: ") as caught:
        NameServer(World.from_records(FIRMA), port=taken)
    assert (caught.value.code, caught.value.port) == ("address_unavailable", taken)


def test_host_that_is_not_ours_is_an_error_with_its_address() -> None:
    with pytest.raises(AddressUnavailable, match=r"cannot listen on 192\.0\.2\.1, port 0"):
        NameServer(World.from_records(FIRMA), host="192.0.2.1")

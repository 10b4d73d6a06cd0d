"""The resolver on real sockets: what is found, what is absent, and who may answer."""

import asyncio
import socket

import dns.message
import dns.rrset
import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.lab.dns.faults import Fault, Faults
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.mail.questions import ask, ask_within, get_acquainted, states
from tests.integration.collectors.scripted import Asked, Sent, serve_script, texts
from tests.support.name_servers import Serve

RECORDS = {
    "firma.example": {
        "MX": ["20 b.firma.example", "10 a.firma.example"],
        "TXT": [["v=spf1 ", "-all"], b"\xff\x1b[2J", "v=spf1 -all"],
        "NS": ["NS1.Firma.Example"],
        "A": ["192.0.2.1"],
        "AAAA": ["2001:db8::1"],
        "SOA": ["ns1.firma.example. x.firma.example. 7 3600 600 86400 900"],
        "CAA": ['0 issue "ca.example"'],
    },
    "_autodiscover._tcp.firma.example": {"SRV": ["0 5 443 posta.firma.example"]},
    "null.example": {"MX": ["0 ."]},
    "alias.example": {"CNAME": ["second.example"]},
    "second.example": {"CNAME": ["firma.example"]},
    "dangling.example": {"CNAME": ["gone.nowhere.example"]},
}


@pytest.mark.parametrize(
    ("name", "record_type", "values", "chain"),
    [
        ("firma.example", wire.MX, {(20, "b.firma.example"), (10, "a.firma.example")}, ()),
        ("firma.example", wire.TXT, {b"v=spf1 -all", b"\xff\x1b[2J"}, ()),
        ("firma.example", wire.NS, {"ns1.firma.example"}, ()),
        ("firma.example", wire.A, {"192.0.2.1"}, ()),
        ("firma.example", wire.AAAA, {"2001:db8::1"}, ()),
        ("firma.example", wire.SOA, {900}, ()),
        ("firma.example", 257, {'0 issue "ca.example"'}, ()),
        ("_autodiscover._tcp.firma.example", wire.SRV, {(0, 5, 443, "posta.firma.example")}, ()),
        ("null.example", wire.MX, {(0, "")}, ()),
        ("alias.example", wire.CNAME, {"second.example"}, ()),
        ("alias.example", wire.A, {"192.0.2.1"}, ("second.example", "firma.example")),
        ("FIRMA.Example", wire.A, {"192.0.2.1"}, ()),
    ],
)
async def test_each_type_is_found(
    serve: Serve,
    resolver_for: OpenResolver,
    name: str,
    record_type: int,
    values: set[wire.Value],
    chain: tuple[str, ...],
) -> None:
    answer = await ask(await resolver_for(serve(RECORDS)), name, record_type)
    assert (answer.state, answer.reason, set(answer.values), answer.chain) == ("found", "", values, chain)
    assert (answer.ttl > 0, answer.rcode, answer.by_tcp, answer.tries) == (True, 0, False, 1)


async def test_what_is_not_there_is_absent_with_its_kind(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS))
    no_data, no_name, dangling = await resolver.lookup_many(
        [("null.example", wire.TXT), ("gone.example", wire.TXT), ("dangling.example", wire.TXT)]
    )
    assert no_data[:4] == ("absent", "nodata", (), ())
    assert no_name[:4] == ("absent", "nxdomain", (), ())
    assert dangling[:4] == ("absent", "nxdomain", (), ("gone.nowhere.example",))


async def test_what_cannot_be_a_name_is_unknown_and_not_asked(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS))
    names = ["", ".", "a..example", "x" * 64 + ".example", ".".join(["x" * 60] * 5), "şirket.example", "firma.example"]
    answers = await resolver.lookup_many([(name, wire.A) for name in names])
    assert [(answer.state, answer.reason) for answer in answers] == [("unknown", "name")] * 6 + [("found", "")]
    assert resolver.statistics.questions == 1
    assert await resolver.lookup_many([]) == []


async def test_answers_come_in_the_order_of_the_questions(resolver_for: OpenResolver) -> None:
    def backwards(asked: Asked) -> tuple[Sent, ...]:
        if len(server.asked) == 20:
            for one in reversed(server.asked):
                one.send(texts(one, one.name))
        return ()

    async with serve_script(backwards) as server:
        resolver = await resolver_for(server)
        answers = await resolver.lookup_many([(f"n{number}.example", wire.TXT) for number in range(20)])
    assert [answer.values for answer in answers] == [(f"n{number}.example".encode(),) for number in range(20)]


async def test_ipv6_upstream_is_asked(serve: Serve, resolver_for: OpenResolver) -> None:
    answer = await ask(await resolver_for(serve(RECORDS, host="::1")), "firma.example", wire.A)
    assert answer.values == ("192.0.2.1",)


async def test_upstream_may_be_named(serve: Serve) -> None:
    [*_, (address, *_)] = socket.getaddrinfo("localhost", 53, type=socket.SOCK_DGRAM)[0]
    server = serve(RECORDS, host=str(address))
    async with Resolver([Upstream("localhost", server.port)]) as resolver:
        answer = await ask(resolver, "firma.example", wire.A)
    assert answer.values == ("192.0.2.1",)


async def test_upstream_without_address_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match=r"\S"):
        async with Resolver([Upstream("nobody.invalid")]):
            pass


def test_resolver_without_upstream_is_refused() -> None:
    with pytest.raises(ValueError, match="upstream"):
        Resolver([])


async def test_answer_that_comes_after_its_time_counts(resolver_for: OpenResolver) -> None:
    def quick_only(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if "quick" in asked.name else ()

    async with serve_script(quick_only) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        waiting = asyncio.ensure_future(ask(resolver, "firma.example"))
        first, _ = (await server.until_asked(34))[32:]
        first.send(texts(first, "late"))
        answer = await waiting
    assert (answer.values, answer.tries) == ((b"late",), 2)


async def test_second_answer_to_the_same_question_is_a_stray(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked, "one"), texts(asked, "two")]) as server:
        resolver = await resolver_for(server)
        answers = [await ask(resolver, f"n{number}.example") for number in range(10)]
    assert {answer.values for answer in answers} == {(b"one",)}
    assert resolver.statistics.strays >= 9


@pytest.mark.parametrize("lie", [Fault.WRONG_ID, Fault.WRONG_QUESTION])
async def test_answer_that_is_not_ours_is_ignored_until_time_is_up(
    serve: Serve, resolver_for: OpenResolver, lie: Fault
) -> None:
    server = serve(RECORDS, Faults(lies=((lie, 1.0),)))
    resolver = await resolver_for(server)
    answer = await ask_within(0.4, resolver, "firma.example", wire.A)
    assert answer == Answer("unknown", "timeout", tries=1)
    assert resolver.statistics.strays == 1


async def test_truth_is_found_behind_a_forged_packet(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.SPOOF_FIRST, 1.0),)))
    answer = await ask(await resolver_for(server), "firma.example", wire.A)
    assert answer.values == ("192.0.2.1",)


@pytest.mark.parametrize(
    ("lie", "record_type"),
    [
        (Fault.OTHER_NAME, wire.A),
        (Fault.OTHER_NAME, wire.TXT),
        (Fault.GARBAGE, wire.A),
        (Fault.CNAME_LOOP, wire.A),
        (Fault.CNAME_LOOP, wire.TXT),
    ],
)
async def test_lie_about_the_content_is_neither_found_nor_absent(
    serve: Serve, resolver_for: OpenResolver, lie: Fault, record_type: int
) -> None:
    server = serve(RECORDS, Faults(lies=((lie, 1.0),)))
    answer = await ask_within(0.7, await resolver_for(server), "firma.example", record_type)
    assert (answer.state, answer.values) == ("unknown", ())


async def test_cut_packets_are_unknown(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.CUT_PACKET, 1.0),)))
    resolver = await resolver_for(server)
    types = (wire.MX, wire.TXT, wire.NS, wire.A)
    answers = await resolver.lookup_many([("firma.example", record_type) for record_type in types])
    assert {answer.state for answer in answers} == {"unknown"}


async def test_every_packet_length_is_unknown_but_the_whole_one(resolver_for: OpenResolver) -> None:
    """Packets that end early, byte by byte, from nothing to the whole answer."""

    def cut_to(asked: Asked) -> tuple[Sent, ...]:
        whole = texts(asked, "v=spf1 -all").to_wire()
        return (whole[: int(asked.name.split(".")[0][1:])], whole) if asked.name.startswith("c") else (whole,)

    async with serve_script(cut_to) as server:
        resolver = await resolver_for(server)
        answers = await resolver.lookup_many([(f"c{size}.example", wire.TXT) for size in range(60)])
    assert states(answers) <= {("found", ""), ("unknown", "malformed")}
    assert {answer.values for answer in answers if answer.state == "found"} == {(b"v=spf1 -all",)}


async def test_packets_that_nobody_asked_for_change_nothing(resolver_for: OpenResolver) -> None:
    junk = [b"", b"x", bytes(11), bytes(12), bytes(range(256)) * 16, b"\xff" * 4096]

    def with_junk(asked: Asked) -> tuple[Sent, ...]:
        return (*junk, *(asked.packet[:2] + piece for piece in junk), texts(asked, "true"))

    async with serve_script(with_junk) as server:
        resolver = await resolver_for(server)
        assert (await ask(resolver, "firma.example")).values == (b"true",)


async def test_referral_is_not_absent(resolver_for: OpenResolver) -> None:
    def refer(asked: Asked) -> tuple[Sent, ...]:
        response = dns.message.make_response(asked.query)
        response.authority.append(dns.rrset.from_text("example.", 60, "IN", "NS", "ns1.example."))
        return (response,)

    async with serve_script(refer) as server:
        answer = await ask(await resolver_for(server), "firma.example")
    assert (answer.state, answer.reason) == ("unknown", "referral")


async def test_ids_and_ports_of_questions_differ(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked)]) as server:
        await get_acquainted(await resolver_for(server))
        ids = [asked.query.id for asked in server.asked]
    assert len(ids) == 32
    assert len(set(ids)) > 28
    assert sorted(ids) != ids

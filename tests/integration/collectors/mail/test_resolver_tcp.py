"""Answers that are too large for UDP: by TCP, whole or not at all."""

import asyncio
import time

import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.flow import TimeBudget
from hunter.lab.dns.faults import Fault, Faults, TCPService
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.leftovers import leftovers
from tests.integration.collectors.mail.questions import PORTION, ask, ask_within, question
from tests.integration.collectors.scripted import Asked, Sent, cut, serve_script, silence, texts
from tests.support.name_servers import Serve

LARGE = [f"text {number} " + "x" * 200 for number in range(20)]
RECORDS = {"large.example": {"TXT": LARGE}, "small.example": {"TXT": ["small"]}}


async def test_large_answer_is_read_whole_by_tcp(serve: Serve, resolver_for: OpenResolver) -> None:
    answer = await ask(await resolver_for(serve(RECORDS)), "large.example")
    assert answer.values == tuple(text.encode() for text in LARGE)
    assert (answer.by_tcp, answer.tries) == (True, 1)


async def test_text_of_64_kilobytes_is_read(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.TXT_64K, 1.0),)))
    answer = await ask(await resolver_for(server), "small.example")
    [text] = answer.values
    assert isinstance(text, bytes)
    assert (answer.state, text[:6], len(text) > 60_000) == ("found", b"v=spf1", True)


@pytest.mark.parametrize("service", [TCPService.REFUSE, TCPService.CUT])
async def test_failing_tcp_is_unknown_never_nodata(
    serve: Serve, resolver_for: OpenResolver, service: TCPService
) -> None:
    resolver = await resolver_for(serve(RECORDS, Faults(tcp=service)))
    large, small = await resolver.lookup_many([("large.example", wire.TXT), ("small.example", wire.TXT)])
    assert (large.state, large.reason, large.values) == ("unknown", "tcp", ())
    assert small.values == (b"small",)


async def test_hanging_tcp_is_unknown_at_the_deadline(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS, Faults(tcp=TCPService.HANG)))
    since = time.monotonic()
    answer = await ask_within(0.4, resolver, "large.example")
    assert (answer.state, answer.values) == ("unknown", ())
    assert time.monotonic() - since < 5
    assert (await ask(resolver, "small.example")).values == (b"small",)


async def test_truncated_by_tcp_too_is_unknown(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [cut(asked)], by_tcp=lambda asked: [cut(asked)]) as server:
        answer = await ask(await resolver_for(server), "firma.example")
    assert (answer.state, answer.reason) == ("unknown", "tcp")


async def test_answer_to_another_question_by_tcp_is_unknown(resolver_for: OpenResolver) -> None:
    def other(asked: Asked) -> tuple[Sent, ...]:
        packet = texts(asked, "other").to_wire()
        return (packet.replace(b"firma", b"ferma"),)

    async with serve_script(lambda asked: [cut(asked)], by_tcp=other) as server:
        answer = await ask(await resolver_for(server), "firma.example")
    assert (answer.state, answer.reason) == ("unknown", "tcp")


async def test_many_large_answers_share_few_connections(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [cut(asked)], by_tcp=lambda asked: [texts(asked, asked.name)]) as server:
        resolver = await resolver_for(server)
        names = [f"n{number}.example" for number in range(300)]
        answers = await resolver.lookup_many([(name, wire.TXT) for name in names])
        assert [answer.values for answer in answers] == [(name.encode(),) for name in names]
        assert 1 <= server.connections <= 8


async def test_connection_that_the_server_closed_is_replaced(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [cut(asked)], by_tcp=lambda asked: [texts(asked, "whole")]) as server:
        resolver = await resolver_for(server)
        for _ in range(3):
            assert (await ask(resolver, "firma.example")).values == (b"whole",)
            server.hang_up()
        assert server.connections == 3


async def test_questions_that_hang_in_tcp_hold_no_place_in_the_window(resolver_for: OpenResolver) -> None:
    def large_only(asked: Asked) -> tuple[Sent, ...]:
        return (cut(asked) if asked.name.startswith("large") else texts(asked, "small"),)

    async with serve_script(large_only, by_tcp=silence) as server:
        resolver = await resolver_for(server)
        large = [question(f"large{number}.example") for number in range(PORTION)]
        waiting = [asyncio.create_task(resolver.ask(large, TimeBudget(0.6)))]
        await server.until_asked(PORTION + 64)
        assert "places in windows" not in leftovers(resolver)
        assert (await ask(resolver, "small.example")).values == (b"small",)
        assert {answer.state for batch in await asyncio.gather(*waiting) for answer in batch} == {"unknown"}

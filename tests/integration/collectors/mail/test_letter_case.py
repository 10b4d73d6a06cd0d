"""Random letter case (0x20): a further secret, and no trouble for servers that do not keep it."""

import asyncio

from hunter.collectors.mail import wire
from hunter.lab.dns.faults import Fault, Faults
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.mail.questions import ask, get_acquainted
from tests.integration.collectors.scripted import Asked, Sent, serve_script, texts
from tests.support.name_servers import Serve

NAME = "a-rather-long-name-with-many-letters.example"
RECORDS = {NAME: {"TXT": ["v=spf1 -all"]}}


def in_one_case(asked: Asked) -> tuple[Sent, ...]:
    """An answer whose question came back in small letters."""
    packet = texts(asked, "flat").to_wire()
    end = packet.index(0, 12)
    return (packet[:12] + packet[12:end].lower() + packet[end:],)


async def test_case_is_random_and_answers_are_found(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked, "kept")]) as server:
        resolver = await resolver_for(server, randomises_case=True)
        answers = [await ask(resolver, NAME) for _ in range(6)]
        spellings = {asked.packet[12:57] for asked in server.asked}
    assert {answer.values for answer in answers} == {(b"kept",)}
    assert len(spellings) == 6


async def test_late_answer_is_known_again_by_its_letters(resolver_for: OpenResolver) -> None:
    """All tries of a question are spelled alike."""

    def quick_only(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if "quick" in asked.name else ()

    async with serve_script(quick_only) as server:
        resolver = await resolver_for(server, randomises_case=True)
        await get_acquainted(resolver)
        waiting = asyncio.create_task(ask(resolver, NAME))
        first, _ = (await server.until_asked(34))[32:]
        first.send(texts(first, "late"))
        answer = await waiting
    assert (answer.values, answer.tries, answer.by_tcp) == ((b"late",), 2, False)


async def test_case_is_kept_small_where_it_is_not_asked_for(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked, "kept")]) as server:
        await ask(await resolver_for(server), NAME.upper())
        [asked] = server.asked
    assert wire.encode_name(NAME) in asked.packet


async def test_lost_case_is_proved_by_tcp_and_in_the_end_no_longer_asked_for(resolver_for: OpenResolver) -> None:
    async with serve_script(in_one_case, by_tcp=lambda asked: [texts(asked, "by tcp")]) as server:
        resolver = await resolver_for(server, randomises_case=True)
        answers = [await ask(resolver, NAME) for _ in range(6)]
    assert [answer.values for answer in answers] == [(b"by tcp",)] * 3 + [(b"flat",)] * 3
    assert [answer.by_tcp for answer in answers] == [True] * 3 + [False] * 3


async def test_lost_case_without_tcp_is_found_all_the_same(resolver_for: OpenResolver) -> None:
    async with serve_script(in_one_case) as server:
        resolver = await resolver_for(server, randomises_case=True)
        answers = await resolver.lookup_many([(f"n{number}.example", wire.TXT) for number in range(5)])
    assert {answer.values for answer in answers} == {(b"flat",)}


async def test_forger_who_does_not_know_the_case_is_not_believed(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve(RECORDS, Faults(lies=((Fault.WRONG_CASE, 1.0),)))
    answer = await ask(await resolver_for(server, randomises_case=True), NAME)
    assert (answer.state, answer.values, answer.by_tcp) == ("found", (b"v=spf1 -all",), True)

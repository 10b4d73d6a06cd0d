"""Packets that come late, twice or in the wrong moment: only the answer to the try under way may end that try."""

import asyncio
from collections import Counter

from hunter.collectors.mail import wire
from hunter.collectors.mail.flow import Window
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.leftovers import leftovers
from tests.integration.collectors.mail.questions import ask, get_acquainted, occupy, until
from tests.integration.collectors.scripted import Asked, Sent, cut, error, serve_script, silence, texts


async def test_late_failure_of_an_earlier_try_does_not_end_the_last_one(resolver_for: OpenResolver) -> None:
    def quick_only(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if "quick" in asked.name else ()

    async with serve_script(quick_only) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        waiting = asyncio.ensure_future(ask(resolver, "firma.example"))
        first, second, third = (await server.until_asked(35))[32:]
        first.send(error(first, "SERVFAIL"))
        second.send(error(second, "REFUSED"))
        third.send(texts(third, "true"))
        answer = await waiting
    assert (answer.values, answer.tries) == ((b"true",), 3)


async def test_failure_that_comes_twice_costs_one_try(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        waiting = asyncio.ensure_future(ask(resolver, "firma.example"))
        [first] = await server.until_asked(1)
        first.send(*[error(first, "SERVFAIL")] * 3)
        _, second = await server.until_asked(2)
        first.send(*[error(first, "SERVFAIL")] * 3)
        second.send(texts(second, "true"))
        answer = await waiting
    assert (answer.values, answer.tries) == ((b"true",), 2)


async def test_truncated_answer_during_the_pause_is_not_the_end(resolver_for: OpenResolver) -> None:
    """The server fails, then says all the same that the answer is too large: the next try goes over to TCP."""

    def by_udp(asked: Asked) -> tuple[Sent, ...]:
        return (error(asked, "SERVFAIL"), cut(asked)) if len(server.asked) == 1 else (cut(asked),)

    async with serve_script(by_udp, by_tcp=lambda asked: [texts(asked, "whole")]) as server:
        resolver = await resolver_for(server)
        async with asyncio.timeout(2):
            answer = await ask(resolver, "firma.example")
    assert (answer.values, answer.by_tcp) == ((b"whole",), True)


async def test_answer_during_the_pause_counts(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [error(asked, "SERVFAIL"), texts(asked, "after all")]) as server:
        answer = await ask(await resolver_for(server), "firma.example")
        assert len(server.asked) == 1
    assert (answer.values, answer.tries) == ((b"after all",), 1)


async def test_question_is_never_sent_twice_for_one_try(resolver_for: OpenResolver) -> None:
    """Repeats that have to queue for the window are sent once each, however the moments of their pauses fall."""
    seen: Counter[str] = Counter()

    def react(asked: Asked) -> tuple[Sent, ...]:
        seen[asked.name] += 1
        if asked.name.startswith("place"):
            return ()
        return (error(asked, "SERVFAIL"),) if seen[asked.name] == 1 else (texts(asked, "true"),)

    async with serve_script(react) as server:
        resolver = await resolver_for(server)
        holders = await occupy(resolver, server, Window.START - 80, seconds=6)
        batches = [[(f"n{at}.d{number}.example", wire.TXT) for at in range(8)] for number in range(10)]
        waiting = [asyncio.create_task(resolver.lookup_many(batch)) for batch in batches]
        await until(lambda: leftovers(resolver)["places in windows"] == Window.START - 80)
        holders += await occupy(resolver, server, 80, seconds=6)
        await until(lambda: leftovers(resolver).get("queued") == 80)
        # Another failure of each, twice, while its repeat waits in the queue.
        for asked in server.asked:
            if asked.name.startswith("n"):
                asked.send(error(asked, "SERVFAIL"), error(asked, "SERVFAIL"))
        for asked in server.asked:
            if asked.name.startswith("place"):
                asked.send(texts(asked))
        answers = [answer for batch in await asyncio.gather(*waiting) for answer in batch]
        await asyncio.gather(*holders)
    assert {(answer.state, answer.tries) for answer in answers} == {("found", 2)}
    assert {count for name, count in seen.items() if name.startswith("n")} == {2}

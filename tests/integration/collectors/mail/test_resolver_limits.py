"""Windows, ceilings, deadlines in the queue, stalls of the loop, callers that leave, and the end of the resolver."""

import asyncio
import os
import time
from collections import Counter
from pathlib import Path

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.flow import TimeBudget, Window
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.leftovers import leftovers
from tests.integration.collectors.mail.questions import ask, get_acquainted, occupy, question, states
from tests.integration.collectors.scripted import Asked, Sent, serve_script, silence, texts
from tests.support.name_servers import Serve

RECORDS = {"firma.example": {"TXT": ["v=spf1 -all"]}}


def open_sockets() -> int:
    """How many sockets this process holds."""
    links = (os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return sum(link.startswith("socket:") for link in links)


async def test_more_questions_than_the_window_takes_are_all_answered(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS))
    names = [("firma.example" if number % 2 else f"gone{number}.example", wire.TXT) for number in range(6000)]
    answers = await resolver.lookup_many(names)
    assert Counter(answer.state for answer in answers) == {"found": 3000, "absent": 3000}


async def test_question_beyond_the_window_waits_for_a_place(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        holders = await occupy(resolver, server, Window.START, seconds=6)
        waiting = asyncio.create_task(ask(resolver, "next.example"))
        await asyncio.sleep(0)
        assert leftovers(resolver)["places in windows"] == Window.START
        assert leftovers(resolver)["queued"] == 1
        server.asked[0].send(texts(server.asked[0]))
        *_, last = await server.until_asked(Window.START + 1)
        assert last.name == "next.example"
        for asked in server.asked[1:]:
            asked.send(texts(asked, "true"))
        assert (await waiting).values == (b"true",)
        await asyncio.gather(*holders)


async def test_ceiling_is_kept(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked)]) as server:
        resolver = await resolver_for(server, questions_per_second=500)
        since = time.monotonic()
        asked = (
            resolver.lookup_many([(f"n{at}.d{number}.example", wire.TXT) for at in range(5)]) for number in range(80)
        )
        answers = [answer for batch in await asyncio.gather(*asked) for answer in batch]
        elapsed = time.monotonic() - since
    assert states(answers) == {("absent", "nodata")}
    # 400 questions: a burst of 25, the rest at 500 a second.
    assert elapsed >= 0.74


async def test_waiting_below_a_ceiling_costs_no_time_on_the_wire(resolver_for: OpenResolver) -> None:
    """Batches that have to wait for their turn are not given up: their time starts with their first question."""
    async with serve_script(lambda asked: [texts(asked)]) as server:
        resolver = await resolver_for(server, questions_per_second=200)
        budgets = [TimeBudget(0.3) for _ in range(30)]
        answers = await asyncio.gather(
            *(resolver.ask([question(f"n{number}.example")] * 5, budget) for number, budget in enumerate(budgets))
        )
    assert {answer.state for batch in answers for answer in batch} == {"absent"}
    assert min(budget.left_seconds for budget in budgets) > 0


async def test_deadline_holds_in_the_queue_too(resolver_for: OpenResolver) -> None:
    """A batch whose questions wait behind others after its first one was sent is settled when its time is up."""
    async with serve_script(silence) as server:
        resolver = await resolver_for(server, questions_per_second=20)
        since = time.monotonic()
        answers = await resolver.ask([question(f"n{number}.example") for number in range(200)], TimeBudget(0.5))
        assert time.monotonic() - since < 5
    assert states(answers) == {("unknown", "timeout")}
    assert max(answer.tries for answer in answers) == 1


async def test_repeat_that_cannot_be_sent_in_time_is_given_up_in_time(resolver_for: OpenResolver) -> None:
    """Its repeat stands in the queue behind a thousand others when its deadline passes."""

    def quick_only(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if "quick" in asked.name else ()

    async with serve_script(quick_only) as server:
        resolver = await resolver_for(server, questions_per_second=100)
        await get_acquainted(resolver)
        mine = asyncio.ensure_future(resolver.ask([question("mine.example")], TimeBudget(0.8)))
        await server.until_asked(33)
        others = asyncio.ensure_future(
            resolver.ask([question(f"n{number}.example") for number in range(1000)], TimeBudget(3.0))
        )
        async with asyncio.timeout(2):
            [answer] = await mine
        others.cancel()
        await asyncio.wait([others])
    assert (answer.state, answer.reason) == ("unknown", "timeout")


async def test_dead_questions_do_not_keep_others_waiting(resolver_for: OpenResolver) -> None:
    """Silent questions hold their places only until their time-out, then the next ones are asked."""

    def mostly_dead(asked: Asked) -> tuple[Sent, ...]:
        return () if asked.name.startswith("place") else (texts(asked),)

    async with serve_script(mostly_dead) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        dead = await occupy(resolver, server, Window.START, seconds=1)
        since = time.monotonic()
        assert (await ask(resolver, "alive.example")).state == "absent"
        assert time.monotonic() - since < 5
        assert states(answer for batch in await asyncio.gather(*dead) for answer in batch) == {("unknown", "timeout")}


async def test_loop_that_stood_still_makes_no_time_outs(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS))
    await get_acquainted(resolver)
    waiting = asyncio.ensure_future(resolver.lookup_many([("firma.example", wire.TXT)] * 900))
    await asyncio.sleep(0)
    # The loop is held up on purpose: all answers arrive while nobody reads them.
    time.sleep(1.2)
    answers = await waiting
    assert states(answers) == {("found", "")}
    assert resolver.statistics.silences == 0


async def test_caller_who_leaves_gives_everything_back(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        waiting = await occupy(resolver, server, Window.START, seconds=6)
        waiting += [asyncio.create_task(resolver.ask([question("queued.example")] * 5, TimeBudget(6)))]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)
        assert leftovers(resolver) == {}
        server.react = lambda asked: [texts(asked, "next")]
        assert (await ask(resolver, "firma.example")).values == (b"next",)


async def test_caller_who_leaves_during_tcp_disturbs_nobody(resolver_for: OpenResolver) -> None:
    def truncated(asked: Asked) -> tuple[Sent, ...]:
        packet = bytearray(texts(asked).to_wire())
        packet[2] |= 2
        return (bytes(packet),)

    async with serve_script(truncated, by_tcp=silence) as server:
        resolver = await resolver_for(server)
        waiting = asyncio.ensure_future(ask(resolver, "firma.example"))
        _, by_tcp = await server.until_asked(2)
        waiting.cancel()
        await asyncio.wait([waiting])
        server.react_by_tcp = lambda asked: [texts(asked, "whole")]
        by_tcp.send(texts(by_tcp, "too late"))
        assert (await ask(resolver, "other.example")).values == (b"whole",)


async def test_end_of_the_resolver_ends_all_waiting() -> None:
    async with serve_script(silence) as server:
        async with Resolver([Upstream(server.host, server.port, questions_per_second=20)]) as resolver:
            waiting = asyncio.ensure_future(resolver.lookup_many([(f"n{at}.example", wire.TXT) for at in range(50)]))
            queued = asyncio.ensure_future(ask(resolver, "later.example"))
            await server.until_asked(1)
        async with asyncio.timeout(1):
            answers = [*await waiting, await queued, await ask(resolver, "after.example")]
    assert {answer.state for answer in answers} == {"unknown"}


async def test_closed_resolver_leaves_no_sockets_and_no_timers(serve: Serve) -> None:
    server = serve(RECORDS)
    before = open_sockets()
    async with Resolver([Upstream(server.host, server.port)]) as resolver:
        for _ in range(8):
            await ask(resolver, "firma.example")
        assert open_sockets() == before + 4
    assert open_sockets() == before
    assert len(asyncio.all_tasks()) == 1


async def test_resolver_can_be_opened_again_and_again(serve: Serve) -> None:
    server = serve(RECORDS)
    for _ in range(20):
        async with Resolver([Upstream(server.host, server.port)]) as resolver:
            assert await ask(resolver, "firma.example") == Answer(
                "found", "", (b"v=spf1 -all",), (), ttl=300, rcode=0, by_tcp=False, tries=1
            )

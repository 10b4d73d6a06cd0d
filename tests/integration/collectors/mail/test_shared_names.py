"""Texts that many domains share: asked once, kept within bounds, and a failure never for long."""

import asyncio
from collections import Counter

from hunter.collectors.mail.flow import TimeBudget
from hunter.collectors.mail.shared_names import SharedNames
from hunter.core.signals import Absent, Found, Unknown
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.scripted import Asked, Sent, error, serve_script, silence, texts

NAME = "spf.provider.example"
FOUND = Found(("v=spf1 -all",))


def published(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server on which every name holds the same text."""
    return (texts(asked, "v=spf1 -all"),)


async def test_name_is_asked_once_and_kept(resolver_for: OpenResolver) -> None:
    async with serve_script(published) as server:
        shared = SharedNames(await resolver_for(server))
        assert shared.kept(NAME) is None
        assert await shared.look_up([NAME, "other.example"], TimeBudget(5)) == [FOUND, FOUND]
        assert shared.kept(NAME) == FOUND
        assert Counter(server.names()) == {NAME: 1, "other.example": 1}


async def test_name_wanted_by_many_at_once_is_asked_once(resolver_for: OpenResolver) -> None:
    async with serve_script(published) as server:
        shared = SharedNames(await resolver_for(server))
        answers = await asyncio.gather(*(shared.look_up([NAME], TimeBudget(5)) for _ in range(100)))
        assert answers == [[FOUND]] * 100
        assert server.names() == [NAME]


async def test_absence_is_kept_too(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [texts(asked)]) as server:
        shared = SharedNames(await resolver_for(server))
        await shared.look_up([NAME], TimeBudget(5))
        assert shared.kept(NAME) == Absent("nodata")


async def test_failure_is_unknown_and_not_kept_beyond_a_minute(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [error(asked, "REFUSED")]) as server:
        shared = SharedNames(await resolver_for(server))
        assert await shared.look_up([NAME], TimeBudget(5)) == [Unknown("refused")]
        until, signal = shared._kept[NAME]
        assert signal == Unknown("refused")
        assert until - asyncio.get_running_loop().time() <= 60


async def test_caller_without_time_gets_unknown_and_the_next_one_the_answer(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        shared = SharedNames(await resolver_for(server))
        budget = TimeBudget(0.1)
        assert await shared.look_up([NAME], budget) == [Unknown("timeout")]
        assert budget.left_seconds <= 0
        patient = asyncio.create_task(shared.look_up([NAME], TimeBudget(5)))
        [asked] = await server.until_asked(1)
        asked.send(texts(asked, "v=spf1 -all"))
        assert await patient == [FOUND]
        assert server.names() == [NAME]


async def test_caller_who_leaves_takes_the_answer_from_nobody(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        shared = SharedNames(await resolver_for(server))
        leaving = asyncio.create_task(shared.look_up([NAME], TimeBudget(5)))
        staying = asyncio.create_task(shared.look_up([NAME], TimeBudget(5)))
        [asked] = await server.until_asked(1)
        leaving.cancel()
        await asyncio.wait([leaving])
        asked.send(texts(asked, "v=spf1 -all"))
        assert await staying == [FOUND]


async def test_what_cannot_be_a_name_is_unknown_and_not_asked(resolver_for: OpenResolver) -> None:
    async with serve_script(published) as server:
        shared = SharedNames(await resolver_for(server))
        names = ["a..example", "%{i}.example", "x" * 64, "ş.example"]
        answers = await shared.look_up(names, TimeBudget(5))
        assert answers == [Unknown("name"), FOUND, Unknown("name"), Unknown("name")]
        assert len(server.asked) == 1


async def test_memory_is_bounded(resolver_for: OpenResolver) -> None:
    async with serve_script(published) as server:
        shared = SharedNames(await resolver_for(server))
        for start in range(0, 4400, 200):
            await shared.look_up([f"n{number}.example" for number in range(start, start + 200)], TimeBudget(5))
        assert len(shared._kept) == 4096
        assert shared.kept("n0.example") is None
        assert shared.kept("n4399.example") == FOUND

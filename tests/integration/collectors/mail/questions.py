"""Questions as the resolver takes them, and what tests compare."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.flow import TimeBudget
from hunter.collectors.mail.resolver import Resolver
from tests.integration.collectors.scripted import ScriptedServer

#: So many questions at once fit into the receive buffer that an ordinary user's socket gets.
PORTION: Final = 200


def question(name: str, record_type: int = wire.TXT) -> bytes:
    """An encoded question."""
    return wire.encode_name(name) + wire.encode_type(record_type)


async def ask(resolver: Resolver, name: str, record_type: int = wire.TXT) -> Answer:
    """Ask one question."""
    [answer] = await resolver.lookup_many([(name, record_type)])
    return answer


async def ask_within(seconds: float, resolver: Resolver, name: str, record_type: int = wire.TXT) -> Answer:
    """Ask one question that must be settled in so many seconds."""
    [answer] = await resolver.ask([question(name, record_type)], TimeBudget(seconds))
    return answer


def states(answers: Iterable[Answer]) -> set[tuple[str, str]]:
    """The different (state, reason) pairs among answers."""
    return {(answer.state, answer.reason) for answer in answers}


async def get_acquainted(resolver: Resolver) -> None:
    """Let a resolver learn that its upstreams are quick, so that it waits 0.3 s for a first answer and not 1.5 s."""
    for number in range(4):
        await resolver.lookup_many([(f"n{at}.quick{number}.example", wire.TXT) for at in range(8)])


async def occupy(
    resolver: Resolver, server: ScriptedServer, places: int, *, seconds: float
) -> list[asyncio.Task[list[Answer]]]:
    """Put so many questions under way; in small portions, so that no socket's buffer overflows."""
    waiting = []
    before = len(server.asked)
    for start in range(0, places, PORTION):
        questions = [question(f"place{start + at}.example") for at in range(min(PORTION, places - start))]
        waiting.append(asyncio.create_task(resolver.ask(questions, TimeBudget(seconds))))
        await server.until_asked(before + start + len(questions))
    return waiting


async def until(is_so: Callable[[], bool]) -> None:
    """Return once something holds that nobody announces."""
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.01)

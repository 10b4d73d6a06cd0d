"""Name servers of the lab on real sockets, and a resolver that has to leave nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Protocol

import pytest

from hunter.collectors.gathering import Collectors
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.collectors.survey import Survey
from hunter.core.provider.signatures import Signatures
from hunter.resilience.rate_limiter import RateLimiter
from tests.integration.collectors.leftovers import leftovers
from tests.support.builders import COLLECTED_AT
from tests.support.name_servers import Serve, name_servers
from tests.support.rulebooks import shipped_rulebook


class Server(Protocol):
    """What can be asked."""

    host: str
    port: int


OpenResolver = Callable[..., Awaitable[Resolver]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a name server of the lab for a world, or for records as `World.from_records` takes them."""
    yield from name_servers()


@pytest.fixture
async def resolver_for() -> AsyncIterator[OpenResolver]:
    """Opens a resolver that asks these servers; at the end of the test nothing may be left in it."""
    async with AsyncExitStack() as open_resolvers:
        opened: list[Resolver] = []

        async def open_resolver(
            *servers: Server, questions_per_second: float = 0.0, randomises_case: bool = False
        ) -> Resolver:
            upstreams = [
                Upstream(
                    server.host,
                    server.port,
                    questions_per_second=questions_per_second,
                    randomises_case=randomises_case,
                )
                for server in servers
            ]
            opened.append(await open_resolvers.enter_async_context(Resolver(upstreams)))
            return opened[-1]

        yield open_resolver
        assert [leftovers(resolver) for resolver in opened] == [{}] * len(opened)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "the resolver left tasks behind"


@pytest.fixture
def signatures() -> Signatures:
    """The shipped signatures."""
    return shipped_rulebook().signatures


def survey_of(resolver: Resolver, *, per_second: float = 0.0) -> Survey:
    """A survey through the resolver that takes every answer to have been collected at one fixed time."""
    collector = MailCollector(resolver, shipped_rulebook().signatures)
    return Survey(Collectors(collector), clock=lambda: COLLECTED_AT, limiter=RateLimiter("dns", per_second))

"""The resolver against servers that fail: nothing they do becomes a fact, and nothing takes longer than allowed."""

import asyncio
import socket
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.flow import RetryBudget, TimeBudget
from hunter.collectors.mail.resolver import Resolver
from hunter.lab.dns.faults import Faults
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.mail.questions import ask, get_acquainted, question, states
from tests.integration.collectors.scripted import Asked, Sent, error, serve_script, silence, texts
from tests.support.name_servers import Serve

RECORDS = {f"f{number}.example": {"TXT": [f"text {number}"]} for number in range(200)}
NAMES = [(name, wire.TXT) for name in RECORDS]


@dataclass(frozen=True, slots=True)
class Address:
    """Where nobody listens."""

    host: str
    port: int


def closed_port() -> Address:
    """A port of this machine that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return Address(*taken.getsockname())


async def ask_by_fives(resolver: Resolver, batches: int) -> list[Answer]:
    """Ask so many batches of five questions at the same time."""
    together = [[(f"n{at}.d{number}.example", wire.TXT) for at in range(5)] for number in range(batches)]
    return [answer for answers in await asyncio.gather(*map(resolver.lookup_many, together)) for answer in answers]


@pytest.mark.parametrize(
    ("code", "reason", "tries"),
    [("SERVFAIL", "servfail", 3), ("REFUSED", "refused", 3), ("NOTIMP", "notimp", 3), ("YXDOMAIN", "rcode", 3)],
)
async def test_error_is_unknown_after_three_tries(
    resolver_for: OpenResolver, code: str, reason: str, tries: int
) -> None:
    async with serve_script(lambda asked: [error(asked, code)]) as server:
        answer = await ask(await resolver_for(server), "firma.example")
    assert (answer.state, answer.reason, answer.tries) == ("unknown", reason, tries)


async def test_failure_that_passes_is_no_failure(resolver_for: OpenResolver) -> None:
    codes = iter(["SERVFAIL", "REFUSED"])

    def recover(asked: Asked) -> tuple[Sent, ...]:
        code = next(codes, None)
        return (error(asked, code) if code else texts(asked, "well again"),)

    async with serve_script(recover) as server:
        answer = await ask(await resolver_for(server), "firma.example")
    assert (answer.values, answer.tries) == ((b"well again",), 3)


async def test_storm_of_servfail_ends_at_the_deadline(resolver_for: OpenResolver) -> None:
    """More repeats than the budget allows are wanted: the rest waits for it, but not longer than the batch may take."""
    async with serve_script(lambda asked: [error(asked, "SERVFAIL")]) as server:
        resolver = await resolver_for(server)
        budgets = [TimeBudget(0.6) for _ in range(40)]
        asked = (resolver.ask([question(f"n{at}.example")] * 5, budget) for at, budget in enumerate(budgets))
        since = time.monotonic()
        answers = [answer for answers in await asyncio.gather(*asked) for answer in answers]
        assert time.monotonic() - since < 6
    assert states(answers) == {("unknown", "servfail")}
    assert resolver.statistics.repeats == RetryBudget.FLOOR


async def test_server_without_edns_is_asked_without(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve(RECORDS, Faults(formerr_on_edns=1.0))
    resolver = await resolver_for(server)
    since = time.monotonic()
    answers = await asyncio.gather(*(resolver.lookup_many(NAMES[start : start + 5]) for start in range(0, 200, 5)))
    assert Counter(answer.state for batch in answers for answer in batch) == {"found": 200}
    assert time.monotonic() - since < 6
    before = resolver.statistics.repeats
    assert (await ask(resolver, "f0.example")).tries == 1
    assert resolver.statistics.repeats == before


async def test_server_that_calls_everything_malformed_is_unknown(resolver_for: OpenResolver) -> None:
    async with serve_script(lambda asked: [error(asked, "FORMERR")]) as server:
        answer = await ask(await resolver_for(server), "firma.example")
        with_edns = [asked.has_edns for asked in server.asked]
    assert (answer.state, answer.reason) == ("unknown", "formerr")
    assert with_edns == [True, False, False]


async def test_closed_port_is_unknown_at_once(resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(closed_port())
    since = time.monotonic()
    answers = await ask_by_fives(resolver, 1)
    assert states(answers) == {("unknown", "network")}
    assert time.monotonic() - since < 5
    assert {answer.tries for answer in answers} == {3}


async def test_closed_port_is_unknown_soon_for_many(resolver_for: OpenResolver) -> None:
    """Waiting for the budget of repeats would change nothing where nobody listens."""
    resolver = await resolver_for(closed_port())
    since = time.monotonic()
    answers = await ask_by_fives(resolver, 100)
    assert states(answers) == {("unknown", "network")}
    assert time.monotonic() - since < 5
    assert resolver.statistics.repeats <= RetryBudget.FLOOR + 50


async def test_dead_server_is_given_up_at_the_deadline(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        since = time.monotonic()
        answers = await resolver.ask([question("a.example"), question("b.example")], TimeBudget(0.5))
    assert answers == [Answer("unknown", "timeout", tries=1)] * 2
    assert 0.45 < time.monotonic() - since < 5


async def test_time_on_the_wire_is_taken_from_the_budget(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        budget = TimeBudget(0.3)
        await resolver.ask([question("a.example")], budget)
    assert -0.3 < budget.left_seconds <= 0


@pytest.mark.parametrize("seconds", [0.0, -0.01, -0.06, -3.0])
async def test_nothing_is_asked_once_the_budget_is_spent(resolver_for: OpenResolver, seconds: float) -> None:
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        async with asyncio.timeout(1):
            answers = await resolver.ask([question("a.example")] * 3, TimeBudget(seconds))
        assert server.asked == []
    assert states(answers) == {("unknown", "timeout")}


async def test_tiny_budget_ends(resolver_for: OpenResolver) -> None:
    """A deadline before the next tick of the timer, wherever within a tick it falls."""
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        async with asyncio.timeout(3):
            for step in range(12):
                [answer] = await resolver.ask([question("a.example")], TimeBudget(0.001 + step * 0.005))
                assert answer.state == "unknown"


async def test_failure_just_before_the_deadline_ends_at_it(resolver_for: OpenResolver) -> None:
    """The pause before the next try reaches past the deadline."""
    async with serve_script(silence) as server:
        resolver = await resolver_for(server)
        waiting = asyncio.ensure_future(resolver.ask([question("a.example")], TimeBudget(0.15)))
        [asked] = await server.until_asked(1)
        asyncio.get_running_loop().call_later(0.14, lambda: asked.send(error(asked, "SERVFAIL")))
        async with asyncio.timeout(1):
            [answer] = await waiting
    assert answer.state == "unknown"


async def test_only_a_scout_is_repeated_while_a_whole_zone_is_silent(resolver_for: OpenResolver) -> None:
    def quick_only(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if "quick" in asked.name else ()

    async with serve_script(quick_only) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        del server.asked[:]
        zone = [question(f"{label}.dead.example") for label in "abcde"]
        answers = await resolver.ask(zone, TimeBudget(1.2), is_one_zone=True)
        counts = sorted(Counter(server.names()).values())
    assert states(answers) == {("unknown", "timeout")}
    assert counts == [1, 1, 1, 1, 3]


async def test_one_sign_of_life_lets_the_whole_zone_be_repeated(resolver_for: OpenResolver) -> None:
    """All first tries are lost; when the scout is answered, the others are sent again and answered too."""
    seen: Counter[str] = Counter()

    def second_time(asked: Asked) -> tuple[Sent, ...]:
        seen[asked.name] += 1
        return (texts(asked, "here"),) if seen[asked.name] > 1 or "quick" in asked.name else ()

    async with serve_script(second_time) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        zone = [question(f"{label}.firma.example") for label in "abcde"]
        answers = await resolver.ask(zone, TimeBudget(6), is_one_zone=True)
    assert [(answer.values, answer.tries) for answer in answers] == [((b"here",), 2)] * 5


async def test_error_while_a_zone_is_silent_is_a_sign_of_life(resolver_for: OpenResolver) -> None:
    seen: Counter[str] = Counter()

    def react(asked: Asked) -> tuple[Sent, ...]:
        seen[asked.name] += 1
        if "quick" in asked.name or seen[asked.name] > 2:
            return (texts(asked, "here"),)
        return (error(asked, "SERVFAIL"),) if seen[asked.name] == 2 else ()

    async with serve_script(react) as server:
        resolver = await resolver_for(server)
        await get_acquainted(resolver)
        zone = [question(f"{label}.firma.example") for label in "abc"]
        answers = await resolver.ask(zone, TimeBudget(6), is_one_zone=True)
    assert [(answer.values, answer.tries) for answer in answers] == [((b"here",), 3)] * 3


async def test_loss_makes_no_facts_and_hardly_any_unknown(serve: Serve, resolver_for: OpenResolver) -> None:
    resolver = await resolver_for(serve(RECORDS, Faults(loss=0.1)))
    await get_acquainted(resolver)
    answers = await asyncio.gather(*(resolver.lookup_many(NAMES[start : start + 5]) for start in range(0, 100, 5)))
    flat = [answer for batch in answers for answer in batch]
    found = [answer.values for answer in flat if answer.state == "found"]
    assert {answer.state for answer in flat} <= {"found", "unknown"}
    assert set(found) <= {(f"text {number}".encode(),) for number in range(100)}
    assert len(found) >= 99

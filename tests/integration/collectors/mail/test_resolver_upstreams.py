"""Several upstreams: work is shared, and one that is dead, closed or useless costs time but no truth."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import pytest

from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.flow import Health, RetryBudget, TimeBudget
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.mail.questions import ask, question, states
from tests.integration.collectors.mail.test_resolver_failures import ask_by_fives, closed_port
from tests.integration.collectors.scripted import Asked, Reaction, Sent, error, serve_script, silence, texts


def honest(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server that works."""
    return (texts(asked, "true"),)


def refuse(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server that does not want to answer us."""
    return (error(asked, "REFUSED"),)


def later(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server that works and is 30 ms away."""
    asyncio.get_running_loop().call_later(0.03, lambda: asked.send(texts(asked, "true")))
    return ()


def all_true(answers: Iterable[Answer]) -> bool:
    return {(answer.state, answer.values) for answer in answers} == {("found", (b"true",))}


async def test_upstreams_share_the_work(resolver_for: OpenResolver) -> None:
    async with serve_script(honest) as one, serve_script(honest) as other:
        resolver = await resolver_for(one, other)
        assert all_true(await ask_by_fives(resolver, 20))
        assert (len(one.asked), len(other.asked)) == (50, 50)


@pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED", "NOTIMP"])
async def test_next_try_goes_to_the_other_upstream(resolver_for: OpenResolver, code: str) -> None:
    async with serve_script(lambda asked: [error(asked, code)]) as bad, serve_script(honest) as good:
        resolver = await resolver_for(bad, good)
        answers = [await ask(resolver, "firma.example") for _ in range(2)]
    assert all_true(answers)
    assert sorted(answer.tries for answer in answers) == [1, 2]


async def test_closed_upstream_does_not_fail_questions_that_went_on_to_another(resolver_for: OpenResolver) -> None:
    """A refusal speaks for the tries that wait on that socket now, not for those that left it."""
    async with serve_script(later) as good:
        resolver = await resolver_for(closed_port(), good)
        for _ in range(10):
            assert all_true(await ask_by_fives(resolver, 4))


@pytest.mark.parametrize(
    "trouble",
    [silence, refuse, lambda asked: [error(asked, "SERVFAIL")]],
    ids=["dead", "refuses", "fails"],
)
async def test_half_the_upstreams_out_of_order_costs_no_answer(resolver_for: OpenResolver, trouble: Reaction) -> None:
    async with serve_script(trouble) as bad, serve_script(later) as good:
        resolver = await resolver_for(bad, good)
        assert all_true(await ask_by_fives(resolver, 200))


async def test_closed_half_of_the_upstreams_costs_no_answer(resolver_for: OpenResolver) -> None:
    async with serve_script(later) as good:
        resolver = await resolver_for(closed_port(), good)
        assert all_true(await ask_by_fives(resolver, 200))


async def test_dead_upstream_is_soon_left_alone(resolver_for: OpenResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    # Longer than the test takes on any machine.
    monkeypatch.setattr(Health, "_OPEN_SECONDS", 60.0)
    async with serve_script(silence) as dead, serve_script(honest) as good:
        resolver = await resolver_for(dead, good)
        await ask_by_fives(resolver, 10)
        before = len(dead.asked)
        assert all_true(await ask_by_fives(resolver, 100))
        assert len(dead.asked) == before


async def test_upstream_that_answers_is_asked_on_however_many_questions_it_drops_at_once(
    resolver_for: OpenResolver,
) -> None:
    def forgetful(asked: Asked) -> Iterable[Sent]:
        return () if asked.name[:2] in {"n0", "n1"} else honest(asked)

    async with serve_script(forgetful) as forgets, serve_script(honest) as good:
        resolver = await resolver_for(forgets, good)
        assert all_true(await ask_by_fives(resolver, 30))
        before = len(forgets.asked)
        assert all_true(await ask_by_fives(resolver, 10))
        assert sum(asked.name[:2] == "n4" for asked in forgets.asked[before:]) == 5


async def test_upstream_that_recovers_is_asked_again(resolver_for: OpenResolver) -> None:
    async with serve_script(refuse) as ill, serve_script(honest) as good:
        resolver = await resolver_for(ill, good)
        await ask_by_fives(resolver, 10)
        ill.react = honest
        before = len(ill.asked)
        async with asyncio.timeout(8):
            while len(ill.asked) == before:
                assert all_true(await ask_by_fives(resolver, 2))
                await asyncio.sleep(0.2)


async def test_two_dead_upstreams_are_unknown_and_both_were_asked(resolver_for: OpenResolver) -> None:
    async with serve_script(refuse) as one, serve_script(refuse) as other:
        answers = await ask_by_fives(await resolver_for(one, other), 8)
        counts = Counter((bool(one.asked), bool(other.asked)))
    assert states(answers) == {("unknown", "refused")}
    assert counts == {True: 2}


async def test_outage_of_all_upstreams_is_not_answered_with_a_flood(resolver_for: OpenResolver) -> None:
    """To go on to another upstream is free only where that one is in order."""
    async with serve_script(refuse) as one, serve_script(refuse) as other:
        resolver = await resolver_for(one, other)
        budgets = [TimeBudget(0.6) for _ in range(40)]
        asked = (resolver.ask([question(f"n{at}.example")] * 5, budget) for at, budget in enumerate(budgets))
        answers = [answer for batch in await asyncio.gather(*asked) for answer in batch]
    assert {answer.state for answer in answers} == {"unknown"}
    # The failures of one upstream are found out before those of the other: a few repeats go there for nothing.
    assert resolver.statistics.repeats <= RetryBudget.FLOOR + 60

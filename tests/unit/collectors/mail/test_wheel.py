"""The timer wheel on times that the test invents: nothing is lost, nothing comes twice, nothing comes too early."""

import asyncio

import pytest

from hunter.collectors.mail.upstream import PendingQuery, QueryBatch
from hunter.collectors.mail.wheel import Wheel
from tests.unit.collectors.mail.messages import QUESTION

START = 1000.0


@pytest.fixture
async def batch() -> QueryBatch:
    """A batch of four questions, begun at START, with ten seconds of time."""
    begun = QueryBatch(
        [QUESTION] * 4, 1, future=asyncio.get_running_loop().create_future(), seconds=10, is_one_zone=False
    )
    begun.start(START)
    return begun


@pytest.fixture
def wheel() -> Wheel:
    """A wheel begun at START."""
    begun = Wheel()
    begun.start(START)
    return begun


def turn(wheel: Wheel, until: float, since: float = START) -> list[tuple[float, PendingQuery]]:
    """Look twenty times a second; what came, and when."""
    came = []
    for tick in range(int((until - since) * 20) + 1):
        now = since + tick / 20
        came += [(now, query) for query in wheel.due(now)]
    return came


async def test_errand_comes_once_and_not_too_early(wheel: Wheel, batch: QueryBatch) -> None:
    first, second, *_ = batch.queries
    wheel.enter(first, START + 0.31)
    wheel.enter(second, START + 1.0)
    came = turn(wheel, START + 5)
    assert [query for _, query in came] == [first, second]
    assert [round(now - START, 2) for now, _ in came] == [0.35, 1.05]


async def test_errands_of_one_wave_come_at_their_own_moments(wheel: Wheel, batch: QueryBatch) -> None:
    """Moments that alternate enter the batch twice for one tick; each query comes once all the same."""
    for query, at in zip(batch.queries, (0.3, 0.5, 0.3, 0.5), strict=True):
        wheel.enter(query, START + at)
    came = []
    for now, query in turn(wheel, START + 2):
        came.append((round(now - START, 2), batch.queries.index(query)))
    assert sorted(set(came)) == [(0.35, 0), (0.35, 2), (0.55, 1), (0.55, 3)]


async def test_errand_that_moves_on_when_it_comes_does_not_come_again_at_once(wheel: Wheel, batch: QueryBatch) -> None:
    for query, at in zip(batch.queries, (0.3, 0.5, 0.3, 0.5), strict=True):
        wheel.enter(query, START + at)
    seen = []
    for query in wheel.due(START + 0.1):
        seen.append(query)
    for tick in range(3, 30):
        now = START + tick / 20
        for query in wheel.due(now):
            seen.append(query)
            wheel.enter(query, now + 60)
    assert len(seen) == 4


async def test_last_entry_counts(wheel: Wheel, batch: QueryBatch) -> None:
    query = batch.queries[0]
    wheel.enter(query, START + 0.3)
    wheel.enter(query, START + 2.0)
    assert [round(now - START, 2) for now, _ in turn(wheel, START + 5)] == [2.05]


async def test_finished_errand_does_not_come(wheel: Wheel, batch: QueryBatch) -> None:
    query = batch.queries[0]
    wheel.enter(query, START + 0.3)
    query.is_done = True
    assert turn(wheel, START + 5) == []


async def test_deadline_comes_first(wheel: Wheel, batch: QueryBatch) -> None:
    wheel.enter(batch.queries[0], START + 100)
    [(now, _)] = turn(wheel, START + 20)
    assert 10 < now - START <= 10.05


@pytest.mark.parametrize("seconds", [-3.0, -0.06, -0.04, 0.0])
async def test_moment_that_is_past_already_comes_at_the_next_look(
    wheel: Wheel, batch: QueryBatch, seconds: float
) -> None:
    turn(wheel, START + 4)
    now = START + 4
    batch.deadline = now + seconds
    wheel.enter(batch.queries[0], now + 1)
    assert [query for _, query in turn(wheel, now + 1, since=now + 0.05)] == [batch.queries[0]]


async def test_nothing_is_due_at_the_first_look_after_a_stand_still(wheel: Wheel, batch: QueryBatch) -> None:
    wheel.enter(batch.queries[0], START + 0.3)
    assert list(wheel.due(START + 3)) == []
    assert list(wheel.due(START + 3.05)) == [batch.queries[0]]


async def test_all_of_a_batch_come_together(wheel: Wheel, batch: QueryBatch) -> None:
    due = wheel.enter_all(batch, START + 0.3)
    for query in batch.queries:
        query.due = due
    assert [query for _, query in turn(wheel, START + 1)] == batch.queries
    assert wheel.batches() == set()

"""Nobody is asked twice for what does not change, and many who ask at once ask once."""

import asyncio
from dataclasses import dataclass

import pytest

from hunter.resilience.memory_cache import MemoryCache
from hunter.resilience.ttl_cache import Grade, Lifetimes, TTLCache
from tests.unit.resilience.clock import Clock

LIFETIMES = Lifetimes(found=1000, absent=100, failed=10)
NAME = "firma.example"


@dataclass(slots=True)
class Neighbour:
    """Answers a moment later, always the same; its answers are grades."""

    answer: Grade = Grade.FOUND
    asked: int = 0

    async def ask(self) -> Grade:
        self.asked += 1
        await asyncio.sleep(0)
        return self.answer

    async def never(self) -> Grade:
        await asyncio.Event().wait()
        return self.answer

    async def break_down(self) -> Grade:
        self.asked += 1
        await asyncio.sleep(0)
        raise RuntimeError("broken")


def cache_of(clock: Clock | None = None) -> TTLCache[Grade]:
    return TTLCache(MemoryCache[Grade](clock=clock or Clock()), LIFETIMES, grade=lambda answer: answer)


@pytest.mark.parametrize(("answer", "seconds"), [(Grade.FOUND, 1000), (Grade.ABSENT, 100), (Grade.FAILED, 10)])
async def test_each_kind_of_answer_has_its_own_time(answer: Grade, seconds: float) -> None:
    neighbour, clock = Neighbour(answer), Clock()
    cache = cache_of(clock)
    assert await cache.look_up(NAME, neighbour.ask) == (answer, False)
    clock.now += seconds - 1
    assert await cache.look_up(NAME, neighbour.ask) == (answer, True)
    clock.now += 1
    assert await cache.look_up(NAME, neighbour.ask) == (answer, False)


async def test_where_nobody_was_asked_nothing_is_cached_and_nothing_shared() -> None:
    neighbour = Neighbour(Grade.NOT_CACHED)
    cache = cache_of()
    answers = await asyncio.gather(*(cache.look_up(NAME, neighbour.ask) for _ in range(3)))
    assert (answers, neighbour.asked) == ([(Grade.NOT_CACHED, False)] * 3, 3)


@pytest.mark.parametrize("answer", [Grade.FOUND, Grade.ABSENT, Grade.FAILED])
async def test_a_hundred_who_want_to_know_at_once_ask_once(answer: Grade) -> None:
    neighbour = Neighbour(answer)
    cache = cache_of()
    answers = await asyncio.gather(*(cache.look_up(NAME, neighbour.ask) for _ in range(100)))
    assert (answers, neighbour.asked) == ([(answer, False)] * 100, 1)


async def test_other_names_do_not_wait() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    waiting = asyncio.create_task(cache.look_up(NAME, neighbour.never))
    await asyncio.sleep(0)
    assert await cache.look_up("baska.example", neighbour.ask) == (Grade.FOUND, False)
    waiting.cancel()


async def test_the_next_asks_where_the_first_gave_up() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    first = asyncio.create_task(cache.look_up(NAME, neighbour.never))
    await asyncio.sleep(0)
    others = [asyncio.create_task(cache.look_up(NAME, neighbour.ask)) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [(Grade.FOUND, False)] * 5
    assert neighbour.asked == 1


async def test_one_who_gives_up_waiting_stops_nobody() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    first, second, third = (asyncio.create_task(cache.look_up(NAME, neighbour.ask)) for _ in range(3))
    await asyncio.sleep(0)
    second.cancel()
    assert [await first, await third] == [(Grade.FOUND, False)] * 2
    assert neighbour.asked == 1


async def test_a_fault_is_the_askers_own() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    first = asyncio.create_task(cache.look_up(NAME, neighbour.break_down))
    await asyncio.sleep(0)
    assert await cache.look_up(NAME, neighbour.ask) == (Grade.FOUND, False)
    with pytest.raises(RuntimeError):
        await first


async def test_fresh_asks_again_and_caches_the_new_answer() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    await cache.look_up(NAME, neighbour.ask)
    neighbour.answer = Grade.ABSENT
    assert await cache.look_up(NAME, neighbour.ask, is_fresh=True) == (Grade.ABSENT, False)
    assert await cache.look_up(NAME, neighbour.ask) == (Grade.ABSENT, True)


async def test_a_fresh_failure_pushes_nothing_out() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    await cache.look_up(NAME, neighbour.ask)
    neighbour.answer = Grade.FAILED
    assert await cache.look_up(NAME, neighbour.ask, is_fresh=True) == (Grade.FAILED, False)
    assert await cache.look_up(NAME, neighbour.ask) == (Grade.FOUND, True)


async def test_what_is_forgotten_is_asked_again() -> None:
    neighbour = Neighbour()
    cache = cache_of()
    await cache.look_up(NAME, neighbour.ask)
    await cache.forget(NAME)
    assert await cache.get(NAME) is None
    assert await cache.look_up(NAME, neighbour.ask) == (Grade.FOUND, False)

"""One contract for caches in memory, in files and in Redis, and for the look-ups above them."""

import asyncio
from typing import Any

import pytest

from hunter.resilience.cache_store import CacheHit
from hunter.resilience.ttl_cache import Grade, Lifetimes, TTLCache
from tests.integration.resilience.conftest import OpenCache

NAME = "cinar.example"
LONG_NAME = ".".join(["a" * 60] * 4) + ".example"


@pytest.mark.parametrize("value", ["Çınar", 0, False, [], {"until": 1}, None])
async def test_what_is_cached_is_found_and_nothing_is_a_value(open_cache: OpenCache, value: Any) -> None:
    store = open_cache()
    assert await store.get(NAME) is None
    await store.put(NAME, value, 60)
    assert await store.get(NAME) == CacheHit(value)


@pytest.mark.parametrize("name", [LONG_NAME, "çınar.example", "192.0.2.1", "2001:db8::1", "../x", "a b*?[c]"])
async def test_any_name_has_a_place_of_its_own(open_cache: OpenCache, name: str) -> None:
    store = open_cache()
    await store.put(name, "its own", 60)
    await store.put(NAME, "another's", 60)
    assert await store.get(name) == CacheHit("its own")


async def test_who_opens_the_same_place_finds_it(open_cache: OpenCache) -> None:
    await open_cache().put(NAME, "x", 60)
    assert await open_cache().get(NAME) == CacheHit("x")


async def test_a_newer_value_takes_the_place_of_the_older(open_cache: OpenCache) -> None:
    store = open_cache()
    await store.put(NAME, "old", 60)
    await store.put(NAME, "new", 60)
    assert await store.get(NAME) == CacheHit("new")


async def test_a_value_ends_with_its_time(open_cache: OpenCache) -> None:
    store = open_cache()
    await store.put(NAME, "x", 0.05)
    await store.put("baska.example", "x", 60)
    async with asyncio.timeout(20):
        while await store.get(NAME) is not None:
            await asyncio.sleep(0.01)
    assert await store.get("baska.example") == CacheHit("x")


@pytest.mark.parametrize("seconds", [0, 0.0, -1])
async def test_for_no_time_nothing_is_cached_nor_what_was_there(open_cache: OpenCache, seconds: float) -> None:
    store = open_cache()
    await store.put(NAME, "x", 60)
    await store.put(NAME, "y", seconds)
    assert await store.get(NAME) is None


async def test_what_is_forgotten_is_a_miss_and_the_others_stay(open_cache: OpenCache) -> None:
    store = open_cache()
    await store.put(NAME, "x", 60)
    await store.put("baska.example", "x", 60)
    await store.forget(NAME)
    await store.forget("never-there.example")
    assert await store.get(NAME) is None
    assert await store.get("baska.example") == CacheHit("x")


async def test_many_who_ask_at_once_share_one_look_up(open_cache: OpenCache) -> None:
    cache = TTLCache(open_cache(), Lifetimes(found=60, absent=60, failed=60), grade=lambda _: Grade.FOUND)
    asked: list[str] = []

    async def ask() -> str:
        asked.append(NAME)
        await asyncio.sleep(0)
        return "x"

    answers = await asyncio.gather(*(cache.look_up(NAME, ask) for _ in range(100)))
    assert answers == [("x", False)] * 100
    assert await cache.look_up(NAME, ask) == ("x", True)
    assert asked == [NAME]


async def test_the_three_kinds_of_answers_are_kept_apart(open_cache: OpenCache) -> None:
    cache = TTLCache(open_cache(), Lifetimes(found=60, absent=60, failed=0.05), grade=Grade)
    for grade in Grade:
        await cache.look_up(grade, lambda grade=grade: _answer(grade))  # type: ignore[misc]  # a lambda's default
    async with asyncio.timeout(20):
        while await cache.get(Grade.FAILED) is not None:
            await asyncio.sleep(0.01)
    cached = [grade for grade in Grade if await cache.get(grade) is not None]
    assert cached == [Grade.FOUND, Grade.ABSENT]


async def _answer(grade: Grade) -> str:
    return grade.value

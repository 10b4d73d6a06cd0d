"""The cache of one process has an end."""

from hunter.resilience.memory_cache import MemoryCache
from tests.unit.resilience.clock import Clock


async def test_what_was_used_longest_ago_goes_first() -> None:
    cache = MemoryCache[int](most=2)
    await cache.put("a", 1, 600)
    await cache.put("b", 2, 600)
    await cache.get("a")
    await cache.put("c", 3, 600)
    assert [name for name in ("a", "b", "c") if await cache.get(name) is not None] == ["a", "c"]


async def test_nothing_is_cached_longer_than_its_time() -> None:
    clock = Clock()
    cache = MemoryCache[int](clock=clock)
    await cache.put("a", 1, 600)
    clock.now += 599.9
    assert await cache.get("a") is not None
    clock.now += 0.1
    assert await cache.get("a") is None

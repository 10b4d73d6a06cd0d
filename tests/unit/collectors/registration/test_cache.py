"""What is remembered, for how long, and that it is recognised."""

from hunter.collectors.registration.cache import MemoryCache, seconds_to_remember
from hunter.collectors.registration.registration import Outcome, Registration, unavailable

FOUND = Registration(Outcome.FOUND, registrar="Örnek")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_results_are_kept_a_day_and_failures_ten_minutes() -> None:
    assert seconds_to_remember(FOUND) == 86_400
    assert seconds_to_remember(Registration(Outcome.NOT_REGISTERED)) == 86_400
    assert seconds_to_remember(unavailable("rate_limited")) == 600


async def test_what_is_remembered_says_so() -> None:
    cache = MemoryCache()
    await cache.put("ornek-hunter.com", unavailable("timeout"), 600)
    known = await cache.get("ornek-hunter.com")
    assert known is not None
    assert (known.reason, known.is_cached) == ("timeout", True)


async def test_nothing_is_remembered_longer_than_its_time() -> None:
    clock = Clock()
    cache = MemoryCache(clock=clock)
    await cache.put("ornek-hunter.com", FOUND, 600)
    clock.now += 599.9
    assert await cache.get("ornek-hunter.com") is not None
    clock.now += 0.1
    assert await cache.get("ornek-hunter.com") is None


async def test_what_was_used_longest_ago_goes_first() -> None:
    cache = MemoryCache(most=2)
    for domain in ("a-hunter.com", "b-hunter.com"):
        await cache.put(domain, FOUND, 600)
    await cache.get("a-hunter.com")
    await cache.put("c-hunter.com", FOUND, 600)
    left = [name for name in ("a-hunter.com", "b-hunter.com", "c-hunter.com") if await cache.get(name) is not None]
    assert left == ["a-hunter.com", "c-hunter.com"]


async def test_a_domain_can_be_forgotten() -> None:
    cache = MemoryCache()
    await cache.put("a-hunter.com", FOUND, 600)
    await cache.forget("a-hunter.com")
    await cache.forget("never-seen-hunter.com")
    assert await cache.get("a-hunter.com") is None

"""The cache with a time to live: nobody is asked twice for what does not change, and many who ask at once ask once.

In: a name, and how to look it up. Out: what is cached, or the answer of one look-up that all who wait share. Found,
absent and failed each have their own time; an answer that is not to be cached is not shared either.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from hunter.resilience.cache_store import CacheHit, CacheStore

T = TypeVar("T")


class Grade(StrEnum):
    """How a look-up ended, as far as its time in a cache goes."""

    FOUND = "found"
    ABSENT = "absent"
    FAILED = "failed"
    #: Of no use to the next caller, as where nobody was asked because the circuit was open.
    NOT_CACHED = "not_cached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """For how many seconds each kind of answer may be used."""

    found: float
    absent: float
    failed: float

    def of(self, grade: Grade) -> float:
        """Return the time of an answer; 0 where it is not cached."""
        return {Grade.FOUND: self.found, Grade.ABSENT: self.absent, Grade.FAILED: self.failed}.get(grade, 0.0)


class CacheAnswer(NamedTuple, Generic[T]):
    """A value, and whether it was cached."""

    value: T
    cached: bool


class TTLCache(Generic[T]):
    """Looks up what is not cached, once for all who ask at the same time. Belongs to one loop."""

    def __init__(self, store: CacheStore[T], lifetimes: Lifetimes, *, grade: Callable[[T], Grade]) -> None:
        self._store = store
        self._lifetimes = lifetimes
        self._grade = grade
        #: Look-ups under way; each ends with its answer, or with None where that is not to be shared.
        self._flights: dict[str, asyncio.Future[CacheAnswer[T] | None]] = {}

    async def get(self, name: str) -> CacheHit[T] | None:
        """Return what is cached, asking nobody."""
        return await self._store.get(name)

    async def forget(self, name: str) -> None:
        """Cache nothing of a name."""
        await self._store.forget(name)

    async def renew(self, name: str, value: T) -> None:
        """Cache what was learned in another way; a failure pushes nothing out."""
        if self._grade(value) is not Grade.FAILED or await self._store.get(name) is None:
            await self._put(name, value)

    async def look_up(self, name: str, ask: Callable[[], Awaitable[T]], *, is_fresh: bool = False) -> CacheAnswer[T]:
        """Return what is cached of a name, or ask; `is_fresh` asks whatever is cached.

        A fresh failure is returned and pushes nothing out. Where the one who asks is cancelled, the next one asks.
        """
        while (flight := self._flights.get(name)) is not None:
            answer = await asyncio.shield(flight)
            if answer is not None and not (is_fresh and answer.cached):
                return answer
        flight = self._flights[name] = asyncio.get_running_loop().create_future()
        shared: CacheAnswer[T] | None = None
        try:
            answer = await self._find(name, ask, is_fresh)
            if self._grade(answer.value) is not Grade.NOT_CACHED:
                shared = answer
            return answer
        finally:
            del self._flights[name]
            flight.set_result(shared)

    async def _find(self, name: str, ask: Callable[[], Awaitable[T]], is_fresh: bool) -> CacheAnswer[T]:
        hit = None if is_fresh else await self._store.get(name)
        if hit is not None:
            return CacheAnswer(hit.value, True)
        value = await ask()
        if is_fresh:
            await self.renew(name, value)
        else:
            await self._put(name, value)
        return CacheAnswer(value, False)

    async def _put(self, name: str, value: T) -> None:
        grade = self._grade(value)
        if grade is not Grade.NOT_CACHED:
            await self._store.put(name, value, self._lifetimes.of(grade))

"""Answers that were given before, so that nobody is asked twice for what does not change.

Found is kept for 30 days, absent for 7, a failure for a minute. The store is handed in: this process's memory here, a
store that all workers share elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

from hunter.core.signals import Absent, Found, Signal

T = TypeVar("T")

FOUND_SECONDS: Final = 30 * 86_400
ABSENT_SECONDS: Final = 7 * 86_400
FAILED_SECONDS: Final = 60
#: Reasons for which nobody was asked: the next caller may have more luck.
_NOBODY_ASKED: Final = ("circuit_open", "not_in_turn")


class AnswerStore(Protocol[T]):
    """Keeps signals by name for a while; its own trouble is a miss, never an error."""

    async def get(self, name: str) -> Signal[T] | None:
        """Return what is kept; None where nothing is, or no longer."""
        ...

    async def put(self, name: str, signal: Signal[T], seconds: int) -> None:
        """Keep a signal for so many seconds."""
        ...


class MemoryStore(Generic[T]):
    """A store of this process, bounded: the oldest goes first."""

    def __init__(self, *, most: int = 50_000, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        self._kept: dict[str, tuple[float, Signal[T]]] = {}

    async def get(self, name: str) -> Signal[T] | None:
        """Return what is kept; None where nothing is, or no longer."""
        until, signal = self._kept.get(name, (0.0, None))
        if signal is not None and until <= self._clock():
            del self._kept[name]
            return None
        return signal

    async def put(self, name: str, signal: Signal[T], seconds: int) -> None:
        """Keep a signal for so many seconds."""
        self._kept.pop(name, None)
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[name] = (self._clock() + seconds, signal)


class KeptAnswers(Generic[T]):
    """Asks once for each name, however many want to know at the same time, and keeps the answer."""

    def __init__(self, store: AnswerStore[T]) -> None:
        self._store = store
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, name: str, ask: Callable[[], Awaitable[Signal[T]]]) -> Signal[T]:
        """Return what is kept for a name, or ask."""
        kept = await self._store.get(name)
        if kept is not None:
            return kept
        lock = self._asking.setdefault(name, asyncio.Lock())
        async with lock:
            kept = await self._store.get(name)
            if kept is not None:
                return kept
            signal = await ask()
            seconds = _lifetime(signal)
            if seconds:
                await self._store.put(name, signal, seconds)
            return signal


def _lifetime(signal: Signal[T]) -> int:
    if isinstance(signal, Found):
        return FOUND_SECONDS
    if isinstance(signal, Absent):
        return ABSENT_SECONDS
    return 0 if signal.reason in _NOBODY_ASKED else FAILED_SECONDS

"""A cache in the memory of this process, bounded."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final, Generic, TypeVar

from hunter.resilience.cache_store import CacheHit

T = TypeVar("T")
#: At about one kilobyte each.
_MOST_NAMES: Final = 20_000


class MemoryCache(Generic[T]):
    """A `CacheStore` in memory; what was used longest ago goes first."""

    def __init__(self, *, most: int = _MOST_NAMES, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        #: Name -> end of its time, and the value.
        self._cached: OrderedDict[str, tuple[float, T]] = OrderedDict()

    async def get(self, name: str) -> CacheHit[T] | None:
        """Return what is cached; None where nothing is, or no longer."""
        entry = self._cached.get(name)
        if entry is None:
            return None
        until, value = entry
        if until <= self._clock():
            del self._cached[name]
            return None
        self._cached.move_to_end(name)
        return CacheHit(value)

    async def put(self, name: str, value: T, seconds: float) -> None:
        """Cache a value for so many seconds."""
        self._cached.pop(name, None)
        if seconds <= 0:
            return
        self._cached[name] = (self._clock() + seconds, value)
        if len(self._cached) > self._most:
            self._cached.popitem(last=False)

    async def forget(self, name: str) -> None:
        """Cache nothing of a name."""
        self._cached.pop(name, None)

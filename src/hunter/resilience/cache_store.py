"""What every store of a cache promises. A store is this process's memory, files of this machine, or Redis.

In: a name, a value, and for how long it may be used. Out: the value, while its time lasts. A cached "nothing" is a
value like any other and no miss. Trouble of a store is a miss, never an error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

T = TypeVar("T")

#: What a codec stumbles over in a text of another release, or of nobody's.
UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class CacheHit(Generic[T]):
    """What is cached of a name, None included."""

    value: T


class CacheStore(Protocol[T]):
    """Keeps values by name for a while."""

    async def get(self, name: str) -> CacheHit[T] | None:
        """Return what is cached; None where nothing is, no longer, or nothing that can be read."""
        ...

    async def put(self, name: str, value: T, seconds: float) -> None:
        """Cache a value for so many seconds in place of what was there; for no time, cache nothing."""
        ...

    async def forget(self, name: str) -> None:
        """Cache nothing of a name."""
        ...


@dataclass(frozen=True, slots=True)
class CacheCodec(Generic[T]):
    """How a value becomes JSON values, dates as ISO text, and comes back."""

    to_json: Callable[[T], Any]
    #: May raise any of `UNREADABLE` for what another release wrote.
    from_json: Callable[[Any], T]

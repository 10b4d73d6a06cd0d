"""The token bucket: how often something may begin. The arithmetic, and what every store of buckets promises.

In: a limit and a bucket. Out: 0, or the seconds until there is a token. A store keeps buckets by the name of the limit:
in memory (one process), in files (one machine) or in Redis (everybody); who shares the store shares the limit.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

#: A token counts as whole a billionth early: sums of small parts are rounded.
_ROUNDING: Final = 1e-9
#: A refusal never reads as 0.
_SHORTEST_WAIT: Final = 0.001


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `per_second` in the long run; after a rest `burst` may begin at once. Both are above 0."""

    name: str
    per_second: float
    burst: float
    #: How long a store in Redis remembers an idle bucket at least, in seconds; one that was forgotten is full.
    keep_idle_seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.per_second <= 0 or self.burst < 1:
            raise ValueError(f"{self.name}: a limit needs a rate above 0 and a burst of at least 1")


class Bucket(NamedTuple):
    """Tokens, and when they were counted, in seconds of the clock of the store."""

    tokens: float
    counted_at: float


class BucketStore(Protocol):
    """Keeps buckets by the name of their limit. Everybody with the same store and name shares one bucket."""

    async def take(self, limit: RateLimit) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one.

        A bucket that is not known is full. Only a store of files raises: `OSError` where its file cannot be used.
        """
        ...


def take_token(bucket: Bucket | None, limit: RateLimit, now: float) -> tuple[Bucket, float]:
    """Return the bucket afterwards and what `BucketStore.take` returns.

    A clock that was set back, as by a restart of the machine, fills nothing and goes on from there.
    """
    tokens, counted_at = bucket if bucket is not None else (limit.burst, now)
    tokens = min(limit.burst, tokens + max(0.0, now - counted_at) * limit.per_second)
    if tokens < 1 - _ROUNDING:
        return Bucket(tokens, now), max(_SHORTEST_WAIT, (1 - tokens) / limit.per_second)
    return Bucket(max(0.0, tokens - 1), now), 0.0

"""Token buckets of this process alone."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final

from hunter.resilience.token_bucket import Bucket, RateLimit, take_token

#: Buckets kept at most; the one that was idle longest goes first.
_MOST_BUCKETS: Final = 10_000


class MemoryBuckets:
    """A `BucketStore` in memory, bounded. Rate and burst are divided by `share`.

    `share` is the number of processes that count for themselves while the store that they share cannot be reached.
    """

    def __init__(self, *, share: int = 1, most: int = _MOST_BUCKETS, clock: Callable[[], float] = monotonic) -> None:
        self._share = max(1, share)
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    async def take(self, limit: RateLimit) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one."""
        if self._share > 1:
            burst = max(1.0, limit.burst / self._share)
            limit = replace(limit, per_second=limit.per_second / self._share, burst=burst)
        self._buckets[limit.name], wait = take_token(self._buckets.pop(limit.name, None), limit, self._clock())
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait

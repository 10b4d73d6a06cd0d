"""Token buckets of this process alone: what the limits are counted with while Redis is away.

In: a name, a rate and a burst. Out: 0, or the seconds until there is a token. Idle buckets are dropped.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

#: Buckets kept at most; the one that was idle longest goes first.
_MOST_BUCKETS: Final = 10_000


class LocalBuckets:
    """Every figure is divided by `share`, the number of processes that count for themselves."""

    def __init__(self, *, share: int = 1, clock: Callable[[], float] = monotonic) -> None:
        self._share = max(1, share)
        self._clock = clock
        #: Name -> tokens, and when they were counted.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, *, per_second: float, burst: float) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one."""
        rate, most = per_second / self._share, max(1.0, burst / self._share)
        now = self._clock()
        tokens, since = self._buckets.pop(name, (most, now))
        tokens = min(most, tokens + (now - since) * rate)
        is_taken = tokens >= 1
        self._buckets[name] = (tokens - 1 if is_taken else tokens, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return 0.0 if is_taken else (1 - tokens) / rate

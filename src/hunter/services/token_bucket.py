"""Token buckets in this process: burst equals the limit, refilled evenly; the fallback without a shared limiter.

In: a name and a limit a minute. Out: 0, or the seconds to wait. Idle buckets are dropped.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

_SECONDS: Final = 60.0
#: Buckets kept at most; the one that was idle longest goes first.
_MOST_BUCKETS: Final = 10_000


class TokenBuckets:
    """Buckets by name; `share` divides every limit by the number of processes that count for themselves."""

    def __init__(self, *, share: int = 1, now: Callable[[], float] = monotonic) -> None:
        self._share = share
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def wait_seconds(self, name: str, *, per_minute: int) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one."""
        burst = max(1.0, per_minute / self._share)
        rate = burst / _SECONDS
        now = self._now()
        tokens, since = self._buckets.pop(name, (burst, now))
        tokens = min(burst, tokens + (now - since) * rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
        self._buckets[name] = (tokens - 1 if not wait else tokens, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return wait

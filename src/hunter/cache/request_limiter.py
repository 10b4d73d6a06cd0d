"""How often a program may ask us, over all processes that answer (engine specification 7.2): keys `api_key_<id>`."""

from typing import Final

from hunter.cache.shared_buckets import SharedBuckets

_SECONDS: Final = 60.0


class RequestLimiterInRedis:
    """A bucket for each name, refilled evenly; a minute's worth may come at once."""

    def __init__(self, buckets: SharedBuckets) -> None:
        self._buckets = buckets

    async def wait_seconds(self, name: str, *, per_minute: int) -> float:
        """Take one turn and return 0, or take none and return the seconds until there is one.

        A limit below one a minute counts as one a minute.
        """
        burst = max(1.0, float(per_minute))
        return await self._buckets.take(name, per_second=burst / _SECONDS, burst=burst)

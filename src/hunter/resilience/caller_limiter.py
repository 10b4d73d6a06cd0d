"""How often others may ask us: a limit a minute for each caller, who is told how long to wait and does not wait here.

In: the name of a caller, `api_key_7` or `authentication:192.0.2.1`. Out: 0, or the seconds for `Retry-After`.
"""

from typing import Final

from hunter.resilience.token_bucket import BucketStore, RateLimit

_SECONDS: Final = 60.0


class CallerLimiter:
    """A bucket for each name, refilled evenly; a minute's worth may come at once."""

    def __init__(self, store: BucketStore) -> None:
        self._store = store

    async def wait_seconds(self, name: str, *, per_minute: int) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one.

        A limit below one a minute counts as one a minute.
        """
        burst = max(1.0, float(per_minute))
        return await self._store.take(RateLimit(name, burst / _SECONDS, burst))

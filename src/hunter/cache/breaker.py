"""The circuit breaker towards Redis: after failures in a row nobody tries for a while (engine specification 7.2).

In: how each call ended. Out: whether the next one may try. After the rest one call tries; the others wait for its end.
"""

from collections.abc import Callable
from logging import getLogger
from math import inf
from time import monotonic
from typing import Final

LOG = getLogger(__name__)
FAILURES_IN_A_ROW: Final = 5
REST_SECONDS: Final = 60.0


def _nobody_is_told(is_open: bool) -> None:
    """Tell nobody."""


class CircuitBreaker:
    """Opens after failures in a row, lets one call try after a rest, closes on success."""

    def __init__(
        self,
        *,
        failures: int = FAILURES_IN_A_ROW,
        rest_seconds: float = REST_SECONDS,
        clock: Callable[[], float] = monotonic,
        tell: Callable[[bool], None] = _nobody_is_told,
    ) -> None:
        """`tell` hears True when the breaker opens and False when it closes."""
        self._most = failures
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._tell = tell
        self._failures = 0
        #: When the next call may try: None while closed, `inf` while one is trying.
        self._retry_at: float | None = None

    @property
    def is_open(self) -> bool:
        """True while calls are refused, but for the one that tries."""
        return self._retry_at is not None

    def may_try(self) -> bool:
        """Say whether a call may be made now; a call that may must end in one of the three methods below."""
        if self._retry_at is None:
            return True
        if self._clock() < self._retry_at:
            return False
        self._retry_at = inf
        return True

    def succeeded(self) -> None:
        """Note a call that was answered."""
        self._failures = 0
        if self._retry_at is not None:
            self._retry_at = None
            LOG.info("redis_is_back")
            self._tell(False)

    def failed(self) -> None:
        """Note a call that failed."""
        self._failures += 1
        was_open = self.is_open
        if was_open or self._failures >= self._most:
            self._retry_at = self._clock() + self._rest_seconds
        if self.is_open and not was_open:
            LOG.warning("redis_left_alone")
            self._tell(True)

    def abandoned(self) -> None:
        """Note a call that nobody waited for: it says nothing, and if it was the one that tried, another may."""
        if self._retry_at == inf:
            self._retry_at = self._clock()

"""What was learned of a domain lately, so that nobody is asked twice: 24 hours for results, ten minutes for failures.

In: a domain and a `Registration`. Out: the same, marked as cached, a remembered failure being one like any other. The
interface is small so that a store shared by all workers can take its place.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final, Protocol

from hunter.collectors.registration.registration import Outcome, Registration

RESULT_SECONDS: Final = 86_400.0
FAILURE_SECONDS: Final = 600.0
#: At about one kilobyte each.
_MOST_REMEMBERED: Final = 20_000


class RegistrationCache(Protocol):
    """Remembers registrations. A cache in trouble answers None and forgets; it never fails a look-up."""

    async def get(self, domain: str) -> Registration | None:
        """Return what is remembered of a domain; None where nothing is, or not any more."""

    async def put(self, domain: str, registration: Registration, seconds: float) -> None:
        """Remember a registration for so long."""

    async def forget(self, domain: str) -> None:
        """Remember nothing of a domain."""


class MemoryCache:
    """Remembers within this process, a bounded number; what was used longest ago goes first."""

    def __init__(self, *, most: int = _MOST_REMEMBERED, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        #: Domain -> end of its time, and the registration.
        self._remembered: OrderedDict[str, tuple[float, Registration]] = OrderedDict()

    async def get(self, domain: str) -> Registration | None:
        """Return what is remembered of a domain; None where nothing is, or not any more."""
        known = self._remembered.get(domain)
        if known is None:
            return None
        until, registration = known
        if until <= self._clock():
            del self._remembered[domain]
            return None
        self._remembered.move_to_end(domain)
        return replace(registration, is_cached=True)

    async def put(self, domain: str, registration: Registration, seconds: float) -> None:
        """Remember a registration for so long."""
        self._remembered[domain] = (self._clock() + seconds, registration)
        self._remembered.move_to_end(domain)
        while len(self._remembered) > self._most:
            self._remembered.popitem(last=False)

    async def forget(self, domain: str) -> None:
        """Remember nothing of a domain."""
        self._remembered.pop(domain, None)


def seconds_to_remember(registration: Registration) -> float:
    """Return for how long an outcome may be taken for granted."""
    is_failure = registration.outcome is Outcome.UNAVAILABLE or registration.is_partial
    return FAILURE_SECONDS if is_failure else RESULT_SECONDS

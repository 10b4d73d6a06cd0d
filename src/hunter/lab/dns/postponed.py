"""Messages whose time has not come: a heap of what to send, to whom, and when."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from random import Random
from time import monotonic
from typing import Any

from hunter.lab.dns.faults import Faults

#: Sends one message to one client.
Send = Callable[[bytes, Any], object]


class Postponed:
    """Keeps messages until they are due. Times are seconds of the monotonic clock."""

    def __init__(self, faults: Faults, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._delay = faults.delay_ms / 1000
        self._jitter = faults.jitter_ms / 1000
        self._random = Random(faults.seed)
        self._heap: list[tuple[float, int, Send, bytes, Any]] = []
        # Messages due at the same moment leave in the order in which they came.
        self._order = count()

    @property
    def delays_all(self) -> bool:
        """Whether every answer has to wait, not only those of slow names."""
        return bool(self._delay or self._jitter)

    def add(self, send: Send, message: bytes, client: Any, extra_seconds: float = 0.0) -> None:
        """Keep a message for the usual delay and `extra_seconds` more."""
        due = self._clock() + self._delay + extra_seconds
        if self._jitter:
            due += self._jitter * self._random.random()
        heappush(self._heap, (due, next(self._order), send, message, client))

    def seconds_to_next(self) -> float | None:
        """Return how long until the next message is due; None when none is kept."""
        return max(0.0, self._heap[0][0] - self._clock()) if self._heap else None

    def send_due(self) -> None:
        """Send everything that is due."""
        heap = self._heap
        now = self._clock()
        while heap and heap[0][0] <= now:
            _, _, send, message, client = heappop(heap)
            send(message, client)

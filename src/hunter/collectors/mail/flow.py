"""How fast and how patiently an upstream is asked: time-outs from its round trips, window, rate limiter, retries.

Pure arithmetic on times that are handed in (seconds of one monotonic clock).
"""

from collections import deque
from typing import Final

_FIRST_TIMEOUT_SECONDS: Final = 1.5
_SHORTEST_TIMEOUT_SECONDS: Final = 0.3
_SAMPLES: Final = 128


class RoundTrips:
    """Round-trip times of one upstream, and the time-out that follows from them."""

    __slots__ = ("_fresh", "_samples", "timeout_seconds")

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_SAMPLES)
        self._fresh = 0
        #: How long a first try waits: clamp(4 x p95, 0.3 s, 1.5 s); 1.5 s before anything is known.
        self.timeout_seconds = _FIRST_TIMEOUT_SECONDS

    def add(self, seconds: float) -> None:
        """Take in the round trip of an answer to a first try (RFC 6298 §3: never of a repeated one)."""
        self._samples.append(seconds)
        self._fresh += 1
        if self._fresh >= 32 or len(self._samples) < 32:
            self._fresh = 0
            ordered = sorted(self._samples)
            p95 = ordered[len(ordered) * 95 // 100]
            self.timeout_seconds = min(max(4 * p95, _SHORTEST_TIMEOUT_SECONDS), _FIRST_TIMEOUT_SECONDS)


class RetryBudget:
    """Repeats are at most a tenth of the questions of the last ten seconds, so trouble is not answered with a flood.

    Kept as a bucket: each question brings a tenth of a repeat, unused repeats are forgotten after ten seconds.
    """

    __slots__ = ("_asked", "_left", "_since")

    #: Repeats that a scan of a few names may always make.
    FLOOR: Final = 100
    _SHARE: Final = 0.1
    _SPAN_SECONDS: Final = 10.0

    def __init__(self) -> None:
        self._left = float(self.FLOOR)
        self._asked = 0
        self._since = 0.0

    def count(self, questions: int) -> None:
        """Take note of questions that are sent for the first time."""
        self._asked += questions
        self._left += questions * self._SHARE

    def may_repeat(self, now: float) -> bool:
        """Take one repeat out of the budget if there is one."""
        if now - self._since > self._SPAN_SECONDS:
            self._left = max(min(self._left, self._asked * self._SHARE), self.FLOOR)
            self._asked, self._since = 0, now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class UpstreamRateLimiter:
    """At most so many questions a second, in bursts of at most a twentieth of a second; 0 is no limit."""

    __slots__ = ("_burst", "_left", "_per_second", "_then")

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._burst = max(per_second / 20, 1.0)
        self._left = self._burst
        self._then = 0.0

    def acquire(self, now: float) -> float:
        """Take one question; returns 0, or the seconds until one may be sent (then nothing was taken)."""
        if not self._per_second:
            return 0.0
        self._left = min(self._burst, self._left + (now - self._then) * self._per_second)
        self._then = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._per_second


class Window:
    """How many questions may be under way at one upstream; shrinks when it falls silent, and recovers."""

    __slots__ = ("settled", "silent", "size")

    START: Final = 1000
    _SMALLEST: Final = 50
    _ROUND: Final = 500

    def __init__(self) -> None:
        self.size = self.START
        #: Questions settled and time-outs since the size was last looked at; counted by the one who sees them.
        self.settled = 0
        self.silent = 0

    def adapt(self) -> None:
        """Look at what was counted: above a quarter of silence halve the window, below a tenth let it grow."""
        total = self.settled + self.silent
        if total < self._ROUND:
            return
        share = self.silent / total
        if share > 0.25:
            self.size = max(self.size // 2, self._SMALLEST)
        elif share < 0.1:
            self.size = min(self.size + self._SMALLEST, self.START)
        self.settled = self.silent = 0


class Health:
    """Whether an upstream is worth asking: after many failures in a row its circuit is open while others answer."""

    __slots__ = ("answered_at", "circuit_open_until", "failures")

    #: More than one broken domain can bring about by itself.
    _ENOUGH: Final = 20
    _OPEN_SECONDS: Final = 2.0

    def __init__(self) -> None:
        #: Failures since the last answer; set back by the one who sees the answer.
        self.failures = 0
        #: Until then nothing is asked here if another upstream can be asked.
        self.circuit_open_until = 0.0
        #: When an answer to a first try was last read; set by the one who reads.
        self.answered_at = 0.0

    def failed(self, now: float, sent_at: float) -> None:
        """Count a try that brought nothing, unless an answer was read since it was sent.

        Then it was this question that was lost, among many perhaps that are found silent at the same moment; whoever
        answers is not dead.
        """
        if self.answered_at > sent_at:
            return
        self.failures += 1
        if self.failures >= self._ENOUGH:
            self.circuit_open_until = now + self._OPEN_SECONDS

    def is_circuit_open(self, now: float) -> bool:
        """Say whether nothing is to be asked here now."""
        return now < self.circuit_open_until


class TimeBudget:
    """Seconds that may be spent on the wire for one domain; waiting for a free place costs nothing."""

    __slots__ = ("left_seconds",)

    def __init__(self, seconds: float) -> None:
        self.left_seconds = seconds

"""The circuit breaker: a neighbour in trouble, or one that asks for silence, is not called for a while.

In: how each call ended, and what the neighbour's `Retry-After` says. Out: whether the next call is allowed. After the
pause one call tries it out (half-open) and the others stay refused until it has ended. Decides and sends nothing.
"""

from collections.abc import Callable
from enum import StrEnum
from logging import getLogger
from time import monotonic
from typing import Final

LOG = getLogger(__name__)
FAILURES_IN_A_ROW: Final = 5
#: Silence after a failure that names no time.
PAUSE_SECONDS: Final = 60.0
#: A longer `Retry-After` is taken for a mistake: within a day the neighbour is called again.
LONGEST_RETRY_AFTER_SECONDS: Final = 86_400.0


class CallResult(StrEnum):
    """What a call came to."""

    #: An answer, whatever it said.
    SUCCEEDED = "succeeded"
    #: Trouble that may pass: no connection, silence, a server error.
    FAILED = "failed"
    #: The neighbour said that it does not want to be called: 403, 429.
    REFUSED = "refused"
    #: Given up by ourselves: it says nothing.
    ABANDONED = "abandoned"


def _tell_nobody(is_open: bool) -> None:
    """Take no notice."""


class CircuitBreaker:
    """Opens after failures in a row, at a refusal and at any failure with `Retry-After`; closes when a trial succeeds.

    The pause doubles while trials go on failing, up to `longest_pause_seconds`.
    """

    def __init__(
        self,
        name: str,
        *,
        pause_seconds: float = PAUSE_SECONDS,
        longest_pause_seconds: float = PAUSE_SECONDS,
        clock: Callable[[], float] = monotonic,
        tell: Callable[[bool], None] = _tell_nobody,
    ) -> None:
        """`name` stands in the log: `<name>_circuit_open`. `tell` hears True when it opens and False when it closes."""
        self._name = name
        self._first_pause = self._pause = pause_seconds
        self._longest_pause = longest_pause_seconds
        self._clock = clock
        self._tell = tell
        self._failures = 0
        self._open_until: float | None = None
        self._is_trial_running = False

    @property
    def is_open(self) -> bool:
        """True while calls are refused, but for the one that tries it out."""
        return self._open_until is not None

    def allow(self) -> bool:
        """Say whether a call may be made now; what became of one that was allowed must be recorded."""
        if self._open_until is None:
            return True
        if self._is_trial_running or self._clock() < self._open_until:
            return False
        self._is_trial_running = True
        return True

    def record(self, result: CallResult, retry_after: float | None = None) -> None:
        """Note what became of an allowed call, and after how many seconds the neighbour wants the next one."""
        was_trial, self._is_trial_running = self._is_trial_running, False
        if result is CallResult.SUCCEEDED:
            # Calls that were under way when the circuit opened say nothing of the pause.
            if self._open_until is None or was_trial:
                self._close()
        elif result is CallResult.REFUSED or (result is CallResult.FAILED and retry_after is not None):
            self._open(retry_after)
        elif result is CallResult.FAILED:
            self._failures += 1
            if was_trial or self._failures >= FAILURES_IN_A_ROW:
                self._open(None)

    def _close(self) -> None:
        was_open = self.is_open
        self._open_until, self._pause, self._failures = None, self._first_pause, 0
        if was_open:
            LOG.info("%s_circuit_closed", self._name)
            self._tell(False)

    def _open(self, retry_after: float | None) -> None:
        was_open = self.is_open
        seconds = self._pause if retry_after is None else min(retry_after, LONGEST_RETRY_AFTER_SECONDS)
        self._open_until = max(self._open_until or 0.0, self._clock() + seconds)
        self._pause = min(self._pause * 2, self._longest_pause)
        self._failures = 0
        if not was_open:
            LOG.warning("%s_circuit_open", self._name)
            self._tell(True)

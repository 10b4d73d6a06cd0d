"""Politeness towards Microsoft's sign-in service: one call a second, and silence when it asks for silence.

`Turns` says when the next call may begin, `Breaker` whether one may be made at all. Both decide and send nothing. A
store that all workers share may take the place of `Turns`.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from time import monotonic
from typing import Final, Protocol

#: How long no call is made after the service refused without saying how long; doubled while it goes on refusing.
FIRST_PAUSE_SECONDS: Final = 60.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
#: A longer wish is taken for a mistake: within a day we ask again.
LONGEST_WISH_SECONDS: Final = 86_400.0
#: So many failures in a row, and the service is in trouble.
FAILURES_IN_A_ROW: Final = 5


class TakesTurns(Protocol):
    """Says when a call may begin."""

    async def take(self, within_seconds: float) -> bool:
        """Wait for a turn; False, at once and without taking one, where none comes within the time."""
        ...


class Turns:
    """Turns of one process, in the order in which they were asked for; 0 a second is no limit."""

    def __init__(self, per_second: float = 1.0) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def take(self, within_seconds: float) -> bool:
        """Wait for a turn; False, at once and without taking one, where none comes within the time."""
        now = asyncio.get_running_loop().time()
        turn = max(self._next, now)
        if turn - now > within_seconds:
            return False
        self._next = turn + self._interval
        if turn > now:
            await asyncio.sleep(turn - now)
        return True


class Outcome(StrEnum):
    """What a call came to, as far as politeness goes."""

    #: An answer, whatever it said.
    ANSWERED = "answered"
    #: Trouble that may pass: no connection, silence, a server error.
    FAILED = "failed"
    #: The service said that it does not want to be asked.
    TURNED_AWAY = "turned_away"
    #: Given up by ourselves.
    ABANDONED = "abandoned"


class Breaker:
    """Closed while all is well; open for a pause after a refusal or failures in a row; then one call tries it out."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._open_until: float | None = None
        self._pause = FIRST_PAUSE_SECONDS
        self._failures = 0
        self._is_trying = False

    def admit(self) -> bool:
        """Say whether a call may be made now. Whoever is admitted must `settle`."""
        if self._open_until is None:
            return True
        if self._is_trying or self._clock() < self._open_until:
            return False
        self._is_trying = True
        return True

    def settle(self, outcome: Outcome, retry_after: float | None = None) -> None:
        """Tell what became of an admitted call, and how long the service wants to be left alone."""
        was_trying, self._is_trying = self._is_trying, False
        if outcome is Outcome.ANSWERED:
            # Calls that were under way when the breaker opened say nothing of the pause.
            if self._open_until is None or was_trying:
                self._close()
        elif outcome is Outcome.TURNED_AWAY or (outcome is Outcome.FAILED and retry_after is not None):
            self._open(retry_after)
        elif outcome is Outcome.FAILED:
            self._failures += 1
            if was_trying or self._failures >= FAILURES_IN_A_ROW:
                self._open(None)

    def _close(self) -> None:
        self._open_until, self._pause, self._failures = None, FIRST_PAUSE_SECONDS, 0

    def _open(self, wish: float | None) -> None:
        seconds = self._pause if wish is None else min(wish, LONGEST_WISH_SECONDS)
        self._open_until = max(self._open_until or 0.0, self._clock() + seconds)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self._failures = 0

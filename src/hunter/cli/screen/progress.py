"""How far a long scan is: one live line with rate and remaining time, and notes that stand above it.

On a terminal the line is written over; elsewhere only the notes are written. In: counts. Out: standard error.
"""

from collections.abc import Callable
from typing import Final, TextIO

from hunter.cli.screen.terminal import Terminal, fitted, printable
from hunter.sales.wording import Wording

#: Seconds between two updates of the line, for whoever keeps it fresh.
EVERY_SECONDS: Final = 0.1
#: Before so many seconds no remaining time is guessed.
SETTLED_SECONDS: Final = 1.0
ERASE_LINE: Final = "\r\x1b[K"


class Progress:
    """The live line of one scan."""

    def __init__(self, stream: TextIO, terminal: Terminal, wording: Wording, *, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._terminal = terminal
        self._wording = wording
        self._clock = clock
        self._started = clock()
        self._is_shown = False

    def show(self, finished: int, expected: int | None) -> None:
        """Say how many are finished of how many; None where nobody knows how many."""
        if not self._terminal.is_live:
            return
        now = self._clock()
        text = fitted(self._text(finished, expected, now - self._started), self._terminal.width - 1)
        self._stream.write(ERASE_LINE + text)
        self._stream.flush()
        self._is_shown = True

    def note(self, text: str) -> None:
        """Write a line that stays."""
        self.clear()
        self._stream.write(printable(text) + "\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the live line away."""
        if self._is_shown:
            self._stream.write(ERASE_LINE)
            self._stream.flush()
            self._is_shown = False

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since the scan began."""
        return self._clock() - self._started

    def _text(self, finished: int, expected: int | None, elapsed: float) -> str:
        say, number = self._wording.say, self._wording.number
        rate = finished / elapsed if elapsed > 0 else 0.0
        if expected is None:
            done = say("progress.finished", {"finished": number(finished)})
        else:
            done = say(
                "progress.finished_of", {"finished": number(finished), "expected": number(max(expected, finished))}
            )
        parts = [done, say("progress.rate", {"rate": self._wording.decimal(rate)})]
        if expected is not None and elapsed >= SETTLED_SECONDS and rate > 0:
            parts.append(say("progress.remaining", {"time": self._duration(max(expected - finished, 0) / rate)}))
        return " · ".join(parts)

    def _duration(self, seconds: float) -> str:
        if seconds < 100:
            return self._wording.say("progress.seconds", {"seconds": round(seconds)})
        return self._wording.say("progress.minutes", {"minutes": round(seconds / 60)})

"""The timer wheel: questions by the moment at which they have to be looked at again. It owns no timer and no clock.

In: errands and loop times. Out: the errands that are due. Moments are ticks, twenty a second.
"""

from collections.abc import Iterator
from typing import Final

from hunter.collectors.mail.line import Errand, Wave

TICKS_PER_SECOND: Final = 20
#: A look that comes later than this shows that the loop stood still.
_HELD_UP_TICKS: Final = 2


class Wheel:
    """Waves by tick; a wave is entered once for all of its errands that fall due together."""

    def __init__(self) -> None:
        self._waves: dict[int, list[Wave]] = {}
        #: The first tick that was not looked at yet.
        self._next = 0
        self._was_held_up = False

    def start(self, now: float) -> None:
        """Begin at the given loop time."""
        self._next = int(now * TICKS_PER_SECOND)

    def enter(self, errand: Errand, at: float) -> None:
        """Look at an errand again at the given loop time, or at its wave's deadline if that comes first."""
        wave = errand.wave
        due = int(min(at, wave.deadline) * TICKS_PER_SECOND) + 1
        if due < self._next:
            due = self._next
        errand.due = due
        if wave.due != due:
            wave.due = due
            self._waves.setdefault(due, []).append(wave)

    def enter_all(self, wave: Wave, at: float) -> int:
        """Look at a new wave again at the given loop time; returns the tick, which its errands have to be given."""
        wave.due = due = max(int(min(at, wave.deadline) * TICKS_PER_SECOND) + 1, self._next)
        self._waves.setdefault(due, []).append(wave)
        return due

    def due(self, now: float) -> Iterator[Errand]:
        """Yield each errand whose moment has come.

        Nothing is due at the first look after the loop stood still: answers may lie unread, and they are read before
        anything is called silent.
        """
        first, until = self._next, int(now * TICKS_PER_SECOND)
        self._was_held_up = until > first + _HELD_UP_TICKS and not self._was_held_up
        if self._was_held_up:
            return
        self._next = until + 1
        for tick in range(first, until + 1):
            for wave in self._waves.pop(tick, ()):
                for errand in wave.errands:
                    if errand.due == tick and not errand.is_done:
                        yield errand

    def waves(self) -> set[Wave]:
        """Return every wave that is entered somewhere."""
        return {wave for waves in self._waves.values() for wave in waves}

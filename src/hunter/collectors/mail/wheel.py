"""The timer wheel: questions by the moment at which they have to be looked at again. It owns no timer and no clock.

In: queries and loop times. Out: the queries that are due. Moments are ticks, twenty a second.
"""

from collections.abc import Iterator
from typing import Final

from hunter.collectors.mail.upstream import PendingQuery, QueryBatch

TICKS_PER_SECOND: Final = 20
#: A look that comes later than this shows that the loop stood still.
_HELD_UP_TICKS: Final = 2


class Wheel:
    """Batches by tick; a batch is entered once for all of its queries that fall due together."""

    def __init__(self) -> None:
        self._batches: dict[int, list[QueryBatch]] = {}
        #: The first tick that was not looked at yet.
        self._next = 0
        self._was_held_up = False

    def start(self, now: float) -> None:
        """Begin at the given loop time."""
        self._next = int(now * TICKS_PER_SECOND)

    def enter(self, query: PendingQuery, at: float) -> None:
        """Look at a query again at the given loop time, or at its batch's deadline if that comes first."""
        batch = query.batch
        due = int(min(at, batch.deadline) * TICKS_PER_SECOND) + 1
        if due < self._next:
            due = self._next
        query.due = due
        if batch.due != due:
            batch.due = due
            self._batches.setdefault(due, []).append(batch)

    def enter_all(self, batch: QueryBatch, at: float) -> int:
        """Look at a new batch again at the given loop time; returns the tick, which its queries have to be given."""
        batch.due = due = max(int(min(at, batch.deadline) * TICKS_PER_SECOND) + 1, self._next)
        self._batches.setdefault(due, []).append(batch)
        return due

    def due(self, now: float) -> Iterator[PendingQuery]:
        """Yield each query whose moment has come.

        Nothing is due at the first look after the loop stood still: answers may lie unread, and they are read before
        anything is called silent.
        """
        first, until = self._next, int(now * TICKS_PER_SECOND)
        self._was_held_up = until > first + _HELD_UP_TICKS and not self._was_held_up
        if self._was_held_up:
            return
        self._next = until + 1
        for tick in range(first, until + 1):
            for batch in self._batches.pop(tick, ()):
                for query in batch.queries:
                    if query.due == tick and not query.is_done:
                        yield query

    def batches(self) -> set[QueryBatch]:
        """Return every batch that is entered somewhere."""
        return {batch for batches in self._batches.values() for batch in batches}

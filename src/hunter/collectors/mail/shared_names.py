"""Texts of names that many domains share (SPF includes, DMARC records of public suffixes), kept in this process.

Each name is asked once for all who want it, and kept for its time to live within bounds; a failure is forgotten soon.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import UNKNOWN, Answer
from hunter.collectors.mail.flow import TimeBudget
from hunter.collectors.mail.readings import answer_texts
from hunter.collectors.mail.resolver import BATCH_SECONDS, Resolver
from hunter.core.signals import Signal, Unknown

_MOST_NAMES: Final = 4096
#: Bounds of the time to live, and how long a failure is kept (seconds).
_SHORTEST_SECONDS: Final = 300.0
_LONGEST_SECONDS: Final = 86_400.0
_FAILURE_SECONDS: Final = 10.0
_TXT: Final = wire.encode_type(wire.TXT)


class SharedNames:
    """A small cache of TXT look-ups; belongs to one loop."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._kept: OrderedDict[str, tuple[float, Signal[tuple[str, ...]]]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Signal[tuple[str, ...]]]] = {}

    def kept(self, name: str) -> Signal[tuple[str, ...]] | None:
        """Return what is known of a name, without asking."""
        entry = self._kept.get(name)
        if entry is None or entry[0] < asyncio.get_running_loop().time():
            return None
        self._kept.move_to_end(name)
        return entry[1]

    async def look_up(self, names: Sequence[str], budget: TimeBudget) -> list[Signal[tuple[str, ...]]]:
        """Return the texts at each name, asking where they are not kept; unknown once the budget is spent."""
        tasks = [self._task(name) for name in names]
        loop = asyncio.get_running_loop()
        since = loop.time()
        await asyncio.wait(tasks, timeout=max(budget.left_seconds, 0))
        budget.left_seconds -= loop.time() - since
        return [task.result() if task.done() else Unknown("timeout") for task in tasks]

    def _task(self, name: str) -> "asyncio.Task[Signal[tuple[str, ...]]]":
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.get_running_loop().create_task(self._ask(name))
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return task

    async def _ask(self, name: str) -> Signal[tuple[str, ...]]:
        try:
            question = wire.encode_name(name) + _TXT
        except ValueError:
            return Unknown("name")
        [answer] = await self._resolver.ask([question], TimeBudget(BATCH_SECONDS))
        signal = answer_texts(answer)
        self._kept[name] = asyncio.get_running_loop().time() + _seconds_to_keep(answer), signal
        if len(self._kept) > _MOST_NAMES:
            self._kept.popitem(last=False)
        return signal


def _seconds_to_keep(answer: Answer) -> float:
    if answer.state == UNKNOWN:
        return _FAILURE_SECONDS
    return min(max(answer.ttl, _SHORTEST_SECONDS), _LONGEST_SECONDS)

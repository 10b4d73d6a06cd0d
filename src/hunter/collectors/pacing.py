"""How many acts a second a neighbour bears, and which neighbours are public.

The unit is the caller's: one domain analysis, one registration look-up. Private, loopback and expressly named servers
bear what their owner allows, public ones little.
"""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Protocol


class Waits(Protocol):
    """A pace of any kind."""

    async def wait(self) -> None:
        """Return when the next act may begin."""
        ...


class Pace:
    """Lets at most so many acts a second begin; 0 is no limit. One second's worth may begin at once after a rest."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        #: Loop time at which the next act may begin if all allowed ones before had been used (GCRA).
        self._next = 0.0

    async def wait(self) -> None:
        """Return when the next act may begin; callers are served in the order they came."""
        if not self._per_second:
            return
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - 1.0) + 1 / self._per_second
        if self._next > now:
            await asyncio.sleep(self._next - now)


class EachOf:
    """Keeps several paces at once, such as that of this machine and that of all machines together."""

    def __init__(self, paces: Sequence[Waits]) -> None:
        self._paces = tuple(paces)

    async def wait(self) -> None:
        """Return when all of them let the next act begin."""
        for pace in self._paces:
            await pace.wait()


def is_public_address(host: str) -> bool:
    """Say whether an IP address is reachable by everybody; a name counts as public unless it is this machine's own."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return host.rstrip(".").lower() != "localhost"

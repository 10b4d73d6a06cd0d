"""One scan of a domain at a time: the port to the locks, and the locks of a scan that has nobody to share with."""

from collections.abc import Collection, Sequence
from typing import Final, Protocol

#: How often it is looked whether somebody else's scan has ended.
LOOK_SECONDS: Final = 0.1


class DomainLocks(Protocol):
    """Locks that end by themselves, so that nobody waits for a holder that was killed."""

    async def take(self, domains: Sequence[str]) -> frozenset[str]:
        """Take the locks that are free; returns the domains whose lock is the caller's now."""
        ...

    async def give_back(self, domains: Collection[str]) -> None:
        """Free locks that the caller holds."""
        ...


class NoLocks:
    """Every lock is free: where nothing is stored there is no answer of somebody else to wait for."""

    async def take(self, domains: Sequence[str]) -> frozenset[str]:
        """Take all."""
        return frozenset(domains)

    async def give_back(self, domains: Collection[str]) -> None:
        """Free nothing."""

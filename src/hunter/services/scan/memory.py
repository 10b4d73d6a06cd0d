"""What a scan remembers by: the port to what is stored, and the memory that keeps nothing."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hunter.core.changes import Change
from hunter.services.scan.shapes import Remembered, Scanned


class ScanMemory(Protocol):
    """Keeps scans and recalls them; raises a `HunterError` where the database cannot be had."""

    @property
    def is_keeping(self) -> bool:
        """False where nothing is ever kept, so that nothing has to wait for its batch."""
        ...

    async def recall(self, domains: Sequence[str]) -> Mapping[str, Remembered]:
        """Return what is stored of domains; those that are no company are left out."""
        ...

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, tuple[Change, ...]]:
        """Store scans in one transaction; returns what changed, by domain. What is no company is left out."""
        ...


class NoMemory:
    """Keeps nothing and remembers nothing: a scan that shall leave no trace, or that has no database."""

    is_keeping = False

    async def recall(self, domains: Sequence[str]) -> Mapping[str, Remembered]:
        """Return nothing."""
        return {}

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, tuple[Change, ...]]:
        """Store nothing."""
        return {}

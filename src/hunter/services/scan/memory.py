"""What a scan remembers by: the port to what is stored, and the memory that keeps nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from hunter.services.scan.shapes import Kept, Scanned, StoredScan


class ScanMemory(Protocol):
    """Keeps scans and recalls them; raises a `HunterError` where the database cannot be had."""

    @property
    def is_keeping(self) -> bool:
        """False where nothing is ever kept, so that nothing has to wait for its batch."""
        ...

    async def recall(self, domains: Sequence[str], *, answers_since: datetime) -> Mapping[str, StoredScan]:
        """Return what is stored of domains, with the evidence of looks since then; what is no company is left out."""
        ...

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, Kept]:
        """Store scans in one transaction; returns what it came to, by domain. What is no company is left out."""
        ...


class NoMemory:
    """Keeps nothing and remembers nothing: a scan that shall leave no trace, or that has no database."""

    is_keeping = False

    async def recall(self, domains: Sequence[str], *, answers_since: datetime) -> Mapping[str, StoredScan]:
        """Return nothing."""
        return {}

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, Kept]:
        """Store nothing."""
        return {}

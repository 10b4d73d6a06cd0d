"""Keeping the scans of a long run: batch by batch, with patience for a database that starts again.

In: scans that are finished. Out: the same, with what changed, or with why they are not stored. The run goes on either
way: nobody else has these scans any more.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hunter.core.errors import HunterError
from hunter.services.scan.memory import ScanMemory
from hunter.services.scan.shapes import Kept, NotStored, Scanned

#: How long a database that cannot be had is waited for, and the pause between two tries.
PATIENCE_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.5
#: Codes of errors that pass by themselves.
_PASSING: Final = frozenset(("database_unavailable", "write_contended"))
#: A scan of a domain that is no company, or none any more.
NO_COMPANY: Final = NotStored("not_ingested", "it is no company, or none any more")


class PatientKeeper:
    """Keeps batches in a memory until that cannot be had; then it keeps no more and says why of each scan."""

    def __init__(self, memory: ScanMemory) -> None:
        self._memory = memory
        self._broken: NotStored | None = None

    def give_up(self, error: HunterError) -> None:
        """Keep nothing from now on."""
        self._broken = NotStored(error.code, str(error))

    async def keep(self, scans: Sequence[Scanned]) -> Sequence[Scanned]:
        """Store scans in one transaction; answers from memory are stored already."""
        new = [scan for scan in scans if not scan.cached] if self._memory.is_keeping else []
        if not new:
            return scans
        old = [scan for scan in scans if scan.cached]
        return (*old, *await self._keep_new(new))

    async def _keep_new(self, scans: Sequence[Scanned]) -> Sequence[Scanned]:
        until = time.monotonic() + PATIENCE_SECONDS
        while self._broken is None:
            try:
                return await self._kept(scans)
            except HunterError as error:
                if error.code not in _PASSING or time.monotonic() >= until:
                    self.give_up(error)
                else:
                    await asyncio.sleep(_PAUSE_SECONDS)
        return [replace(scan, not_stored=self._broken) for scan in scans]

    async def _kept(self, scans: Sequence[Scanned]) -> Sequence[Scanned]:
        kept = await self._memory.keep(scans)
        return [with_record(scan, kept.get(scan.domain)) for scan in scans]


def with_record(scan: Scanned, kept: Kept | None) -> Scanned:
    """Return a scan with what stands after it."""
    if kept is None:
        return replace(scan, not_stored=NO_COMPANY)
    return replace(scan, record=kept.record, changes=kept.changes)

"""What `hunter scan` remembers: assessments are stored, and the answer to a single name may come from the last scan.

In: outcomes. Out: what changed since the scan before; nothing where the database cannot be had, which is said once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from hunter.cli.serving import ready_servers
from hunter.cli.views import Outcome
from hunter.core.changes import Change
from hunter.core.company_marks import CompanyOrigin
from hunter.core.errors import HunterError
from hunter.core.evidence import Evidence
from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.settings.fields import Settings
from hunter.storage.companies import NewCompany
from hunter.storage.engine import DatabaseUnavailable, WriteContended
from hunter.storage.lead_rows import AssessedDomain
from hunter.storage.unit_of_work import UnitOfWork
from hunter.wiring.application import open_write_engine, unit_of
from hunter.wiring.process import utc_now

#: Status of a scan that leaves nothing to ask again.
_USABLE: Final = "completed"
#: How long a database that cannot be had is waited for while a list is scanned, and the pause between two tries.
_PATIENCE_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.5

#: Says why nothing more is stored, and how many results were stored before.
SayNotStored: TypeAlias = Callable[[str, int], None]


@contextmanager
def database_for_scans(settings: Settings, note: SayNotStored) -> Iterator[str | None]:
    """Give the URL of a database that is ready; None, after a note, where there is none: the scan goes on unsaved."""
    try:
        servers = ready_servers(settings)
        url = servers.__enter__().database_url
    except HunterError as error:
        note(str(error), 0)
        yield None
        return
    try:
        yield url
    finally:
        servers.__exit__(None, None, None)


@dataclass(slots=True)
class ScanMemory:
    """Stores and remembers through one engine; belongs to one loop."""

    begin: Callable[[], UnitOfWork]
    #: How young a scan must be to be the answer.
    fresh: timedelta
    #: What is stored is Turkish, whoever reads it.
    stored_wording: Wording
    #: Called once, when nothing more can be stored.
    note: SayNotStored
    #: Whether an evidence has an answer to all that is asked now.
    answers: Callable[[Evidence], bool]
    #: Whether a scan that could not read the mail of a domain is an answer, too.
    keeps_failures: bool = False
    is_broken: bool = False
    stored: int = 0

    async def remembered(self, domain: str) -> Evidence | None:
        """Return the evidence of the last scan of a domain, if it is fresh and an answer."""
        try:
            async with self.begin() as unit:
                lead, evidence = await unit.leads.find(domain), await unit.leads.find_evidence(domain)
        except HunterError as error:
            self._give_up(error)
            return None
        if lead is None or evidence is None or not (self.keeps_failures or lead.scan_status == _USABLE):
            return None
        is_fresh = utc_now() - evidence.collected_at < self.fresh
        return evidence if is_fresh and self.answers(evidence) else None

    async def keep(self, outcomes: Sequence[Outcome]) -> dict[str, tuple[Change, ...]]:
        """Store outcomes in one transaction; returns what changed by domain.

        A database that is away, as while it starts again, is waited for: a list must not lose its memory by a hiccup.
        """
        if self.is_broken:
            return {}
        assessed = [
            AssessedDomain(one.evidence, one.assessment, reason(one.assessment, one.evidence, self.stored_wording))
            for one in outcomes
        ]
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return await self._store(assessed)
            except (DatabaseUnavailable, WriteContended) as error:
                if time.monotonic() >= until:
                    self._give_up(error)
                    return {}
                await asyncio.sleep(_PAUSE_SECONDS)
            except HunterError as error:
                self._give_up(error)
                return {}

    async def _store(self, assessed: Sequence[AssessedDomain]) -> dict[str, tuple[Change, ...]]:
        async with self.begin() as unit:
            await unit.companies.intake_many(
                [NewCompany(domain=one.evidence.domain, origin=CompanyOrigin.SCAN) for one in assessed]
            )
            saved = await unit.leads.save_many(assessed)
        self.stored += len(assessed)
        return {one.domain: one.changes for one in saved}

    def _give_up(self, error: HunterError) -> None:
        self.is_broken = True
        self.note(str(error), self.stored)


@asynccontextmanager
async def open_memory(
    settings: Settings,
    url: str,
    *,
    stored_wording: Wording,
    note: SayNotStored,
    answers: Callable[[Evidence], bool],
    keeps_failures: bool = False,
) -> AsyncIterator[ScanMemory]:
    """Open the memory on a database; to be used inside the running loop."""
    engine = open_write_engine(settings, url)
    fresh = timedelta(seconds=settings.scan_fresh_seconds)
    try:
        yield ScanMemory(unit_of(engine, settings), fresh, stored_wording, note, answers, keeps_failures)
    finally:
        await engine.dispose()

"""Scan one domain: survey, assess, store. The heart.

In: a domain that was ingested. Out: the lead as it stands afterwards, with what has changed. The network is never
awaited while a transaction is open; a second scan of a domain in this process waits for the first and takes its answer.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hunter.core.assessment import assess
from hunter.core.changes import Change
from hunter.core.evidence import Evidence
from hunter.core.rulebook import Rulebook
from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.services.ports import Clock, OpenUnit, SurveyDomain
from hunter.storage.lead_index.view import LeadView
from hunter.storage.lead_rows import AssessedDomain
from hunter.storage.leads import NotIngested

#: Status of a scan that leaves nothing to ask again.
_USABLE: Final = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """What scanning needs."""

    reads: OpenUnit
    writes: OpenUnit
    survey: SurveyDomain
    #: Forgets what neighbours' answers about a domain are kept outside the database.
    forget_answers: Callable[[str], Awaitable[None]]
    rulebook: Rulebook
    #: Words for what is stored, such as the reason of a lead: always Turkish.
    wording: Wording
    clock: Clock
    #: A single scan within it is answered from memory.
    fresh: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A lead after its scan."""

    lead: LeadView
    changes: tuple[Change, ...]
    #: What this scan could not read; of a remembered one, what the score lacks.
    signals_unknown: tuple[str, ...]
    #: Whether the last scan was young enough to be the answer.
    cached: bool


class Scans:
    """Scans domains, one scan of a domain at a time; one object serves a whole process."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    async def scan(self, scanning: Scanning, domain: str, *, is_fresh_wanted: bool) -> Scanned:
        """Scan a domain in canonical form, or answer from memory while the last scan is fresh.

        Raises `NotIngested` for a domain that nobody brought in.
        """
        async with self._turn(domain):
            if not is_fresh_wanted:
                remembered = await _remembered(scanning, domain)
                if remembered is not None:
                    unknown = remembered.signals_unknown
                    return Scanned(lead=remembered, changes=(), signals_unknown=unknown, cached=True)
            else:
                await _known(scanning, domain)
                await scanning.forget_answers(domain)
            evidence = await scanning.survey(domain)
            return await keep_evidence(scanning, evidence)

    @asynccontextmanager
    async def _turn(self, domain: str) -> AsyncIterator[None]:
        turn = self._turns.setdefault(domain, _Turn())
        turn.takers += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.takers -= 1
            if not turn.takers:
                del self._turns[domain]


class _Turn:
    """Whose turn it is with one domain, and how many have or want it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.takers = 0


async def keep_evidence(scanning: Scanning, evidence: Evidence) -> Scanned:
    """Assess an evidence and store it in one transaction; raises `NotIngested` if the company was erased meanwhile."""
    assessment = assess(evidence, scanning.rulebook, scanning.clock())
    words = reason(assessment, evidence, scanning.wording)
    async with scanning.writes() as unit:
        saved = await unit.leads.save_many([AssessedDomain(evidence, assessment, words)])
        lead = await unit.leads.find(evidence.domain)
    if lead is None or not saved:
        raise NotIngested(f"{evidence.domain} was erased while it was scanned")
    unknown = assessment.signals_unknown
    return Scanned(lead=lead, changes=saved[0].changes, signals_unknown=unknown, cached=False)


async def _remembered(scanning: Scanning, domain: str) -> LeadView | None:
    """Return the lead of a scan that is still fresh; one that could read nothing is not kept for an answer."""
    lead = await _known(scanning, domain)
    if lead.scanned_at is None or lead.scan_status != _USABLE:
        return None
    return lead if scanning.clock() - lead.scanned_at < scanning.fresh else None


async def _known(scanning: Scanning, domain: str) -> LeadView:
    async with scanning.reads() as unit:
        lead = await unit.leads.find(domain)
    if lead is None:
        raise NotIngested(f"{domain} is not ingested")
    return lead

"""Leads: keep what a scan brought home, and fetch it again.

The contract tables, evidence, history, tags and the `leads` row are written in one transaction. What a failed look-up
could not say stays as the last successful one said it.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.changes import Change
from hunter.core.decision_table import Condition
from hunter.core.errors import NotFound
from hunter.core.evidence import Evidence
from hunter.core.lead_record import LeadRecord
from hunter.core.snapshot import evidence_from_json
from hunter.storage.lead_index.index import LeadIndex
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.view import LeadPage, LeadTotals, LeadView
from hunter.storage.lead_records import read_records
from hunter.storage.lead_rows import AssessedDomain, ScanRows, rows_of
from hunter.storage.lead_writes import insert_evidence, write_scans
from hunter.storage.statements import fetch_rows

# As text: the characters that only an escape can carry come through unharmed.
_EVIDENCE: Final = """
select evidence::text from evidence where domain = %(domain)s order by collected_at desc, id desc limit 1
"""
_EVIDENCE_OF: Final = """
select d.domain, e.evidence from unnest(%(domains)s::text[]) as d(domain)
cross join lateral (
    select evidence::text as evidence from evidence where domain = d.domain order by collected_at desc, id desc limit 1
) e
"""
#: The newest that gave a score; where none did, the newest of all.
_JUDGED_EVIDENCE: Final = """
select evidence::text from evidence where domain = %(domain)s
order by is_judged desc, collected_at desc, id desc limit 1
"""
_OLDEST: Final = "select min(scanned_at) from lead_scans"
_TAGS: Final = (
    "select id, domain, tag, created_at from tags where domain = %(domain)s order by created_at desc, id desc"
)
_NOTES: Final = """
select id, domain, note, created_at, updated_at from notes where domain = %(domain)s order by created_at desc, id desc
"""


class NotIngested(NotFound):
    """Nobody handed this domain in."""

    code = "not_ingested"


class NotScanned(NotFound):
    """The domain was handed in and never looked at."""

    code = "not_scanned"


@dataclass(frozen=True, slots=True)
class SavedLead:
    """What saving a scan came to."""

    domain: str
    #: True for the first scan, which has no changes.
    is_first: bool
    #: True where the scan could not judge and the last score stays.
    keeps_score: bool
    changes: tuple[Change, ...]
    #: What stands of the domain now.
    record: LeadRecord


@dataclass(frozen=True, slots=True)
class Tag:
    """An automatic tag of a domain."""

    id: int
    domain: str
    tag: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was written before notes moved to the CRM."""

    id: int
    domain: str
    note: str
    created_at: datetime
    updated_at: datetime


class Leads:
    """The leads."""

    def __init__(self, connection: AsyncConnection, *, keep_evidence: int, hidden_marks: Collection[str]) -> None:
        self._connection = connection
        self._index = LeadIndex(connection, hidden_marks=hidden_marks)
        self._keep_evidence = keep_evidence

    async def save_many(self, assessed: Sequence[AssessedDomain]) -> tuple[SavedLead, ...]:
        """Store scans, in the order of their domains; of two scans of one domain the later.

        A domain that is no company, or none any more, is left out of what is returned: its result is dropped. So is
        the result of a slow scan that began before the one that is stored, but its domain is returned, unchanged.
        """
        latest = _latest(assessed)
        async with self._index.changing(latest) as domains:
            scans = await self._laid_out(latest, domains)
            newest = [scan for scan in scans if scan.is_first or scan.at >= (scan.before.scanned_at or scan.at)]
            if newest:
                await insert_evidence(self._connection, newest, keep=self._keep_evidence)
            saved = await self._written(newest)
        kept = {one.domain for one in saved}
        late = [scan.before for scan in scans if scan.domain not in kept]
        unchanged = [SavedLead(one.domain, is_first=False, keeps_score=True, changes=(), record=one) for one in late]
        return tuple(sorted((*saved, *unchanged), key=lambda one: one.domain))

    async def rejudge_many(self, assessed: Sequence[AssessedDomain]) -> tuple[SavedLead, ...]:
        """Store new judgements of evidence that is stored already; where a newer scan has come in, it stands."""
        latest = _latest(assessed)
        async with self._index.changing(latest) as domains:
            scans = await self._laid_out(latest, domains)
            return await self._written([scan for scan in scans if scan.before.scanned_at in (None, scan.at)])

    async def _laid_out(self, latest: Mapping[str, AssessedDomain], domains: Sequence[str]) -> list[ScanRows]:
        """Lay out what is stored of these domains, beside what is there."""
        standing = await read_records(self._connection, domains) if domains else {}
        return [rows_of(latest[domain], standing[domain]) for domain in domains]

    async def _written(self, scans: Sequence[ScanRows]) -> tuple[SavedLead, ...]:
        if scans:
            await write_scans(self._connection, scans)
        return tuple(
            SavedLead(scan.domain, scan.is_first, scan.keeps_score, scan.changes, record=scan.record) for scan in scans
        )

    async def find(self, domain: str) -> LeadView | None:
        """Return the lead; None where nobody handed it in. One that was never scanned has no `scanned_at`."""
        return await self._index.find(domain)

    async def get(self, domain: str) -> LeadView:
        """Return the lead; raises NotIngested or NotScanned."""
        lead = await self.find(domain)
        if lead is None:
            raise NotIngested(f"{domain} was not handed in")
        if lead.scanned_at is None:
            raise NotScanned(f"{domain} was not scanned yet")
        return lead

    async def find_records(self, domains: Collection[str]) -> dict[str, LeadRecord]:
        """Return what stands of domains; those that are no company are left out."""
        return await read_records(self._connection, domains)

    async def find_evidence_of(self, domains: Collection[str]) -> dict[str, Evidence]:
        """Return the newest evidence of each of these domains that has any."""
        if not domains:
            return {}
        found = await fetch_rows(self._connection, _EVIDENCE_OF, {"domains": list(domains)})
        return {domain: evidence_from_json(json.loads(text)) for domain, text in found}

    async def find_evidence(self, domain: str) -> Evidence | None:
        """Return the newest evidence; None where there is none."""
        return await self._evidence(_EVIDENCE, domain)

    async def find_judged_evidence(self, domain: str) -> Evidence | None:
        """Return the evidence that the score rests on, or the newest where there is no score; None without any."""
        return await self._evidence(_JUDGED_EVIDENCE, domain)

    async def _evidence(self, statement: str, domain: str) -> Evidence | None:
        found = await fetch_rows(self._connection, statement, {"domain": domain})
        return evidence_from_json(json.loads(found[0][0])) if found else None

    async def search(self, query: LeadQuery) -> LeadPage:
        """Return one page of leads; raises PageTooDeep and BadCursor."""
        return await self._index.search(query)

    def stream(self, query: LeadQuery) -> AsyncIterator[LeadView]:
        """Yield every lead that matches, whatever page the query names."""
        return self._index.stream(query)

    async def totals(self, *, high_priority: Condition) -> LeadTotals:
        """Return the counts over all scored leads; the rulebook says what counts as high priority."""
        return await self._index.totals(high_priority)

    async def oldest_scan(self) -> datetime | None:
        """Return when the lead was scanned that has waited longest; None while nothing was scanned."""
        ((at,),) = await fetch_rows(self._connection, _OLDEST)
        return at if isinstance(at, datetime) else None

    async def list_tags(self, domain: str) -> tuple[Tag, ...]:
        """Return the tags of a domain, newest first."""
        return tuple(Tag(*row) for row in await fetch_rows(self._connection, _TAGS, {"domain": domain}))

    async def list_notes(self, domain: str) -> tuple[Note, ...]:
        """Return the notes of a domain, newest first."""
        return tuple(Note(*row) for row in await fetch_rows(self._connection, _NOTES, {"domain": domain}))


def _latest(assessed: Sequence[AssessedDomain]) -> dict[str, AssessedDomain]:
    """Return the newest scan of each domain."""
    return {one.evidence.domain: one for one in sorted(assessed, key=lambda one: one.evidence.collected_at)}

"""The memory that lasts: scans in the contract tables, one transaction a batch, each reason in Turkish words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.services.ports import OpenUnit
from hunter.services.scan.shapes import Kept, Scanned, StoredScan
from hunter.storage.lead_rows import AssessedDomain


@dataclass(frozen=True, slots=True)
class StoredLeads:
    """Keeps scans as leads, and recalls them."""

    reads: OpenUnit
    writes: OpenUnit
    #: What is stored is Turkish, whoever reads it.
    wording: Wording
    is_keeping: bool = True

    async def recall(self, domains: Sequence[str], *, answers_since: datetime) -> Mapping[str, StoredScan]:
        """Return what is stored of domains, with the evidence of looks since then; what is no company is left out."""
        async with self.reads() as unit:
            records = await unit.leads.find_records(domains)
            young = [one.domain for one in records.values() if one.scanned_at and one.scanned_at >= answers_since]
            evidence = await unit.leads.find_evidence_of(young)
        return {domain: StoredScan(record, evidence.get(domain)) for domain, record in records.items()}

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, Kept]:
        """Bring in the companies that come with scans, and store all scans, in one transaction."""
        assessed = [
            AssessedDomain(one.evidence, one.assessment, reason(one.assessment, one.evidence, self.wording))
            for one in scans
        ]
        async with self.writes() as unit:
            await unit.companies.intake_many([one.item.company for one in scans if one.item.company is not None])
            saved = await unit.leads.save_many(assessed)
        return {one.domain: Kept(one.record, one.changes) for one in saved}

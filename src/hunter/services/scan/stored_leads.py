"""The memory that lasts: scans in the contract tables, one transaction a batch, each reason in Turkish words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hunter.core.changes import Change
from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.services.ports import OpenUnit
from hunter.services.scan.shapes import Remembered, Scanned
from hunter.storage.lead_rows import AssessedDomain


@dataclass(frozen=True, slots=True)
class StoredLeads:
    """Keeps scans as leads, and recalls them."""

    reads: OpenUnit
    writes: OpenUnit
    #: What is stored is Turkish, whoever reads it.
    wording: Wording
    is_keeping: bool = True

    async def recall(self, domains: Sequence[str]) -> Mapping[str, Remembered]:
        """Return what is stored of domains; those that are no company are left out."""
        remembered: dict[str, Remembered] = {}
        async with self.reads() as unit:
            for domain in domains:
                lead = await unit.leads.find(domain)
                if lead is not None:
                    remembered[domain] = Remembered(
                        evidence=await unit.leads.find_evidence(domain),
                        scan_status=lead.scan_status,
                        registry_read_at=None,
                        expires_at=lead.expires_at,
                    )
        return remembered

    async def keep(self, scans: Sequence[Scanned]) -> Mapping[str, tuple[Change, ...]]:
        """Bring in the companies that come with scans, and store all scans, in one transaction."""
        assessed = [
            AssessedDomain(one.evidence, one.assessment, reason(one.assessment, one.evidence, self.wording))
            for one in scans
        ]
        async with self.writes() as unit:
            await unit.companies.intake_many([one.item.company for one in scans if one.item.company is not None])
            saved = await unit.leads.save_many(assessed)
        return {one.domain: one.changes for one in saved}

"""Keeping the companies of a list: one batch, one transaction; companies are merged, each row leaves its raw record."""

from collections.abc import Callable, Sequence
from typing import Any

from hunter.services.lists.intake import Candidate
from hunter.storage.companies import NewCompany
from hunter.storage.raw_leads import RawLead
from hunter.storage.unit_of_work import UnitOfWork

#: Source of raw records that came by a list, whatever its format.
SOURCE = "csv"


class CandidateStore:
    """Keeps batches of candidates by units of work."""

    def __init__(self, writes: Callable[[], UnitOfWork]) -> None:
        self._writes = writes

    async def store(self, batch: Sequence[Candidate], /) -> None:
        """Keep all of the batch or nothing."""
        companies = [NewCompany(domain=one.domain, name=one.company_name or None) for one in batch]
        async with self._writes() as unit:
            await unit.companies.intake_many(companies)
            await unit.raw_leads.add_many([_raw(one) for one in batch])


def _raw(one: Candidate) -> RawLead:
    payload: dict[str, Any] = {"row": one.row, "original_domain": one.original_domain}
    if len(one.candidates) > 1:
        payload["candidates"] = list(one.candidates)
    return RawLead(
        source=SOURCE,
        domain=one.domain,
        company_name=one.company_name or None,
        email=one.email or None,
        website=one.website or None,
        payload=payload,
    )

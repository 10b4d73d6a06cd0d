"""Keeping the companies of a list, batch by batch; companies are merged, each row leaves its raw record."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from hunter.core.provider.tenant_size import SizeRules
from hunter.services.lists.candidates import Candidate
from hunter.services.lists.companies import company_of
from hunter.storage.raw_leads import RawLead
from hunter.storage.unit_of_work import UnitOfWork

#: Source of raw records that came by a list, whatever its format.
SOURCE = "csv"
#: Fewer companies are not worth a second transaction.
_WORTH_HALVING: Final = 100


class CandidateStore:
    """Keeps batches of candidates by units of work."""

    def __init__(self, writes: Callable[[], UnitOfWork], list_id: int, sizes: SizeRules) -> None:
        self._writes = writes
        #: The list that the companies come with.
        self.list_id = list_id
        self._sizes = sizes

    async def store(self, batch: Sequence[Candidate], /) -> Collection[str]:
        """Keep a batch; returns the domains that must not be contacted.

        Two transactions at the same time, because one keeps only one core of the database busy. Each keeps its half or
        nothing; where one fails its error is raised, and the same batch may be brought again.
        """
        outcomes = await asyncio.gather(*map(self._store, _halves(batch)), return_exceptions=True)
        refused: set[str] = set()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            refused.update(outcome)
        return refused

    async def _store(self, batch: Sequence[Candidate]) -> Collection[str]:
        companies = [company_of(one, self.list_id, self._sizes) for one in batch]
        async with self._writes() as unit:
            result = await unit.companies.intake_many(companies)
            # What was refused leaves no raw record either.
            await unit.raw_leads.add_many([_raw(one) for one in batch if one.domain not in result.refused])
        return result.refused

    async def close(self, row_count: int) -> None:
        """Write down how many rows the list had, once it was read to its end."""
        async with self._writes() as unit:
            await unit.lists.close_list(self.list_id, row_count=row_count)


async def open_candidate_store(writes: Callable[[], UnitOfWork], list_name: str, sizes: SizeRules) -> CandidateStore:
    """Open the list of a name, made where it is new."""
    async with writes() as unit:
        list_id = await unit.lists.open_list(list_name)
    return CandidateStore(writes, list_id, sizes)


def _halves(batch: Sequence[Candidate]) -> Sequence[Sequence[Candidate]]:
    """Part the rows of a batch by their domains, so that all rows of a company stay together and in order."""
    domains = sorted({one.domain for one in batch})
    if len(domains) < _WORTH_HALVING:
        return [batch]
    middle = domains[len(domains) // 2]
    return [[one for one in batch if one.domain < middle], [one for one in batch if one.domain >= middle]]


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

"""Companies of the database as something to scan: how many there are, and their domains page by page.

In: what begins a transaction. Out: `StoredDomains`; no transaction is open while its domains are scanned.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hunter.services.ports import OpenUnit

_BEFORE_ALL: Final = (datetime.min.replace(tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class StoredDomains:
    """What is to be scanned."""

    #: How many domains there were at the beginning.
    expected: int
    pages: AsyncIterator[Sequence[str]]


async def unscanned_domains(reads: OpenUnit, *, scanned_before: datetime | None) -> StoredDomains:
    """Find the companies that were never scanned, then those whose last scan is older than a moment, oldest first."""
    async with reads() as unit:
        expected = await unit.scan_order.count_unscanned()
        if scanned_before is not None:
            expected += await unit.scan_order.count_older(scanned_before)
    return StoredDomains(expected, _unscanned_pages(reads, scanned_before))


async def list_domains(reads: OpenUnit, list_id: int) -> StoredDomains:
    """Find the companies that came with a list."""
    async with reads() as unit:
        expected = await unit.scan_order.count_of_list(list_id)
    return StoredDomains(expected, _list_pages(reads, list_id))


async def _unscanned_pages(reads: OpenUnit, scanned_before: datetime | None) -> AsyncIterator[Sequence[str]]:
    after = ""
    while True:
        async with reads() as unit:
            page = await unit.scan_order.unscanned(after)
        if not page:
            break
        yield page
        after = page[-1]
    last = _BEFORE_ALL
    while scanned_before is not None:
        async with reads() as unit:
            older = await unit.scan_order.oldest(scanned_before, last)
        if not older:
            break
        yield [domain for _, domain in older]
        last = older[-1]


async def _list_pages(reads: OpenUnit, list_id: int) -> AsyncIterator[Sequence[str]]:
    after = ""
    while True:
        async with reads() as unit:
            page = await unit.scan_order.of_list(list_id, after)
        if not page:
            return
        yield page
        after = page[-1]

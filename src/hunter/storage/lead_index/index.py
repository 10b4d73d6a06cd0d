"""LeadIndex: the door of this room. What lists, counts, searches and exports read, and the one way to keep it right.

In: queries, and the domains that a writer is about to change. Out: pages, streams, totals. docs/reference/lead-index.md
explains the parts behind it.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.rule_files.decision_table import Condition
from hunter.storage.lead_index.fields import MARKS
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.reading import find
from hunter.storage.lead_index.search import search, stream, totals
from hunter.storage.lead_index.view import LeadPage, LeadTotals, LeadView
from hunter.storage.lead_index.words import drop_words
from hunter.storage.lead_index.writing import lock_companies, refresh_leads


class LeadIndex:
    """The lead index on one connection."""

    def __init__(self, connection: AsyncConnection, *, hidden_marks: Collection[str] = MARKS) -> None:
        """`hidden_marks` keep a lead out of whatever does not ask for it; in a demo database `demo` is none of them."""
        self._connection = connection
        self._hidden = hidden_marks

    @asynccontextmanager
    async def changing(self, domains: Collection[str]) -> AsyncIterator[tuple[str, ...]]:
        """Write contract tables of these domains in the block; gives those that are companies, in order.

        Whoever changes anything that lists read of a company (its own row, signals, score, history, tags, referrals,
        lists) does it in here: the companies are locked in the order of their domains, so that no two writers wait
        for each other in a circle, and at the end of the block the index is brought in line, in the same transaction.
        """
        present = await lock_companies(self._connection, domains) if domains else []
        yield tuple(present)
        if domains:
            await refresh_leads(self._connection, domains)

    async def find(self, domain: str) -> LeadView | None:
        """Return the lead; None where nobody handed it in."""
        return await find(self._connection, domain)

    async def search(self, query: LeadQuery) -> LeadPage:
        """Return one page of leads; raises PageTooDeep and BadCursor."""
        return await search(self._connection, query, self._hidden)

    def stream(self, query: LeadQuery) -> AsyncIterator[LeadView]:
        """Yield every lead that matches, whatever page the query names."""
        return stream(self._connection, query, self._hidden)

    async def totals(self, high_priority: Condition) -> LeadTotals:
        """Return the counts over all scored leads that no mark keeps out."""
        return await totals(self._connection, high_priority, self._hidden)

    async def drop_words(self) -> int:
        """Forget words that no name has any more; returns how many, 0 also where leads are being written."""
        return await drop_words(self._connection)

"""Which companies are to be scanned, page by page: those that nobody looked at, the longest unseen, those of a list.

Each page goes on behind the last row of the one before (keyset), so that a million companies cost no memory, and what
is scanned meanwhile disturbs nothing. Companies that must not be contacted are left out.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import fetch_rows

_PAGE: Final = 1_000
#: Before every domain.
_BEGINNING: Final = ""
_TO_CONTACT: Final = "not exists (select from companies c where c.domain = s.domain and c.is_do_not_contact)"
_UNSCANNED: Final = f"""
select s.domain from lead_scans s where s.scanned_at is null and s.domain > %(after)s and {_TO_CONTACT}
order by s.domain limit {_PAGE}
"""
_OLDEST: Final = f"""
select s.scanned_at, s.domain from lead_scans s
where s.scanned_at < %(before)s and (s.scanned_at, s.domain) > (%(at)s, %(after)s) and {_TO_CONTACT}
order by s.scanned_at, s.domain limit {_PAGE}
"""
_OF_LIST: Final = f"""
select s.domain from company_lists s where s.list_id = %(list_id)s and s.domain > %(after)s and {_TO_CONTACT}
order by s.domain limit {_PAGE}
"""
_COUNT_UNSCANNED: Final = f"select count(*) from lead_scans s where s.scanned_at is null and {_TO_CONTACT}"
_COUNT_OLDER: Final = f"select count(*) from lead_scans s where s.scanned_at < %(before)s and {_TO_CONTACT}"
_COUNT_OF_LIST: Final = f"select count(*) from company_lists s where s.list_id = %(list_id)s and {_TO_CONTACT}"


class ScanOrder:
    """Pages of domains in the order in which they are scanned."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count_unscanned(self) -> int:
        """Return how many companies were never scanned."""
        return await self._count(_COUNT_UNSCANNED, {})

    async def count_older(self, before: datetime) -> int:
        """Return how many companies were scanned last before a moment."""
        return await self._count(_COUNT_OLDER, {"before": before})

    async def count_of_list(self, list_id: int) -> int:
        """Return how many companies came with a list."""
        return await self._count(_COUNT_OF_LIST, {"list_id": list_id})

    async def unscanned(self, after: str = _BEGINNING) -> list[str]:
        """Return the next domains that were never scanned, in their order."""
        return [domain for (domain,) in await fetch_rows(self._connection, _UNSCANNED, {"after": after})]

    async def oldest(self, before: datetime, after: tuple[datetime, str]) -> list[tuple[datetime, str]]:
        """Return the next domains whose last scan is older than a moment, each behind its time; the oldest first."""
        values = {"before": before, "at": after[0], "after": after[1]}
        return [(at, domain) for at, domain in await fetch_rows(self._connection, _OLDEST, values)]

    async def of_list(self, list_id: int, after: str = _BEGINNING) -> list[str]:
        """Return the next domains that came with a list, in their order."""
        values = {"list_id": list_id, "after": after}
        return [domain for (domain,) in await fetch_rows(self._connection, _OF_LIST, values)]

    async def _count(self, query: str, values: dict[str, object]) -> int:
        ((found,),) = await fetch_rows(self._connection, query, values)
        return int(found)

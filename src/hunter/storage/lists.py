"""The lists that companies came with: which row of which list named a company, and on which day.

A list is known by its name: brought again, it is the same list, and a company keeps the row and the day of the first
time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.errors import InvalidInput
from hunter.storage.statements import Column, arrays_of, fetch_rows, storable, texts, typed, unnested

_LONGEST_NAME: Final = 255
_OPEN: Final = """
insert into lists (name) values (%(name)s) on conflict (name) do update set imported_at = now() returning id
"""
_CLOSE: Final = "update lists set row_count = %(rows)s where id = %(id)s"
_OF_COMPANY: Final = """
select l.name, m.row_number, m.added_at from company_lists m join lists l on l.id = m.list_id
where m.domain = %(domain)s order by m.added_at desc, l.name
"""
_ROW: Final[tuple[Column, ...]] = (*typed("bigint", "list_id"), *texts("domain"), *typed("integer", "row_number"))
_ADD: Final = f"""
insert into company_lists (list_id, domain, row_number) {unnested(_ROW)} order by list_id, domain
on conflict (list_id, domain) do nothing
"""


@dataclass(frozen=True, slots=True)
class ListRow:
    """The row of a list by which a company came."""

    list_id: int
    domain: str
    #: As Excel counts them; None where the list has no rows.
    row_number: int | None


@dataclass(frozen=True, slots=True)
class ListMembership:
    """A list that named a company."""

    name: str
    row_number: int | None
    #: When the list named it first.
    added_at: datetime


class Lists:
    """The lists."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_list(self, name: str) -> int:
        """Return the id of a list, which is made where it is new; raises `InvalidInput` for a name without letters.

        Writers of the same list wait for each other until the transaction ends: open it in one of its own.
        """
        name = " ".join((storable(name) or "").split())[:_LONGEST_NAME]
        if not name:
            raise InvalidInput("a list needs a name")
        ((list_id,),) = await fetch_rows(self._connection, _OPEN, {"name": name})
        return int(list_id)

    async def close_list(self, list_id: int, *, row_count: int) -> None:
        """Write down how many rows a list had when it was read to its end."""
        await self._connection.exec_driver_sql(_CLOSE, {"id": list_id, "rows": row_count})

    async def of_company(self, domain: str) -> tuple[ListMembership, ...]:
        """Return the lists that named a company, the last one first."""
        found = await fetch_rows(self._connection, _OF_COMPANY, {"domain": domain})
        return tuple(ListMembership(*row) for row in found)


async def add_list_rows(connection: AsyncConnection, rows: Collection[ListRow]) -> None:
    """Write down which rows named which companies; of several rows of one list for one company the first."""
    first: dict[tuple[int, str], ListRow] = {}
    for row in rows:
        first.setdefault((row.list_id, row.domain), row)
    if first:
        values = [
            {"list_id": row.list_id, "domain": row.domain, "row_number": row.row_number} for row in first.values()
        ]
        await connection.exec_driver_sql(_ADD, arrays_of(_ROW, values))

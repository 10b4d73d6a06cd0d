"""What changed of a domain over time: provider, signals and score, from three tables as one list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import fetch_rows

_CHANGES: Final = """
select 'provider' as kind, previous_provider as old, new_provider as new, null as old_segment, null as new_segment,
    changed_at, id from provider_change_history where domain = %(domain)s
union all
select signal_type, old_value, new_value, null, null, changed_at, id from signal_change_history
where domain = %(domain)s
union all
select 'score', old_score::text, new_score::text, old_segment, new_segment, changed_at, id from score_change_history
where domain = %(domain)s
order by changed_at desc, kind, id desc limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change, as it was written down."""

    #: `provider`, `spf`, `dkim`, `dmarc`, `mx`, `gateway` or `score`.
    kind: str
    old: str | None
    new: str | None
    #: Both for `score` only.
    old_segment: str | None
    new_segment: str | None
    changed_at: datetime


class History:
    """The change histories."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list_changes(self, domain: str, *, limit: int = 100) -> tuple[HistoryEntry, ...]:
        """Return the newest changes, newest first."""
        found = await fetch_rows(self._connection, _CHANGES, {"domain": domain, "limit": limit})
        return tuple(HistoryEntry(*row[:6]) for row in found)

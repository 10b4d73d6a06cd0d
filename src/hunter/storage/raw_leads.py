"""Raw leads: what was handed in, as it was; personal data that `tidy` takes away after its time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import arrays_of, json_columns, json_text, storable, texts, unnested

_COLUMNS: Final = (*texts("source", "company_name", "email", "website", "domain"), *json_columns("payload"))
_ADD: Final = f"insert into raw_leads (source, company_name, email, website, domain, payload) {unnested(_COLUMNS)} "
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLead:
    """One row, form or message that named a company."""

    #: `domain`, `csv`, `webhook`, `partnercenter`.
    source: str
    domain: str
    company_name: str | None = None
    email: str | None = None
    website: str | None = None
    payload: Mapping[str, Any] | None = None


class RawLeads:
    """The record of what came in."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_many(self, raw: Sequence[RawLead]) -> None:
        """Write them down in the order given; texts longer than their columns are cut, the payload keeps them whole."""
        if raw:
            await self._connection.exec_driver_sql(_ADD, arrays_of(_COLUMNS, map(_row, raw)))


def _row(raw: RawLead) -> dict[str, str | None]:
    cut = {"company_name": raw.company_name, "email": raw.email, "website": raw.website}
    is_cut = any(len(text) > _LONGEST for text in cut.values() if text is not None)
    payload = {**cut, **(raw.payload or {})} if is_cut else raw.payload
    return {
        "source": raw.source,
        "domain": raw.domain,
        **{name: storable(text[:_LONGEST]) if text is not None else None for name, text in cut.items()},
        "payload": json_text(dict(payload)) if payload is not None else None,
    }

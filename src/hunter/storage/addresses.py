"""What address files said of the addresses of companies' hosts, as scans stored it (engine specification 10)."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import fetch_records

#: Several companies may share an address: the row that was written last.
_FIND: Final = """
select domain, ip_address, asn, asn_org, isp, country, city, usage_type, is_proxy, proxy_type, created_at, updated_at
from ip_enrichment where ip_address = %(address)s order by updated_at desc, id desc limit 1
"""


class Addresses:
    """The stored facts of addresses."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, address: str) -> Mapping[str, Any] | None:
        """Return the newest row of an address, by the names of its columns; None where there is none."""
        found = await fetch_records(self._connection, _FIND, {"address": address})
        return found[0] if found else None

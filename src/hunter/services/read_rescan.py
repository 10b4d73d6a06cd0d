"""How the daily rescan stands, for the metrics (engine specification 7.3)."""

from collections.abc import Mapping
from typing import Any

from hunter.core.errors import Unavailable
from hunter.services.application import Application


async def rescan_section(hunter: Application) -> Mapping[str, Any]:
    """Return the age of the oldest scan; null without any, and while the database does not answer."""
    try:
        async with hunter.reads() as unit:
            oldest = await unit.leads.oldest_scan()
    except Unavailable:
        # What else is counted is wanted most while something is out of order.
        return {}
    return {} if oldest is None else {"oldest_scan_age_seconds": (hunter.clock() - oldest).total_seconds()}

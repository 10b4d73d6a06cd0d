"""Deliveries that were valid and failed inside (engine specification 5.3): kept, to be tried again."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.statements import json_text, storable

#: The first try again is due after this; each further one waits twice as long.
_ADD: Final = """
insert into webhook_retries (api_key_id, payload, domain, error_message, next_retry_at)
values (%(api_key_id)s, %(payload)s, %(domain)s, %(error_message)s, now() + interval '60 seconds')
"""


class WebhookRetries:
    """The store of failed deliveries."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, api_key_id: int, domain: str, payload: Mapping[str, Any], *, error_message: str) -> None:
        """Keep a delivery as it came, with why it failed."""
        values = {
            "api_key_id": api_key_id,
            "payload": json_text(dict(payload)),
            "domain": domain,
            "error_message": storable(error_message),
        }
        await self._connection.exec_driver_sql(_ADD, values)

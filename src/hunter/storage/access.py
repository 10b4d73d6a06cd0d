"""API keys, found by their prefix in one query, and the first answers to requests that may be repeated.

Keys are 32 random bytes, so a plain SHA-256 of them cannot be guessed back; the text is shown once and not kept.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.errors import Conflict, NotFound
from hunter.storage.statements import fetch_rows

_RANDOM_BYTES: Final = 32
_PREFIX_LENGTH: Final = 12
_TOUCH_AFTER: Final = timedelta(minutes=1)

_COLUMNS: Final = "id, name, key_prefix, rate_limit_per_minute, is_active, created_at, last_used_at, created_by"
_CREATE: Final = f"""
insert into api_keys (key_hash, key_prefix, name, rate_limit_per_minute, created_by)
values (%(hash)s, %(prefix)s, %(name)s, %(limit)s, %(created_by)s) returning {_COLUMNS}
"""
_VERIFY: Final = f"select {_COLUMNS}, key_hash from api_keys where key_prefix = %(prefix)s and is_active"
_TOUCH: Final = """
update api_keys set last_used_at = now()
where id = %(id)s and (last_used_at is null or last_used_at < now() - interval '1 minute')
"""
_LIST: Final = f"select {_COLUMNS} from api_keys order by created_at desc, id desc"
_SWITCH: Final = "update api_keys set is_active = %(is_active)s where id = %(id)s"
_LOCK_KEY: Final = "select pg_advisory_xact_lock(hashtextextended(%(of)s, 0))"
_KEPT_ANSWER: Final = """
select body_hash, status_code, answer from idempotency_keys where api_key_id = %(id)s and idempotency_key = %(key)s
    and created_at > now() - %(hours)s * interval '1 hour'
"""
_KEEP_ANSWER: Final = """
insert into idempotency_keys (api_key_id, idempotency_key, body_hash, domain, status_code, answer)
values (%(id)s, %(key)s, %(body)s, %(domain)s, %(status)s, %(answer)s::json)
on conflict (api_key_id, idempotency_key) do update set body_hash = excluded.body_hash, domain = excluded.domain,
    status_code = excluded.status_code, answer = excluded.answer, created_at = now()
where idempotency_keys.created_at <= now() - %(hours)s * interval '1 hour'
"""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed."""

    id: int
    name: str
    #: The first letters of its text, by which people know it again.
    prefix: str
    rate_limit_per_minute: int
    is_active: bool
    created_at: datetime
    last_used_at: datetime | None
    created_by: str | None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer that a request got the first time."""

    status_code: int
    answer: Any


class AccessKeys:
    """The API keys."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def create(
        self, name: str, *, rate_limit_per_minute: int = 60, created_by: str | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; the second value is its text, which nobody can read again."""
        text = secrets.token_urlsafe(_RANDOM_BYTES)
        values = {
            "hash": _hash_of(text),
            "prefix": text[:_PREFIX_LENGTH],
            "name": name,
            "limit": rate_limit_per_minute,
            "created_by": created_by,
        }
        (row,) = await fetch_rows(self._connection, _CREATE, values)
        return ApiKey(*row), text

    async def verify(self, text: str) -> ApiKey | None:
        """Return the active key with this text; None for any other. Its use is noted at most once a minute."""
        values = {"prefix": text[:_PREFIX_LENGTH].encode("ascii", "replace").decode().replace("\0", "?")}
        digest = _hash_of(text)
        for *row, key_hash in await fetch_rows(self._connection, _VERIFY, values):
            if hmac.compare_digest(key_hash, digest):
                key = ApiKey(*row)
                if key.last_used_at is None or key.last_used_at < datetime.now(UTC) - _TOUCH_AFTER:
                    await self._connection.exec_driver_sql(_TOUCH, {"id": key.id})
                return key
        return None

    async def list_keys(self) -> tuple[ApiKey, ...]:
        """Return all keys, newest first."""
        return tuple(ApiKey(*row) for row in await fetch_rows(self._connection, _LIST))

    async def set_active(self, key_id: int, is_active: bool) -> None:
        """Switch a key on or off; raises NotFound."""
        switched = await self._connection.exec_driver_sql(_SWITCH, {"id": key_id, "is_active": is_active})
        if not switched.rowcount:
            raise NotFound(f"there is no API key {key_id}")

    async def find_answer(
        self, key_id: int, idempotency_key: str, body_hash: str, *, hours: int = 24
    ) -> KeptAnswer | None:
        """Return the first answer to this request; None for a new one. Raises Conflict where the body is another.

        Others with this key wait here until the transaction ends, so that of several at one time one is the first.
        """
        values = {"id": key_id, "key": idempotency_key, "hours": hours}
        await self._connection.exec_driver_sql(_LOCK_KEY, {"of": f"{key_id} {idempotency_key}"})
        found = await fetch_rows(self._connection, _KEPT_ANSWER, values)
        if not found:
            return None
        ((kept_hash, status_code, answer),) = found
        if kept_hash != body_hash:
            raise Conflict("this Idempotency-Key came with another body before")
        return KeptAnswer(status_code, answer)

    async def keep_answer(
        self, key_id: int, idempotency_key: str, body_hash: str, *, domain: str, answer: KeptAnswer, hours: int = 24
    ) -> None:
        """Keep the answer to a request for its repeats; one that is kept already stays."""
        written: Mapping[str, Any] = {
            "id": key_id,
            "key": idempotency_key,
            "body": body_hash,
            "domain": domain,
            "status": answer.status_code,
            "answer": json.dumps(answer.answer),
            "hours": hours,
        }
        await self._connection.exec_driver_sql(_KEEP_ANSWER, written)


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

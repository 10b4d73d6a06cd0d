"""API keys: made, listed, switched on and off; and the question whether a program may come in now."""

from dataclasses import dataclass
from typing import Final

from hunter.observability.metrics import Metrics
from hunter.services.errors import KeyMissing, KeyRefused, OverRate
from hunter.services.ports import Limiter, OpenUnit
from hunter.storage.access import ApiKey

#: Failed authentications that one client address may have in a minute.
FAILURES_PER_MINUTE: Final = 30
#: Longer than any key of ours.
_LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAccess:
    """What looking after API keys and admitting programs needs."""

    reads: OpenUnit
    writes: OpenUnit
    limiter: Limiter
    metrics: Metrics


async def create_key(
    access: KeyAccess, name: str, *, rate_limit_per_minute: int, created_by: str | None
) -> tuple[ApiKey, str]:
    """Make a key; its text is in this answer and nowhere else."""
    async with access.writes() as unit:
        return await unit.access.create(name, rate_limit_per_minute=rate_limit_per_minute, created_by=created_by)


async def list_keys(access: KeyAccess) -> tuple[ApiKey, ...]:
    """Return all keys, the newest first, without their texts."""
    async with access.reads() as unit:
        return await unit.access.list_keys()


async def switch_key(access: KeyAccess, key_id: int, *, is_active: bool) -> None:
    """Switch a key on or off; raises `NotFound`."""
    async with access.writes() as unit:
        await unit.access.set_active(key_id, is_active)


async def admit(access: KeyAccess, text: str | None, *, client: str) -> ApiKey:
    """Return the key of a program that may come in now.

    Raises `KeyMissing`, `KeyRefused`, or `OverRate`: for the key, and for an address that guesses keys.
    """
    if not text:
        raise KeyMissing("the header X-API-Key is missing")
    async with access.writes() as unit:
        key = await unit.access.verify(text) if len(text) <= _LONGEST_KEY and text.isascii() else None
    if key is None:
        await _take(access, f"authentication:{client}", FAILURES_PER_MINUTE, counted_as="authentication")
        raise KeyRefused("the API key is unknown or inactive")
    await _take(access, f"api_key_{key.id}", key.rate_limit_per_minute, counted_as=f"api_key_{key.id}")
    return key


async def _take(access: KeyAccess, name: str, per_minute: int, *, counted_as: str) -> None:
    wait = await access.limiter.wait_seconds(name, per_minute=per_minute)
    access.metrics.count_limit(counted_as, is_acquired=wait <= 0)
    if wait > 0:
        raise OverRate(wait)

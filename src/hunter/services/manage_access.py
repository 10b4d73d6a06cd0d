"""API keys: made, listed, switched on and off; and the question whether a program may come in now."""

from typing import Final

from hunter.services.application import Application
from hunter.services.errors import KeyMissing, KeyRefused, OverRate
from hunter.storage.access import ApiKey

#: Failed authentications that one client address may have in a minute.
FAILURES_PER_MINUTE: Final = 30
#: Longer than any key of ours.
_LONGEST_KEY: Final = 200


async def create_key(
    hunter: Application, name: str, *, rate_limit_per_minute: int, created_by: str | None
) -> tuple[ApiKey, str]:
    """Make a key; its text is in this answer and nowhere else."""
    async with hunter.writes() as unit:
        return await unit.access.create(name, rate_limit_per_minute=rate_limit_per_minute, created_by=created_by)


async def list_keys(hunter: Application) -> tuple[ApiKey, ...]:
    """Return all keys, the newest first, without their texts."""
    async with hunter.reads() as unit:
        return await unit.access.list_keys()


async def switch_key(hunter: Application, key_id: int, *, is_active: bool) -> None:
    """Switch a key on or off; raises `NotFound`."""
    async with hunter.writes() as unit:
        await unit.access.set_active(key_id, is_active)


async def admit(hunter: Application, text: str | None, *, client: str) -> ApiKey:
    """Return the key of a program that may come in now.

    Raises `KeyMissing`, `KeyRefused`, or `OverRate`: for the key, and for an address that guesses keys.
    """
    if not text:
        raise KeyMissing("the header X-API-Key is missing")
    async with hunter.writes() as unit:
        key = await unit.access.verify(text) if len(text) <= _LONGEST_KEY and text.isascii() else None
    if key is None:
        await _take(hunter, f"authentication:{client}", FAILURES_PER_MINUTE, counted_as="authentication")
        raise KeyRefused("the API key is unknown or inactive")
    await _take(hunter, f"api_key_{key.id}", key.rate_limit_per_minute, counted_as=f"api_key_{key.id}")
    return key


async def _take(hunter: Application, name: str, per_minute: int, *, counted_as: str) -> None:
    wait = await hunter.limiter.wait_seconds(name, per_minute=per_minute)
    hunter.metrics.count_limit(counted_as, is_acquired=wait <= 0)
    if wait > 0:
        raise OverRate(wait)

"""Lists that others publish and we keep a copy of: fetched whole or not at all, replaced in one step."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx

from hunter.core.errors import InvalidInput, Unavailable
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.resilience.bounded_body import read_bounded

_LARGEST_BYTES: Final = 4 << 20
_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What renewing a list has come to."""

    #: When the list was published; aware.
    publication: datetime
    #: How many entries it has.
    entries: int
    #: False where what we had was as new already.
    is_newer: bool


async def fetch_published(guard: Guard, address: str) -> bytes:
    """Fetch a list; raises `Unavailable` naming the address where it cannot be had, redirects included."""
    client = guarded_client(guard, headers={"accept-encoding": "identity"}, seconds=_SECONDS)
    try:
        async with client, client.stream("GET", address) as response:
            response.raise_for_status()
            content = await read_bounded(response.aiter_raw(), _LARGEST_BYTES)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise Unavailable(f"{address} cannot be fetched: {error}") from error
    if content is None:
        raise Unavailable(f"{address} sends more than {_LARGEST_BYTES} bytes")
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, never half of it; raises `InvalidInput`."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error}") from error

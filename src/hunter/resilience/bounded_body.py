"""Bodies of strangers are read up to a limit."""

from collections.abc import AsyncIterable


async def read_bounded(parts: AsyncIterable[bytes], most_bytes: int) -> bytes | None:
    """Return a body that comes in parts; None as soon as it is longer than `most_bytes`."""
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > most_bytes:
            return None
    return bytes(body)

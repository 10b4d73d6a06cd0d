"""A check that fails, hangs or is well; nothing of why gets out."""

import asyncio

from hunter.core.errors import Unavailable
from hunter.services.operations import is_ready, run_checks


async def well() -> None:
    return None


async def refused() -> None:
    raise Unavailable("postgresql://hunter:secret@db is not there")


async def broken() -> None:
    raise ConnectionRefusedError("10.0.0.7")


async def hanging() -> None:
    await asyncio.Event().wait()


async def test_each_check_has_its_word() -> None:
    words = await run_checks({"database": refused, "redis": broken, "migrations": well, "rules": hanging})
    assert words == {"database": "failed", "redis": "failed", "migrations": "ok", "rules": "failed"}
    assert not is_ready(words)


async def test_ready_is_when_all_are_well() -> None:
    assert is_ready(await run_checks({"database": well, "redis": well}))

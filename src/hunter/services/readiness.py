"""Readiness: which neighbours can be reached now. In: named checks. Out: a word for each, never an exception."""

import asyncio
from collections.abc import Mapping
from typing import Final

from hunter.core.errors import HunterError
from hunter.services.ports import Check

OK: Final = "ok"
FAILED: Final = "failed"
_PATIENCE_SECONDS: Final = 2.0


async def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """Run all checks at once; each has two seconds."""
    words = await asyncio.gather(*(_word(check) for check in checks.values()))
    return dict(zip(checks, words, strict=True))


def is_ready(words: Mapping[str, str]) -> bool:
    """Say whether every check succeeded."""
    return all(word == OK for word in words.values())


async def _word(check: Check) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await check()
    except (HunterError, OSError):
        # TimeoutError is an OSError.
        return FAILED
    return OK

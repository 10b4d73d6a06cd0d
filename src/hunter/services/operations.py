"""Operations: what those ask who run Hunter. Readiness of neighbours, the state of the daily rescan, switches.

In: named checks, counters. Out: a word for each check, sections of the metrics; never an exception.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hunter.core.errors import HunterError, Unavailable
from hunter.observability.metrics import Metrics
from hunter.services.ports import Check, Clock, OpenUnit

OK: Final = "ok"
FAILED: Final = "failed"
_PATIENCE_SECONDS: Final = 2.0

#: Reads sections of the metrics that all processes count together.
ReadSections: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]


async def _nothing_shared() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What answering those who run Hunter needs."""

    version: str
    #: `development`, `test`, `staging` or `production`.
    environment: str
    reads: OpenUnit
    clock: Clock
    metrics: Metrics
    #: What stands in the place of the sections of `metrics` that have the same name.
    shared_sections: ReadSections = _nothing_shared
    #: What must be reachable, by name: `database`, `redis`.
    checks: Mapping[str, Check]
    #: What must hold besides when the process begins: `migrations`, `rules`.
    startup_checks: Mapping[str, Check]
    #: Whether address files are asked, Partner Center and Dynamics 365 connected.
    is_enrichment_enabled: bool = False
    is_partner_center_enabled: bool = False
    is_d365_enabled: bool = False
    #: Who answers questions of users.
    support_contact: str | None = None


async def run_checks(checks: Mapping[str, Check]) -> dict[str, str]:
    """Run all checks at once; each has two seconds."""
    words = await asyncio.gather(*(_word(check) for check in checks.values()))
    return dict(zip(checks, words, strict=True))


def is_ready(words: Mapping[str, str]) -> bool:
    """Say whether every check succeeded."""
    return all(word == OK for word in words.values())


async def rescan_section(operations: Operations) -> Mapping[str, Any]:
    """Return the age of the oldest scan; null without any, and while the database does not answer (engine 7.3)."""
    try:
        async with operations.reads() as unit:
            oldest = await unit.leads.oldest_scan()
    except Unavailable:
        # What else is counted is wanted most while something is out of order.
        return {}
    return {} if oldest is None else {"oldest_scan_age_seconds": (operations.clock() - oldest).total_seconds()}


async def _word(check: Check) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await check()
    except (HunterError, OSError):
        # TimeoutError is an OSError.
        return FAILED
    return OK

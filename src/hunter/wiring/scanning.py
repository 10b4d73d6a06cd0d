"""Settings -> what scanning works with. Without a database nothing is kept, and none of its packages is loaded.

In: settings, and what a command adds to them. Out: a `Scanning`, ready for use, whose clients close with it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from hunter.core.rulebook import Rulebook
from hunter.services.scan.context import Scanning
from hunter.services.scan.locks import DomainLocks, NoLocks
from hunter.services.scan.memory import NoMemory, ScanMemory
from hunter.services.scan.policy import AskedKinds
from hunter.settings.fields import Settings
from hunter.wiring.process import clock_of
from hunter.wiring.survey import Wanted, open_survey, realms_in_files, tenants_in_files


@asynccontextmanager
async def open_scanning(
    settings: Settings,
    rulebook: Rulebook,
    wanted: Wanted,
    *,
    warn: Callable[[str], None],
    memory: ScanMemory | None = None,
    locks: DomainLocks | None = None,
) -> AsyncIterator[Scanning]:
    """Open what a command scans with; without a memory nothing is kept, without locks nobody is waited for.

    Raises what `open_survey` raises.
    """
    async with open_survey(settings, rulebook.signatures, wanted, warn=warn) as survey:
        yield Scanning(
            survey=survey,
            memory=memory or NoMemory(),
            locks=locks or NoLocks(),
            rulebook=rulebook,
            clock=clock_of(settings),
            asked=asked_kinds(settings, registries=wanted.registration),
            fresh=timedelta(seconds=settings.scan_fresh_seconds),
            forget_answers=partial(forget_files, settings),
        )


def asked_kinds(settings: Settings, *, registries: bool = True) -> AskedKinds:
    """Return which kinds of evidence are switched on."""
    return AskedKinds(registries, settings.tenant_lookup_enabled, settings.enrichment_enabled)


async def forget_files(settings: Settings, domain: str) -> None:
    """Forget what this machine keeps of Microsoft's answers about a domain."""
    await tenants_in_files(settings).forget(domain)
    await realms_in_files(settings).forget(domain)

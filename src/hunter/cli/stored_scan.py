"""What `hunter scan` needs to store: servers that are ready, and a scanning whose memory is their database.

Loaded only where something shall be stored: the packages of the database take longer than all the rest of a start.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TypeAlias

from hunter.cache.connection import RedisConnection
from hunter.cache.locks import SharedLocks
from hunter.cli.names import Intake
from hunter.cli.serving import ready_servers
from hunter.core.errors import HunterError
from hunter.core.rulebook import Rulebook
from hunter.sales.wording import Wording
from hunter.services.ports import OpenUnit
from hunter.services.scan.context import Scanning
from hunter.services.scan.stored_leads import StoredLeads
from hunter.settings.fields import Settings
from hunter.wiring.application import Servers, open_write_engine, unit_of
from hunter.wiring.process import load_catalogue
from hunter.wiring.scanning import open_scanning
from hunter.wiring.survey import Wanted


@contextmanager
def servers_for_scans(settings: Settings, tell: Callable[[HunterError], None]) -> Iterator[Servers | None]:
    """Give servers that are ready; None, after telling why, where there are none: the scan goes on unsaved."""
    try:
        opening = ready_servers(settings)
        servers = opening.__enter__()
    except HunterError as error:
        tell(error)
        yield None
        return
    try:
        yield servers
    finally:
        opening.__exit__(None, None, None)


#: Does what has to be done in the database before the first name is scanned.
Begin: TypeAlias = Callable[[OpenUnit], Awaitable[None]]


async def begin_list(name: str, intake: Intake, unit: OpenUnit) -> None:
    """Open the list that names are read from; without a database the scan goes on, and says so with its results."""
    with suppress(HunterError):
        async with unit() as begun:
            intake.list_id = await begun.lists.open_list(name)


@asynccontextmanager
async def open_stored_scanning(
    settings: Settings,
    rulebook: Rulebook,
    wanted: Wanted,
    servers: Servers,
    *,
    warn: Callable[[str], None],
    begin: Begin | None = None,
) -> AsyncIterator[Scanning]:
    """Open what a command scans with where it stores; to be used inside the running loop."""
    engine = open_write_engine(settings, servers.database_url)
    unit = unit_of(engine, settings)
    memory = StoredLeads(unit, unit, Wording(load_catalogue("tr"), rulebook.signatures))
    try:
        if begin is not None:
            await begin(unit)
        async with (
            RedisConnection(servers.redis_url) as redis,
            open_scanning(settings, rulebook, wanted, warn=warn, memory=memory, locks=SharedLocks(redis)) as scanning,
        ):
            yield scanning
    finally:
        await engine.dispose()

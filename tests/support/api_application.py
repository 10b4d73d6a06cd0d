"""An application for tests of the API: real rules and words, a database by its URL, and fakes of what lies beyond.

In: the URL of a migrated database, or none. Out: an open `Application`; every fake says what it stands for.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.cache.locks import LocalLocks
from hunter.core.errors import Unavailable
from hunter.core.evidence import Evidence, MailEvidence, NetworkEvidence
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed, Timing
from hunter.observability.metrics import Metrics
from hunter.resilience.caller_limiter import CallerLimiter
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.services.access import KeyAccess
from hunter.services.addresses import AddressLookup
from hunter.services.application import Application
from hunter.services.catalogues import Catalogues
from hunter.services.companies import CompanyEditing
from hunter.services.d365_links import D365Links
from hunter.services.intake import CompanyIntake
from hunter.services.leads import LeadReading
from hunter.services.operations import Operations
from hunter.services.scan.context import Scanning
from hunter.services.scan.stored_leads import StoredLeads
from hunter.storage.engine import open_engine
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.builders import UNKNOWN, mail_evidence
from tests.support.words import shipped_rules, wording

#: A database that nobody serves: every use of it is the error that an outage gives.
NO_DATABASE: Final = "postgresql://hunter@/none?host=/nonexistent"


class StandingWorld:
    """Stands for the network: what is looked up of a domain is what the test put there; of any other, a plain Google
    customer's records."""

    def __init__(self) -> None:
        self.mail: dict[str, MailEvidence] = {}
        self.networks: dict[str, NetworkEvidence] = {}
        self.looks = 0
        self.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    async def one(self, request: SurveyRequest) -> Surveyed:
        """Look at a domain; time goes on by a second."""
        self.looks += 1
        self.now += timedelta(seconds=1)
        domain = request.domain
        mail = self.mail.get(domain, mail_evidence(mx=("aspmx.l.google.com",)))
        evidence = Evidence(domain, self.now, mail, network=self.networks.get(domain, NetworkEvidence()))
        return Surveyed(evidence, 0.0, Timing(0.0))

    async def many(
        self, batches: AsyncIterator[Sequence[SurveyRequest]], *, concurrency: int
    ) -> AsyncGenerator[Surveyed, None]:
        """Look at all that the batches ask for, one after the other."""
        async for batch in batches:
            for request in batch:
                yield await self.one(request)

    def clock(self) -> datetime:
        """Return the time in this world."""
        return self.now

    def local_time(self) -> datetime:
        """Return the time in this world, in the zone in which days are counted."""
        return self.now.astimezone(ZoneInfo("Europe/Istanbul"))

    def silence(self, domain: str) -> None:
        """Let every further look-up of a domain fail."""
        self.mail[domain] = MailEvidence(mx=UNKNOWN, spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN, ns=UNKNOWN)


class StandingMailServers:
    """Stands for the mail servers of the world: domains with a host, without one, and such that do not answer."""

    is_smtp_enabled = True

    def __init__(self) -> None:
        self.hosts: dict[str, bool | None] = {}
        self.answers: dict[str, bool | None] = {}

    async def has_mail_host(self, domain: str) -> bool | None:
        """Return what the test said of the domain, else that it has a host."""
        return self.hosts.get(domain, True)

    async def accepts(self, domain: str, addresses: tuple[str, ...]) -> Mapping[str, bool | None]:
        """Return what the test said of each address, else that the server does not tell."""
        return {address: self.answers.get(address) for address in addresses}


async def _fine() -> None:
    return None


async def failing_check() -> None:
    """Fail as a neighbour does that cannot be reached."""
    raise Unavailable("not there")


async def _nothing_kept(domain: str) -> None:
    return None


def _application(world: StandingWorld, *engines: AsyncEngine) -> Application:
    reads, exports, writes = (partial(UnitOfWork, engine, name_key=lambda: b"k" * 32) for engine in engines)
    rulebook, metrics = shipped_rules(), Metrics(world.clock)
    clock = world.local_time
    limiter = CallerLimiter(MemoryBuckets(clock=lambda: world.now.timestamp()))
    return Application(
        catalogues=Catalogues({language: wording(language).catalogue for language in ("tr", "en")}, "tr"),
        leads=LeadReading(reads=reads, exports=exports, rulebook=rulebook, clock=clock, links=D365Links()),
        companies=CompanyEditing(writes=writes, sizes=rulebook.rules.sizes, forget_answers=_nothing_kept),
        intake=CompanyIntake(writes=writes, names=rulebook),
        scanning=Scanning(
            survey=world,
            memory=StoredLeads(reads, writes, wording()),
            locks=LocalLocks(),
            rulebook=rulebook,
            clock=clock,
        ),
        access=KeyAccess(reads=reads, writes=writes, limiter=limiter, metrics=metrics),
        mail_probe=StandingMailServers(),
        addresses=AddressLookup(reads=reads),
        operations=Operations(
            version="0.0.1",
            environment="test",
            reads=reads,
            clock=clock,
            metrics=metrics,
            checks={"database": _fine, "redis": _fine},
            startup_checks={"migrations": _fine, "rules": _fine},
        ),
    )


@asynccontextmanager
async def open_application(database_url: str = NO_DATABASE) -> AsyncIterator[tuple[Application, StandingWorld]]:
    """Open an application on a database, in a world of its own, and close it."""
    world = StandingWorld()
    reads = open_engine(database_url, pool_size=4, statement_timeout=timedelta(seconds=2), read_only=True)
    exports = open_engine(database_url, pool_size=2, read_only=True)
    writes = open_engine(database_url, pool_size=4)
    try:
        yield _application(world, reads, exports, writes), world
    finally:
        for engine in (reads, exports, writes):
            await engine.dispose()

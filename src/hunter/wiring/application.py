"""Settings -> the open application: database, survey, limits, words. What the API and the commands work with.

In: settings and the URLs of running servers. Out: an `Application` whose engines and clients close with it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.cache.metric_sections import read_sections
from hunter.collectors.mailbox.address import Identity, read_identity
from hunter.collectors.mailbox.probe import MailboxProbe
from hunter.collectors.network.address_file import FileState
from hunter.collectors.network.databases import AddressDatabases
from hunter.collectors.survey import Survey
from hunter.core.company_marks import ExclusionMark
from hunter.core.errors import InvalidInput, Unavailable
from hunter.core.public_suffix import PublicSuffixes
from hunter.core.rulebook import Rulebook
from hunter.observability.metrics import Metrics
from hunter.outbound.guard import Guard
from hunter.sales.wording import Wording
from hunter.services.access import KeyAccess
from hunter.services.addresses import AddressLookup
from hunter.services.application import Application
from hunter.services.catalogues import Catalogues
from hunter.services.companies import CompanyEditing
from hunter.services.d365_links import D365Links
from hunter.services.intake import CompanyIntake
from hunter.services.leads import LeadReading
from hunter.services.operations import Operations
from hunter.services.ports import Clock, OpenUnit
from hunter.services.scan.context import Scanning
from hunter.services.scan.stored_leads import StoredLeads
from hunter.settings.fields import Settings
from hunter.storage.engine import open_engine
from hunter.storage.revision import at_head
from hunter.storage.tidy import Retention
from hunter.storage.unit_of_work import UnitOfWork
from hunter.wiring.process import LANGUAGES, clock_of, load_catalogue, name_key_of, utc_now
from hunter.wiring.scanning import asked_kinds
from hunter.wiring.shared import Shared, open_shared
from hunter.wiring.survey import Wanted, allowed_targets, open_databases, open_survey, realms_in_files, tenants_in_files

VERSION: Final = "0.1.0"
#: Downloads at one time; each holds a connection and a thread.
_FOR_EXPORTS: Final = 4
#: Whole transactions of the API, with the wait for a connection, on a server that does not keep its own limits: reads
#: have so many times the time of one of them.
_READS_WITHIN: Final = 2
_WRITES_WITHIN: Final = timedelta(seconds=30)


def open_write_engine(settings: Settings, database_url: str) -> AsyncEngine:
    """Open the engine that writes; whoever opens it disposes of it."""
    return open_engine(
        database_url, pool_size=max(1, settings.db_pool_size // 2), most_beyond=settings.db_max_overflow // 2
    )


def unit_of(engine: AsyncEngine, settings: Settings, *, within: timedelta | None = None) -> OpenUnit:
    """Return what begins one transaction on an engine."""
    name_key = cache(partial(name_key_of, settings))
    return partial(
        UnitOfWork,
        engine,
        keep_evidence=settings.keep_evidence_per_domain,
        name_key=name_key,
        hidden_marks=[mark for mark in ExclusionMark if mark is not ExclusionMark.DEMO or not settings.demo_database],
        within=within,
    )


def retention_of(settings: Settings) -> Retention:
    """Return how long things are kept."""
    return Retention(
        raw_leads_days=settings.keep_raw_leads_days,
        job_items_days=settings.keep_job_items_days,
        evidence_per_domain=settings.keep_evidence_per_domain,
        history_days=settings.keep_history_days,
        alerts_days=settings.keep_alerts_days,
        webhook_payload_days=settings.keep_webhook_payload_days,
        idempotency_hours=settings.idempotency_hours,
    )


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are that the application works with."""

    database_url: str
    redis_url: str


class AddressFiles:
    """What the address files of this machine say, for those who look after them."""

    def __init__(self, databases: AddressDatabases) -> None:
        self._databases = databases

    def configured(self) -> Mapping[str, bool]:
        """Say of each file whether a setting names it and it can be used."""
        states = self._databases.status(utc_now().date())
        return {one.file.value: one.state is FileState.LOADED for one in states}

    def look_up(self, address: str) -> Mapping[str, Any] | None:
        """Return what the files say of an address; None where they say nothing."""
        facts = self._databases.facts(address)
        return None if facts is None else {name: getattr(facts, name) for name in facts.__slots__}


@asynccontextmanager
async def open_application(
    settings: Settings, rulebook: Rulebook, servers: Servers, *, warn: Callable[[str], None]
) -> AsyncIterator[Application]:
    """Open everything that use cases are handed; `warn` hears of what is switched on and cannot be used."""
    async with AsyncExitStack() as opened:
        shared = await opened.enter_async_context(open_shared(settings, servers.redis_url))
        survey = await opened.enter_async_context(
            open_survey(settings, rulebook.signatures, Wanted(), warn=warn, clock=utc_now, shared=shared)
        )
        files = AddressFiles(open_databases(settings, tell=warn)) if settings.enrichment_enabled else None
        read_timeout = timedelta(milliseconds=settings.read_timeout_ms)
        reads = open_engine(
            servers.database_url,
            pool_size=settings.db_pool_size,
            most_beyond=settings.db_max_overflow,
            statement_timeout=read_timeout,
            read_only=True,
        )
        exports = open_engine(servers.database_url, pool_size=_FOR_EXPORTS, read_only=True)
        writes = open_write_engine(settings, servers.database_url)
        for engine in (reads, exports, writes):
            opened.push_async_callback(engine.dispose)
        units = _Units(
            unit_of(reads, settings, within=_READS_WITHIN * read_timeout),
            unit_of(exports, settings),
            unit_of(writes, settings, within=_WRITES_WITHIN),
        )
        metrics, clock = Metrics(utc_now), clock_of(settings)
        yield _application(_Parts(settings, rulebook, servers, units, shared, survey, files, metrics, clock))


@dataclass(frozen=True, slots=True)
class _Units:
    """What begins a transaction: on the engine for reads, on that for exports, on that for writes."""

    reads: OpenUnit
    exports: OpenUnit
    writes: OpenUnit


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was opened and is closed with the application."""

    settings: Settings
    rulebook: Rulebook
    servers: Servers
    units: _Units
    shared: Shared
    survey: Survey
    files: AddressFiles | None
    metrics: Metrics
    clock: Clock


def _application(parts: _Parts) -> Application:
    settings, units = parts.settings, parts.units
    catalogues = {language: load_catalogue(language) for language in LANGUAGES}
    forget = partial(forget_answers, settings, parts.shared, parts.rulebook.signatures.suffixes)
    survey = parts.survey
    return Application(
        catalogues=Catalogues(catalogues, settings.language),
        leads=LeadReading(
            reads=units.reads,
            exports=units.exports,
            rulebook=parts.rulebook,
            clock=parts.clock,
            links=D365Links(),
        ),
        companies=CompanyEditing(writes=units.writes, sizes=parts.rulebook.rules.sizes, forget_answers=forget),
        intake=CompanyIntake(writes=units.writes, names=parts.rulebook, idempotency_hours=settings.idempotency_hours),
        scanning=Scanning(
            survey=survey,
            memory=StoredLeads(units.reads, units.writes, Wording(catalogues["tr"], parts.rulebook.signatures)),
            locks=parts.shared.locks(),
            rulebook=parts.rulebook,
            clock=parts.clock,
            asked=asked_kinds(settings),
            fresh=timedelta(seconds=settings.scan_fresh_seconds),
            forget_answers=forget,
        ),
        access=KeyAccess(reads=units.reads, writes=units.writes, limiter=parts.shared.limiter(), metrics=parts.metrics),
        mail_probe=MailboxProbe(Guard(allowed_targets(settings)), survey.mail_hosts, _identity(settings)),
        addresses=AddressLookup(reads=units.reads, files=parts.files),
        operations=_operations(parts),
    )


def _operations(parts: _Parts) -> Operations:
    settings, reads = parts.settings, parts.units.reads

    async def database_answers() -> None:
        async with reads() as unit:
            await unit.companies.find("hunter.invalid")

    return Operations(
        version=VERSION,
        environment=settings.environment,
        reads=reads,
        clock=parts.clock,
        metrics=parts.metrics,
        shared_sections=partial(read_sections, parts.shared.counters),
        checks={"database": database_answers, "redis": parts.shared.redis.check},
        startup_checks={"migrations": partial(_is_migrated, parts.servers.database_url), "rules": _rules_are_loaded},
        is_enrichment_enabled=parts.files is not None,
        support_contact=settings.support_contact,
    )


def _identity(settings: Settings) -> Identity | None:
    """Return as whom mail servers are asked; None while the operator does not let us."""
    if not settings.smtp_probe_enabled:
        return None
    if settings.smtp_from is None:
        raise InvalidInput("HUNTER_SMTP_PROBE_ENABLED needs HUNTER_SMTP_FROM, a real sender")
    return read_identity(settings.smtp_from, settings.smtp_probe_helo)


async def forget_answers(settings: Settings, shared: Shared, suffixes: PublicSuffixes, domain: str) -> None:
    """Forget what is cached of a domain: its DNS, registration and tenant, in Redis and on this machine."""
    await forget_registration(shared, suffixes, domain)
    await shared.mail().forget(domain)
    for store in (shared.tenants(), shared.realms(), tenants_in_files(settings), realms_in_files(settings)):
        await store.forget(domain)


async def forget_registration(shared: Shared, suffixes: PublicSuffixes, domain: str) -> None:
    """Forget what the registry said, which is kept by the name that is registered."""
    await shared.registrations().forget(suffixes.registrable_domain(domain) or domain)


async def _is_migrated(database_url: str) -> None:
    if not await asyncio.to_thread(at_head, database_url):
        raise Unavailable("the schema is not that of this release: hunter db upgrade")


async def _rules_are_loaded() -> None:
    """Nobody serves without rules: they were checked when the application was opened."""

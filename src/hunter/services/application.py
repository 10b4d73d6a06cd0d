"""Application: everything that use cases are handed, assembled once by wiring and open while the process serves."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeAlias

from hunter.core.rulebook import Rulebook
from hunter.observability.metrics import Metrics
from hunter.sales.wording import Catalogue, Wording
from hunter.services.ports import AddressEnrichment, Check, Clock, Limiter, MailProbe, OpenUnit, SurveyDomain

#: Reads sections of the metrics that all processes count together.
ReadSections: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]


async def _nothing_kept(domain: str) -> None:
    return


async def _nothing_shared() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What one process of Hunter works with."""

    version: str
    #: `development`, `test`, `staging` or `production`.
    environment: str
    #: Language of sentences that nobody chose otherwise.
    language: str
    #: Phrases by language.
    catalogues: Mapping[str, Catalogue]
    rulebook: Rulebook
    #: Units on the engine for reads, which has a short time-out; on one for exports, which take as long as they take;
    #: and on the one for writes.
    reads: OpenUnit
    exports: OpenUnit
    writes: OpenUnit
    survey: SurveyDomain
    #: Forgets what neighbours' answers about a domain are kept outside the database.
    forget_answers: Callable[[str], Awaitable[None]] = _nothing_kept
    #: How long the first answer to an `Idempotency-Key` is given again.
    idempotency_hours: int = 24
    clock: Clock
    #: In which days are counted.
    zone: tzinfo
    limiter: Limiter
    metrics: Metrics
    #: What stands in the place of the sections of `metrics` that have the same name.
    shared_sections: ReadSections = _nothing_shared
    #: What must be reachable, by name: `database`, `redis`.
    checks: Mapping[str, Check]
    #: What must hold besides when the process begins: `migrations`, `rules`.
    startup_checks: Mapping[str, Check] = field(default_factory=dict)
    #: A single scan within it is answered from memory.
    scan_fresh: timedelta = timedelta(hours=1)
    mail_probe: MailProbe
    #: None while the flag is off.
    address_enrichment: AddressEnrichment | None = None
    is_partner_center_enabled: bool = False
    is_d365_enabled: bool = False
    #: Address and application of Dynamics 365 in links to leads.
    d365_base_url: str | None = None
    d365_app_id: str | None = None
    #: Who answers questions of users; shown on the support path.
    support_contact: str | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Phrases in the language that nobody chose otherwise."""
        return self.catalogues[self.language]

    def stored_wording(self) -> Wording:
        """Return the words for what is stored, such as the reason of a lead: always Turkish."""
        return Wording(self.catalogues["tr"], self.rulebook.signatures)

    def today(self) -> datetime:
        """Return the time in the zone that says which day it is."""
        return self.clock().astimezone(self.zone)

"""Assessed domains for tests: a mail evidence judged by the shipped rules, and the ways to store it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.assessment import assess
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.new_company import NewCompany
from hunter.core.rulebook import Rulebook
from hunter.core.signals import NOT_ASKED, Signal
from hunter.storage.lead_rows import AssessedDomain
from hunter.storage.leads import SavedLead
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.builders import COLLECTED_AT, dkim_key, dmarc_policy, evidence, mail_evidence, spf_policy
from tests.support.rulebooks import shipped_rulebook

#: Mail hosts by which the shipped rules know a provider.
GOOGLE = ("aspmx.l.google.com",)
MICROSOFT = ("firma-example.mail.protection.outlook.com",)
OWN = ("mail.firma.example",)


def judged(
    seen: Evidence, *, annual: tuple[int, int] | None = None, rulebook: Rulebook | None = None
) -> AssessedDomain:
    """Return an evidence with its assessment, by the shipped rules unless others are given."""
    assessment = assess(seen, rulebook or shipped_rulebook(), seen.collected_at)
    low, high = annual if annual is not None else (None, None)
    return AssessedDomain(seen, assessment, f"Sebep: {assessment.reason_code}", low, high)


def scan(
    domain: str = "firma.example",
    mail: MailEvidence | None = None,
    *,
    at: datetime = COLLECTED_AT,
    expires_at: date | Signal[date] = NOT_ASKED,
    rulebook: Rulebook | None = None,
) -> AssessedDomain:
    """Return the scan of one domain."""
    return judged(evidence(mail, domain=domain, collected_at=at, expires_at=expires_at), rulebook=rulebook)


def strong_mail(hosts: Sequence[str] = GOOGLE) -> MailEvidence:
    """Return mail with SPF, DKIM and an enforced DMARC policy."""
    return mail_evidence(mx=hosts, spf=spf_policy("_spf.google.com"), dkim=[dkim_key()], dmarc=dmarc_policy())


async def intake(engine: AsyncEngine, *companies: str | NewCompany) -> None:
    """Hand companies in, by their domains or whole."""
    async with UnitOfWork(engine) as unit:
        await unit.companies.intake_many([NewCompany(domain=one) if isinstance(one, str) else one for one in companies])


async def save(engine: AsyncEngine, *scans: AssessedDomain) -> tuple[SavedLead, ...]:
    """Store scans in one transaction."""
    async with UnitOfWork(engine) as unit:
        return await unit.leads.save_many(scans)

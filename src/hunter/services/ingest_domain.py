"""Ingest one domain: a company is made or updated, and what was sent is kept as it came. Nothing is scanned."""

from dataclasses import dataclass

from hunter.core.new_company import NewCompany
from hunter.services.intake import CompanyIntake
from hunter.services.names import choose_domain
from hunter.storage.raw_leads import RawLead


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of it."""

    domain: str
    company_id: int
    #: Whether domain, website and e-mail name different companies.
    is_conflict: bool


async def ingest_domain(
    intake: CompanyIntake, domain: str, *, company_name: str | None, email: str | None, website: str | None
) -> Ingested:
    """Keep a company by its domain; raises `NoDomain`, `NeverACompany` or `DoNotContact`."""
    chosen = choose_domain(intake.names, domain, website=website or "", email=email or "")
    name = chosen.domains[0]
    payload: dict[str, object] = {"original_domain": domain, "email": email, "website": website}
    if chosen.has_conflict:
        payload["candidates"] = list(chosen.candidates)
    company = (company_name or "").strip() or None
    async with intake.writes() as unit:
        company_id = await unit.companies.intake(NewCompany(domain=name, name=company))
        raw = RawLead(
            source="domain",
            domain=name,
            company_name=company,
            email=email,
            website=website,
            payload=payload,
        )
        await unit.raw_leads.add_many([raw])
    return Ingested(domain=name, company_id=company_id, is_conflict=chosen.has_conflict)

"""Enrich a company by e-mail addresses of its people: cleaned, scored, and their pattern read."""

from collections.abc import Sequence

from hunter.core.contacts import Contacts, read_contacts
from hunter.services.application import Application
from hunter.services.errors import NoContacts
from hunter.storage.unit_of_work import UnitOfWork


async def enrich_contacts(hunter: Application, domain: str, addresses: Sequence[str]) -> Contacts:
    """Keep addresses for a known company; raises `NoContacts` where none is usable, `NotIngested` for a stranger."""
    contacts = read_contacts(addresses, domain)
    if not contacts.emails:
        raise NoContacts("not one usable address was given")
    async with hunter.writes() as unit:
        await keep_contacts(unit, domain, contacts)
    return contacts


async def keep_contacts(unit: UnitOfWork, domain: str, contacts: Contacts) -> None:
    """Keep contacts within a transaction that somebody else began."""
    await unit.companies.save_contacts(
        domain,
        emails=contacts.emails,
        quality_score=contacts.quality_score,
        linkedin_pattern=contacts.linkedin_pattern,
    )

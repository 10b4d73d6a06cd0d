"""Companies are changed by those who know them: size confirmed, contacts added, marks set, everything erased (KVKK).

In: a canonical domain and what somebody knows. Out: what stands afterwards.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from hunter.core.company_marks import ExclusionMark
from hunter.core.names.contacts import Contacts, read_contacts
from hunter.core.provider.tenant_size import SizeRules
from hunter.observability.logs import logger_of
from hunter.services.errors import NoContacts
from hunter.services.leads import ListedLead
from hunter.services.ports import OpenUnit
from hunter.storage.erasure import Erased
from hunter.storage.leads import NotIngested
from hunter.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyEditing:
    """What changing companies needs."""

    writes: OpenUnit
    sizes: SizeRules
    #: Forgets what neighbours' answers about a domain are kept outside the database.
    forget_answers: Callable[[str], Awaitable[None]]


async def confirm_size(
    editing: CompanyEditing, domain: str, *, tenant_size: str | None, seat_count: int | None
) -> ListedLead:
    """Keep a size or a number of seats, which sets the size by the rulebook; both None withdraws what was confirmed.

    No scan overwrites it. Raises `NotIngested` for an unknown company.
    """
    if seat_count is not None:
        tenant_size = editing.sizes.size_of(seat_count)
    async with editing.writes() as unit:
        await unit.companies.confirm_size(domain, tenant_size=tenant_size, seat_count=seat_count)
        lead, lists = await unit.leads.find(domain), await unit.lists.of_company(domain)
    if lead is None:
        raise NotIngested(f"{domain} is not ingested")
    return ListedLead(lead, lists)


async def enrich_contacts(editing: CompanyEditing, domain: str, addresses: Sequence[str]) -> Contacts:
    """Keep e-mail addresses of people at a known company, cleaned, scored, and their pattern read.

    Raises `NoContacts` where none is usable, `NotIngested` for an unknown company.
    """
    contacts = read_contacts(addresses, domain)
    if not contacts.emails:
        raise NoContacts("not one usable address was given")
    async with editing.writes() as unit:
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


async def mark_company(
    editing: CompanyEditing, domain: str, marks: Mapping[ExclusionMark, bool]
) -> frozenset[ExclusionMark]:
    """Set and take away marks; returns all that the company has then. The log keeps a hash of its name.

    A name that is no company can be refused from now on, and let in again. Raises `NotIngested` for anything else.
    """
    async with editing.writes() as unit:
        kept = await unit.companies.mark(domain, marks)
    logger_of("companies").info("company_marked", domain_reference=domain, value=" ".join(sorted(kept)))
    return kept


async def forget_company(editing: CompanyEditing, domain: str) -> Erased:
    """Erase a company and all that hangs on it, in one transaction; the log keeps a hash of its name.

    Raises `NotIngested` for one that is not there.
    """
    async with editing.writes() as unit:
        erased = await unit.companies.erase(domain)
    # Also of a company that is not there: a look may have left answers before it was handed in.
    await editing.forget_answers(domain)
    if erased is None:
        raise NotIngested(f"{domain} is not ingested")
    logger_of("companies").info("company_erased", domain_reference=domain, rows=sum(dict(erased.counts).values()))
    return erased

"""Leads: the list, one lead, its score taken apart, its size, its contacts, its notes and tags."""

from typing import Annotated, Any, Final

from fastapi import Query, Request

from hunter.api.endpoint import Endpoint, Served
from hunter.api.json_answer import JSONAnswer
from hunter.api.schemas.breakdown import Breakdown, breakdown_of
from hunter.api.schemas.filters import LeadListParameters
from hunter.api.schemas.leads import (
    ContactsAnswer,
    ContactsBody,
    LeadDetail,
    LeadList,
    NoteAnswer,
    SizeChange,
    TagAnswer,
    detail_fields,
    page_fields,
)
from hunter.edge.dependencies import CatalogueContext, CompanyContext, DomainInPath, LeadContext
from hunter.edge.guards import RouteGuard
from hunter.edge.session_cookie import session_user
from hunter.services import leads
from hunter.services.companies import confirm_size, enrich_contacts

_TAG: Final = "leads"


async def list_leads(
    wanted: Annotated[LeadListParameters, Query()], request: Request, reading: LeadContext
) -> JSONAnswer:
    """List leads with filters, sorting and paging; by default the highest priority comes first."""
    user = session_user(request) if wanted.favorite else None
    query = wanted.to_page(reading.clock(), user=user)
    page = await leads.read_page(reading, query)
    return JSONAnswer(
        page_fields(page, query.page, query.page_size, links=reading.links, with_facets=query.with_facets)
    )


async def get_lead(domain: DomainInPath, reading: LeadContext) -> JSONAnswer:
    """Return one lead: the fields of the list, and the lists that named the company.

    `code` of a 404 tells unknown from never scanned.
    """
    listed = await leads.read_lead(reading, domain)
    return JSONAnswer(detail_fields(listed, reading.links))


async def change_size(
    domain: DomainInPath, body: SizeChange, editing: CompanyContext, reading: LeadContext
) -> JSONAnswer:
    """Store a confirmed company size; scans do not overwrite it. Null removes it."""
    listed = await confirm_size(editing, domain, tenant_size=body.tenant_size, seat_count=body.seat_count)
    return JSONAnswer(detail_fields(listed, reading.links))


async def score_breakdown(domain: DomainInPath, reading: LeadContext) -> Breakdown:
    """Explain the score of a lead; the points sum to the score."""
    return breakdown_of(await leads.explain_score(reading, domain))


async def enrich_lead(
    domain: DomainInPath, body: ContactsBody, editing: CompanyContext, catalogues: CatalogueContext
) -> ContactsAnswer:
    """Store e-mail addresses of people at a company, rate them and detect their name pattern."""
    contacts = await enrich_contacts(editing, domain, body.contact_emails)
    message = catalogues.default.gettext("api.contacts_kept").format_map({"count": len(contacts.emails)})
    return ContactsAnswer(
        domain=domain,
        contact_emails=list(contacts.emails),
        contact_quality_score=contacts.quality_score,
        linkedin_pattern=contacts.linkedin_pattern,
        message=message,
    )


async def list_notes(domain: DomainInPath, reading: LeadContext) -> list[Any]:
    """List existing notes, newest first; new notes are written in Dynamics 365."""
    return list(await leads.read_lead_notes(reading, domain))


async def list_tags(domain: DomainInPath, reading: LeadContext) -> list[Any]:
    """List the tags of a company, newest first; automatic tags are updated by every scan."""
    return list(await leads.read_lead_tags(reading, domain))


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/leads",
        handler=list_leads,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="List leads",
        answer=LeadList,
        refusals=(503,),
    ),
    Endpoint(
        method="GET",
        path="/leads/{domain}",
        handler=get_lead,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="Get a lead",
        answer=LeadDetail,
        refusals=(400, 404, 503),
    ),
    Endpoint(
        method="PATCH",
        path="/leads/{domain}",
        handler=change_size,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="Confirm the size of a company",
        answer=LeadDetail,
        served=Served.V1,
        refusals=(404, 503),
    ),
    Endpoint(
        method="GET",
        path="/leads/{domain}/score-breakdown",
        handler=score_breakdown,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="Score breakdown",
        answer=Breakdown,
        refusals=(400, 404, 503),
    ),
    Endpoint(
        method="POST",
        path="/leads/{domain}/enrich",
        handler=enrich_lead,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="Add contacts",
        answer=ContactsAnswer,
        refusals=(404, 503),
    ),
    Endpoint(
        method="GET",
        path="/leads/{domain}/notes",
        handler=list_notes,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="List notes (read-only)",
        answer=list[NoteAnswer],
        refusals=(400, 404, 503),
    ),
    Endpoint(
        method="GET",
        path="/leads/{domain}/tags",
        handler=list_tags,
        guard=RouteGuard.INTERNAL,
        tag=_TAG,
        summary="List tags",
        answer=list[TagAnswer],
        refusals=(400, 404, 503),
    ),
)

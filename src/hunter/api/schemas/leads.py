"""Leads on the wire: the list, one lead, and what hangs on it. Field names are frozen (engine specification 9.2)."""

from dataclasses import asdict
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, model_validator

from hunter.api.schemas.shapes import PlainText, RequestModel, ResponseModel
from hunter.services.d365_links import D365Links
from hunter.services.leads import ListedLead
from hunter.storage.lead_index.view import LeadPage, LeadView

LEAD_EXAMPLE: Final[dict[str, Any]] = {
    "company_id": 17,
    "canonical_name": "Örnek Gıda A.Ş.",
    "domain": "ornek-gida.example",
    "provider": "Google",
    "tenant_size": "medium",
    "local_provider": None,
    "country": "TR",
    "country_source": "list",
    "city": "Ankara",
    "origin": "list",
    "marks": [],
    "contact_emails": ["bilgi@ornek-gida.example"],
    "contact_quality_score": 50,
    "linkedin_pattern": None,
    "spf": True,
    "dkim": None,
    "dmarc_policy": "none",
    "dmarc_coverage": 100,
    "mx_root": "google.com",
    "registrar": "Örnek Kayıt",
    "expires_at": "2027-03-02",
    "nameservers": ["ns1.ornek-gida.example", "ns2.ornek-gida.example"],
    "scan_status": "completed",
    "scanned_at": "2026-03-02T09:30:00Z",
    "scan_count": 3,
    "readiness_score": 70,
    "segment": "Migration",
    "reason": "Google Workspace kullanıyor. DMARC yalnızca izliyor. Score: 70, Provider: Google",
    "priority_score": 2,
    "technical_heat": "Warm",
    "commercial_segment": "COMPETITIVE",
    "commercial_heat": "HIGH",
    "priority_category": "P2",
    "priority_label": "Competitive",
    "infrastructure_summary": None,
    "referral_type": None,
    "link_status": "none",
    "referral_id": None,
    "referral_count": 0,
    "referral_types": [],
    "referral_ids": [],
    "d365_sync_status": "not_synced",
    "d365_sync_last_at": None,
    "d365_lead_id": None,
    "d365_lead_url": None,
    "gateway": None,
    "mail_service": None,
    "m365": {"state": "no", "confidence": "high", "reasons": []},
    "provider_confidence": "high",
    "whois_status": "success",
    "signals_unknown": ["dkim"],
    "size_source": "mx_pattern",
    "seat_count": None,
    "pending_change": None,
    "annual_low_eur": None,
    "annual_high_eur": None,
    "rulebook_version": "1.0",
    "score_updated_at": "2026-03-02T09:30:00Z",
    "unscored_reason": None,
}


class M365(ResponseModel):
    """Whether the company uses Microsoft 365."""

    state: str
    """`yes`, `likely`, `no` or `unknown`."""
    confidence: str | None
    """`high`, `medium` or `low`."""
    reasons: list[str]
    """Stable codes of the deciding facts."""


class Lead(ResponseModel):
    """A company with its signals and assessment; null means unknown or absent."""

    model_config = ConfigDict(json_schema_extra={"examples": [LEAD_EXAMPLE]})

    company_id: int
    canonical_name: str
    domain: str
    provider: str | None
    tenant_size: str | None
    local_provider: str | None
    country: str | None
    country_source: str | None
    """`referral`, `list`, `registration` or `suffix`."""
    city: str | None
    origin: str
    """The door by which it came first: `domain`, `list`, `webhook`, `scan` or `partner_center`."""
    marks: list[str]
    """`own_customer`, `do_not_contact`, `demo`: why it stays out of lists that do not ask for it."""
    contact_emails: list[str]
    contact_quality_score: int | None
    linkedin_pattern: str | None
    spf: bool | None
    dkim: bool | None
    dmarc_policy: str | None
    dmarc_coverage: int | None
    mx_root: str | None
    registrar: str | None
    expires_at: date | None
    nameservers: list[str] | None
    scan_status: str | None
    scanned_at: datetime | None
    scan_count: int
    """Scans that were stored."""
    readiness_score: int | None
    segment: str | None
    reason: str | None
    priority_score: int | None
    """1 (call first) to 7."""
    technical_heat: str | None
    commercial_segment: str | None
    commercial_heat: str | None
    priority_category: str | None
    """The commercial play, `P1` to `P6`; never called "priority" alone."""
    priority_label: str | None
    infrastructure_summary: str | None
    referral_type: str | None
    link_status: str
    referral_id: str | None
    referral_count: int
    referral_types: list[str]
    referral_ids: list[str]
    d365_sync_status: str
    d365_sync_last_at: datetime | None
    d365_lead_id: str | None
    d365_lead_url: str | None
    gateway: str | None
    mail_service: str | None
    m365: M365 | None
    """Null for a company that was never scanned."""
    provider_confidence: str | None
    whois_status: str | None
    signals_unknown: list[str]
    size_source: str | None
    seat_count: int | None
    pending_change: dict[str, Any] | None
    """A change of provider, gateway or MX that a second scan has not confirmed yet."""
    annual_low_eur: int | None
    annual_high_eur: int | None
    rulebook_version: str | None
    score_updated_at: datetime | None
    """Time of the score; older than `scanned_at` if later scans could not compute one."""
    unscored_reason: str | None
    """Why the last scan gave no score, if the score shown is older."""


class ListMention(ResponseModel):
    """A list that named the company."""

    name: str
    row_number: int | None
    """As Excel counts them."""
    added_at: datetime
    """When the list named it first."""


class LeadDetail(Lead):
    """One lead, with the lists that named it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **LEAD_EXAMPLE,
                    "lists": [{"name": "ostim.xlsx", "row_number": 12, "added_at": "2026-03-01T08:00:00Z"}],
                }
            ]
        }
    )

    lists: list[ListMention]
    """The last one first."""


def detail_fields(listed: ListedLead, links: D365Links) -> dict[str, Any]:
    """Return a lead with its lists as values of `LeadDetail`, ready to be written."""
    return {**lead_fields(listed.lead, links), "lists": [asdict(one) for one in listed.lists]}


def lead_fields(view: LeadView, links: D365Links) -> dict[str, Any]:
    """Return a lead as values of `Lead`, ready to be written; checked by a test instead of at every answer."""
    fields: dict[str, Any] = dict(zip(_SAME, _values(view), strict=True))
    fields["m365"] = _m365(view)
    fields["d365_lead_url"] = links.to(view.d365_lead_id)
    return fields


_SAME: Final = tuple(name for name in Lead.model_fields if name not in ("m365", "d365_lead_url"))
_values: Final = attrgetter(*_SAME)


def _m365(view: LeadView) -> dict[str, Any] | None:
    if view.m365_state is None:
        return None
    reasons = (view.m365_reason or "").split(",")
    return {
        "state": view.m365_state,
        "confidence": view.m365_confidence,
        "reasons": [reason for reason in reasons if reason],
    }


class LeadList(ResponseModel):
    """One page of leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "leads": [LEAD_EXAMPLE],
                    "total": 1,
                    "total_is_exact": True,
                    "page": 1,
                    "page_size": 50,
                    "total_pages": 1,
                    "after": None,
                    "facets": {"segment": {"Migration": 1}},
                    "inexact_facets": [],
                }
            ]
        }
    )

    leads: list[Lead]
    total: int
    """Number of matches; 10,001 if `total_is_exact` is false, to be shown as "10.000+"."""
    total_is_exact: bool
    page: int
    page_size: int
    total_pages: int
    """Rounded up; 0 without matches."""
    after: str | None
    """Cursor of the rows after this page; null on the last one."""
    facets: dict[str, dict[str, int]] | None = None
    """Counts by filter and value, each without its own filter; only if `facets` is set."""
    inexact_facets: list[str]
    """Those facets that count a sample of 2,000 matching leads, because there are more."""


def page_fields(page: LeadPage, number: int, size: int, *, links: D365Links, with_facets: bool) -> dict[str, Any]:
    """Return a page as values of `LeadList`, ready to be written."""
    return {
        "leads": [lead_fields(lead, links) for lead in page.leads],
        "total": page.total,
        "total_is_exact": page.total_is_exact,
        "page": number,
        "page_size": size,
        "total_pages": -(-page.total // size),
        "after": page.after,
        "facets": {facet.name: dict(facet.counts) for facet in page.facets} if with_facets else None,
        "inexact_facets": list(page.inexact_facets),
    }


class SizeChange(RequestModel):
    """Confirmed company size; null removes it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seat_count": 120}, {"tenant_size": "small"}]})

    tenant_size: Annotated[str, Field(pattern="^(small|medium|large)$")] | None = None
    seat_count: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "SizeChange":
        if not self.model_fields_set & {"tenant_size", "seat_count"}:
            raise ValueError("one of tenant_size and seat_count must be given")
        return self


class ContactsBody(RequestModel):
    """E-mail addresses of people at a company."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact_emails": ["ayse.yilmaz@ornek-gida.example"]}]})

    contact_emails: Annotated[list[PlainText], Field(max_length=500)]


class ContactsAnswer(ResponseModel):
    """The contact addresses of a company with their quality score."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "contact_emails": ["ayse.yilmaz@ornek-gida.example"],
                    "contact_quality_score": 50,
                    "linkedin_pattern": "firstname.lastname",
                    "message": "1 adres kaydedildi.",
                }
            ]
        }
    )

    domain: str
    contact_emails: list[str]
    contact_quality_score: int
    linkedin_pattern: str | None
    message: str


class NoteAnswer(ResponseModel):
    """An existing note."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 4,
                    "domain": "ornek-gida.example",
                    "note": "Mart ayında aranacak.",
                    "created_at": "2025-11-03T08:00:00Z",
                    "updated_at": "2025-11-03T08:00:00Z",
                }
            ]
        }
    )

    id: int
    domain: str
    note: str
    created_at: datetime
    updated_at: datetime


class TagAnswer(ResponseModel):
    """A tag: automatic, or set by a user in earlier releases."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 9,
                    "domain": "ornek-gida.example",
                    "tag": "migration-ready",
                    "created_at": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )

    id: int
    domain: str
    tag: str
    created_at: datetime

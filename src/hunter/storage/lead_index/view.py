"""LeadView: one lead as every reader sees it (engine specification 9.2); LeadPage: one page of them with its counts.

List and single answer carry the same values. Null is a value: unknown, or not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple


class LeadView(NamedTuple):
    """A company with what is known and judged of it.

    No dataclass as its neighbours are: thousands are made in a second, and a frozen one takes three times as long.
    """

    company_id: int
    canonical_name: str
    domain: str
    provider: str | None
    tenant_size: str | None
    #: Where the size comes from, best first: `confirmed`, `referral`, `import`, `mx_pattern`.
    size_source: str | None
    seat_count: int | None
    local_provider: str | None
    country: str | None
    #: Where the country is from, best first: `referral`, `list`, `registration`, `suffix`.
    country_source: str | None
    city: str | None
    #: The door by which it came first: a word of `CompanyOrigin`.
    origin: str
    #: Words of `ExclusionMark`, in alphabetical order.
    marks: tuple[str, ...]
    contact_emails: tuple[str, ...]
    contact_quality_score: int | None
    linkedin_pattern: str | None
    #: None is unknown, here and for `dkim`.
    spf: bool | None
    dkim: bool | None
    dmarc_policy: str | None
    dmarc_coverage: int | None
    mx_root: str | None
    registrar: str | None
    expires_at: date | None
    nameservers: tuple[str, ...] | None
    whois_status: str | None
    #: `completed`, `dns_timeout`, `invalid_domain`; None for a company that was never scanned.
    scan_status: str | None
    scanned_at: datetime | None
    #: Scans that were stored.
    scan_count: int
    #: None where MX has never been known, as are the next eight.
    readiness_score: int | None
    segment: str | None
    priority_score: int | None
    technical_heat: str | None
    commercial_segment: str | None
    commercial_heat: str | None
    priority_category: str | None
    priority_label: str | None
    #: When score and segment were last judged otherwise.
    score_updated_at: datetime | None
    #: Of the last score; where there is none, what the last scan could not read.
    reason: str | None
    #: What the last scan could not read, where it gave no score and the one above is older; else None.
    unscored_reason: str | None
    signals_unknown: tuple[str, ...]
    rulebook_version: str | None
    infrastructure_summary: str | None
    gateway: str | None
    mail_service: str | None
    provider_confidence: str | None
    m365_state: str | None
    m365_confidence: str | None
    #: Codes of `core.provider.m365_answer.M365_REASONS`, joined by commas.
    m365_reason: str | None
    #: `none`, `linked`, `unlinked`, `mixed`.
    link_status: str
    #: Of the referral that was synced last.
    referral_type: str | None
    referral_id: str | None
    referral_count: int
    referral_types: tuple[str, ...]
    referral_ids: tuple[str, ...]
    #: `not_synced`, `queued`, `in_progress`, `synced`, `error`.
    d365_sync_status: str
    d365_sync_last_at: datetime | None
    d365_lead_id: str | None
    #: A change of provider, gateway or MX that a second look has not yet confirmed.
    pending_change: Mapping[str, Any] | None
    annual_low_eur: int | None
    annual_high_eur: int | None


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts per value of one filter, as if that filter chose nothing and all others held."""

    #: Name of the filter on the wire: `segment`, `provider`, `priority` ...
    name: str
    #: Pairs of value and count, the most frequent first; null is "".
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One page of leads."""

    leads: tuple[LeadView, ...]
    #: Number of all leads that match; one above `MOST_COUNTED` where that is not exact.
    total: int
    total_is_exact: bool
    #: Cursor for the rows after this page; None on the last one.
    after: str | None
    #: Empty unless they were asked for.
    facets: tuple[Facet, ...] = ()
    #: Names of facets that are counted over so many of the leads that match, not over all.
    inexact_facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadTotals:
    """Counts over all scored leads without a mark, for dashboard and KPI (engine specification 9.5)."""

    total_leads: int
    migration: int
    existing: int
    cold: int
    skip: int
    avg_score: float
    #: None where there is no scored lead.
    max_score: int | None
    #: What the rulebook counts as high priority: Migration and score >= 70.
    high_priority: int
    #: Referrals of Partner Center.
    pc_referrals: int
    #: Leads that stand in Dynamics 365.
    d365_synced: int
    annual_low_eur: int
    annual_high_eur: int

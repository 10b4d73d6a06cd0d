"""The filters of lead list and export as query parameters (engine specification 9.2, 9.3). Out: a `LeadQuery`."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hunter.api.schemas.shapes import CursorText, PlainText
from hunter.storage.lead_index.query import LARGEST_PAGE, LeadQuery, LeadSort, SortOrder

_MOST_VALUES: Final = 50
_MOST_DAYS: Final = 3650
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
_SORTS: Final = {sort.value: sort for sort in LeadSort}

Words = Annotated[list[PlainText], Field(max_length=_MOST_VALUES)]
Score = Annotated[int, Field(ge=0, le=100)]


def _written_time(value: object) -> object:
    """Refuse bare numbers, which would be taken for seconds since 1970."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        raise ValueError("a time is written as in 2026-03-01T00:00:00Z")
    return value


class LeadFilters(BaseModel):
    """Values inside one filter are alternatives, filters are joined."""

    model_config = ConfigDict(frozen=True)

    segment: Words = Field([], description="`Migration`, `Existing`, `Cold`, `Skip`", examples=[["Migration"]])
    provider: Words = Field([], description="Who keeps the mailboxes", examples=[["Google", "Yandex"]])
    referral_type: Words = Field(
        [], description="`co-sell`, `marketplace`, `solution-provider`", examples=[["co-sell"]]
    )
    priority: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = Field(
        [], description="1 (call first) to 7", examples=[[1, 2]]
    )
    priority_category: Words = Field([], description="The commercial play, `P1` to `P6`", examples=[["P2"]])
    d365_sync_status: Words = Field(
        [], description="`not_synced`, `queued`, `in_progress`, `synced`, `error`", examples=[["not_synced"]]
    )
    m365_state: Words = Field([], description="`yes`, `likely`, `no`, `unknown`", examples=[["no"]])
    tenant_size: Words = Field([], description="`small`, `medium`, `large`", examples=[["medium"]])
    local_provider: Words = Field([], description="Turkish host behind the provider `Local`", examples=[["Natro"]])
    gateway: Words = Field([], description="Filter in front of the mailboxes, by its short id", examples=[["mimecast"]])
    tag: Words = Field([], description="Automatic tags, at least one of them", examples=[["security-risk"]])
    city: Words = Field([], description="City of the company, as it was handed in", examples=[["Ankara"]])
    lists: Words = Field([], alias="list", description="Names of lists, at least one of them", examples=[["Fuar 2026"]])
    marks: Words = Field(
        [],
        description="`own_customer`, `do_not_contact`, `demo`: only companies with one of these marks, which are left "
        "out otherwise",
        examples=[["own_customer"]],
    )
    include_excluded: bool = Field(False, description="Also companies that a mark keeps out of lists", examples=[False])
    min_score: Score | None = Field(None, description="Lowest readiness score", examples=[60])
    max_score: Score | None = Field(None, description="Highest readiness score", examples=[100])
    expires_within_days: Annotated[int, Field(ge=0, le=_MOST_DAYS)] | None = Field(
        None, description="The registration ends within so many days from today", examples=[60]
    )
    expired: bool = Field(
        False, description="The registration has ended; not together with `expires_within_days`", examples=[False]
    )
    scanned_within_days: Annotated[int, Field(ge=0, le=_MOST_DAYS)] | None = Field(
        None, description="The last scan was so many days ago at most; 0 is today", examples=[7]
    )
    changed_since: Annotated[datetime, BeforeValidator(_written_time)] | None = Field(
        None,
        description="Something has changed at this time or later; without an offset it is UTC",
        examples=["2026-03-01T00:00:00Z"],
    )
    search: PlainText = Field(
        "",
        description="Words or parts of them in domain, company or provider; Turkish and English letters alike. One or "
        "two letters alone are the beginning of a domain",
        examples=["gıda"],
    )
    favorite: bool = Field(False, description="Only the favourites of this session, from former days", examples=[False])
    include_unscored: bool = Field(
        False, description="Also companies without a score, last in every order", examples=[False]
    )

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if self.expired and self.expires_within_days is not None:
            raise ValueError("expired and expires_within_days exclude each other")
        return self

    def to_query(self, now: datetime, *, user: str | None, sort: LeadSort, order: SortOrder) -> LeadQuery:
        """Return the query of an export: every lead that matches. `now` has the zone in which days are counted."""
        today = now.date()
        return LeadQuery(
            segments=tuple(self.segment),
            providers=tuple(self.provider),
            referral_types=tuple(self.referral_type),
            priorities=tuple(self.priority),
            priority_categories=tuple(self.priority_category),
            d365_sync_statuses=tuple(self.d365_sync_status),
            m365_states=tuple(self.m365_state),
            tenant_sizes=tuple(self.tenant_size),
            local_providers=tuple(self.local_provider),
            gateways=tuple(self.gateway),
            tags=tuple(self.tag),
            cities=tuple(self.city),
            lists=tuple(self.lists),
            marks=tuple(self.marks),
            include_excluded=self.include_excluded,
            min_score=self.min_score,
            max_score=self.max_score,
            expires_from=today if self.expires_within_days is not None else None,
            expires_to=self._last_day(today),
            changed_since=_aware(self.changed_since),
            scanned_since=self._scanned_since(now),
            favorite_of=user if self.favorite else None,
            search=self.search,
            include_unscored=self.include_unscored,
            sort=sort,
            order=order,
        )

    def _last_day(self, today: date) -> date | None:
        if self.expired:
            return today - timedelta(days=1)
        return None if self.expires_within_days is None else today + timedelta(days=self.expires_within_days)

    def _scanned_since(self, now: datetime) -> datetime | None:
        if self.scanned_within_days is None:
            return None
        first = now.date() - timedelta(days=self.scanned_within_days)
        return datetime.combine(first, time.min, now.tzinfo)


class LeadListParameters(LeadFilters):
    """The filters with order and page."""

    sort_by: PlainText | None = Field(
        None,
        description="`domain`, `readiness_score`, `priority_score`, `segment`, `provider`, `scanned_at`, "
        "`canonical_name`; anything else is the default: priority, then the higher score",
        examples=["readiness_score"],
    )
    sort_order: SortOrder = Field(SortOrder.ASC, description="`asc` or `desc`", examples=["desc"])
    page: Annotated[int, Field(ge=1, le=2**31)] = Field(1, description="From 1", examples=[1])
    page_size: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = Field(50, description="Leads on a page", examples=[50])
    after: CursorText | None = Field(
        None, description="Cursor of an earlier answer in the same order; replaces `page`", examples=[None]
    )
    facets: bool = Field(False, description="Add counts by value", examples=[True])

    def to_page(self, now: datetime, *, user: str | None) -> LeadQuery:
        """Return the query of one page."""
        sort = _SORTS.get(self.sort_by or "")
        order = self.sort_order if sort is not None else SortOrder.ASC
        filters = self.to_query(now, user=user, sort=sort or LeadSort.PRIORITY_SCORE, order=order)
        return with_page(filters, self)


def with_page(filters: LeadQuery, wanted: LeadListParameters) -> LeadQuery:
    """Return filters together with a page."""
    return replace(
        filters, page=wanted.page, page_size=wanted.page_size, after=wanted.after or None, with_facets=wanted.facets
    )


class ExportParameters(LeadFilters):
    """The filters with format and language."""

    format: Annotated[str, Field(pattern="^(csv|xlsx)$")] = Field(
        "csv", description="`csv` or `xlsx`", examples=["csv"]
    )
    lang: Annotated[str, Field(pattern="^(tr|en)$")] = Field(
        "en", description="Language of the headers; `tr` also separates CSV cells by `;`", examples=["tr"]
    )

    def to_export(self, now: datetime, *, user: str | None) -> LeadQuery:
        """Return the query of all leads that match, in the default order."""
        return self.to_query(now, user=user, sort=LeadSort.PRIORITY_SCORE, order=SortOrder.ASC)


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

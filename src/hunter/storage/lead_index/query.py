"""LeadQuery: what is asked of the lead list; filters, order and page, as engine specification 9.2 names them.

Values inside one filter are alternatives, filters are joined. Words are those of the wire; a word that no lead has
finds nothing. Days are dates here: who asks knows the time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from hunter.core.errors import InvalidInput

#: No page begins beyond this row; a cursor leads on from there.
DEEPEST_ROW: Final = 10_000
#: Filters that the rollup cannot answer are counted up to here, and above it the total is not exact.
MOST_COUNTED: Final = 10_000
LARGEST_PAGE: Final = 200


class LeadSort(StrEnum):
    """What a list is ordered by; leads without a score come last in every order, the domain breaks ties."""

    DOMAIN = "domain"
    READINESS_SCORE = "readiness_score"
    #: The default: priority, then the higher score.
    PRIORITY_SCORE = "priority_score"
    SEGMENT = "segment"
    PROVIDER = "provider"
    SCANNED_AT = "scanned_at"
    #: In the order of the Turkish alphabet.
    NAME = "canonical_name"


class SortOrder(StrEnum):
    """Which end of an order comes first."""

    ASC = "asc"
    DESC = "desc"


class PageTooDeep(InvalidInput):
    """A page number beyond the cap; `after` leads on from the last row that page numbers reach."""

    code = "PAGE_TOO_DEEP"

    def __init__(self, after: str | None) -> None:
        super().__init__(f"pages by number end at row {DEEPEST_ROW}; go on with the cursor")
        #: Cursor of row `DEEPEST_ROW` in the same order.
        self.after = after


class BadCursor(InvalidInput):
    """A cursor that this list did not give, or gave for another order."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadQuery:
    """Filters, order and page of one look at the leads."""

    segments: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    #: `co-sell`, `marketplace`, `solution-provider`: leads with at least one such referral.
    referral_types: tuple[str, ...] = ()
    #: 1 to 7.
    priorities: tuple[int, ...] = ()
    priority_categories: tuple[str, ...] = ()
    #: `not_synced`, `queued`, `in_progress`, `synced`, `error`.
    d365_sync_statuses: tuple[str, ...] = ()
    m365_states: tuple[str, ...] = ()
    tenant_sizes: tuple[str, ...] = ()
    #: Turkish hosts behind `Local`, as the rulebook calls them.
    local_providers: tuple[str, ...] = ()
    #: Ids of filters in front of the mailboxes.
    gateways: tuple[str, ...] = ()
    #: Automatic tags: leads with at least one of them.
    tags: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    #: Names of lists: leads that came with at least one of them.
    lists: tuple[str, ...] = ()
    #: `own_customer`, `do_not_contact`, `demo`: only leads with at least one of them, which are else left out.
    marks: tuple[str, ...] = ()
    #: Also leads that a mark keeps out.
    include_excluded: bool = False
    min_score: int | None = None
    max_score: int | None = None
    #: First and last day on which the registration may end, both included.
    expires_from: date | None = None
    expires_to: date | None = None
    #: Leads with a change in their history at this moment or later; aware.
    changed_since: datetime | None = None
    #: Leads whose last scan was at this moment or later; aware.
    scanned_since: datetime | None = None
    #: The session user whose favourites are asked for.
    favorite_of: str | None = None
    #: Words, each of which must stand somewhere in domain, name or provider.
    search: str = ""
    #: Also leads that have no score.
    include_unscored: bool = False
    sort: LeadSort = LeadSort.PRIORITY_SCORE
    order: SortOrder = SortOrder.ASC
    #: From 1; not looked at where there is a cursor.
    page: int = 1
    page_size: int = 50
    #: Cursor of an earlier answer in the same order.
    after: str | None = None
    with_facets: bool = False

    def __post_init__(self) -> None:
        if self.page < 1 or not 1 <= self.page_size <= LARGEST_PAGE:
            raise InvalidInput(f"page counts from 1 and page_size is 1 to {LARGEST_PAGE}")
        if any(at is not None and at.tzinfo is None for at in (self.changed_since, self.scanned_since)):
            raise ValueError("changed_since and scanned_since must be aware times")

"""Looks at the lead list as requests of the API: the classes of `lead_draws`, spelled as paths.

In: queries. Out: paths with their parameters.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Final
from urllib.parse import urlencode

from bench.lead_draws import Draws
from bench.lead_world import NOW, LeadWorld
from hunter.storage.lead_index.query import LeadQuery, LeadSort, SortOrder

LIST_PATH: Final = "/api/v1/leads"
#: Filters with several values: the API's parameter and the field of the query.
_MANY: Final = (
    ("segment", "segments"),
    ("provider", "providers"),
    ("referral_type", "referral_types"),
    ("priority", "priorities"),
    ("priority_category", "priority_categories"),
    ("d365_sync_status", "d365_sync_statuses"),
    ("m365_state", "m365_states"),
    ("tenant_size", "tenant_sizes"),
    ("local_provider", "local_providers"),
    ("gateway", "gateways"),
    ("tag", "tags"),
    ("city", "cities"),
    ("list", "lists"),
    ("marks", "marks"),
)


def draw_queries(world: LeadWorld, rows: int, *, count: int, seed: int) -> list[tuple[str, LeadQuery]]:
    """Return so many queries of every class, with its name, all classes mixed."""
    drawn = [
        (name, draw(random))
        for name, draw in Draws(world, rows).classes().items()
        for random in [Random(f"{seed} http {name}")]
        for _ in range(count)
    ]
    Random(seed).shuffle(drawn)
    return drawn


def count_path(query: LeadQuery) -> str:
    """Return the path that tells how many leads match, with as little else as there is."""
    return f"{LIST_PATH}?{urlencode([*_filters(query), ('page_size', 1)])}"


def page_path(query: LeadQuery) -> str:
    """Return the path of one page of 50 leads with facets."""
    return f"{LIST_PATH}?{urlencode([*_filters(query), *_page(query)])}"


def _filters(query: LeadQuery) -> Iterator[tuple[str, object]]:
    for parameter, field in _MANY:
        yield from ((parameter, value) for value in getattr(query, field))
    for parameter in ("min_score", "max_score"):
        value = getattr(query, parameter)
        if value is not None:
            yield parameter, value
    if query.expires_to is not None:
        # The world's day is not today: as many days are asked for, from today.
        if query.expires_to >= NOW.date():
            yield "expires_within_days", (query.expires_to - NOW.date()).days
        else:
            yield "expired", "true"
    if query.scanned_since is not None:
        # As many days before the world's day as are asked for.
        yield "scanned_within_days", (datetime.now(UTC) - query.scanned_since).days
    if query.changed_since is not None:
        yield "changed_since", query.changed_since.isoformat()
    if query.search:
        yield "search", query.search
    if query.include_excluded:
        yield "include_excluded", "true"
    if query.include_unscored:
        yield "include_unscored", "true"


def _page(query: LeadQuery) -> Iterator[tuple[str, object]]:
    if (query.sort, query.order) != (LeadSort.PRIORITY_SCORE, SortOrder.ASC):
        yield "sort_by", query.sort.value
        yield "sort_order", query.order.value
    if query.page != 1:
        yield "page", query.page
    yield "facets", "true"

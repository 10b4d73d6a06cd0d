"""Filters that the rollup cannot answer (searches, dates, favourites): how many hits there are, and the way to them.

Few hits are all fetched and sorted; many are met by walking the index of the order. Which is cheaper hangs on the
page, so both are estimated: by the rollup, which is exact, and by the planner's statistics.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.facet_key import RANK, ROLLUP
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.query import MOST_COUNTED, LeadSort
from hunter.storage.lead_index.words import MOST_WORDS, WORDS, hits_of, named_in, with_words
from hunter.storage.statements import Plan, fetch_rows

#: What a row costs, in microseconds of the server, as measured at a million rows: out of an index that holds all that
#: is asked, with its search text looked through, out of the table, and out of a second table.
_IN_INDEX: Final = 0.35
_LOOKED_THROUGH: Final = 0.6
_OUT_OF_TABLE: Final = 2.0
_OUT_OF_ANOTHER: Final = 3.0
#: To put it in its place among the others.
_SORTED: Final = 0.5
#: Out of `lead_words`, with what it costs that a name may have several words.
_IN_WORDS: Final = 0.5
#: A word often stands at the beginning of names and domains, so that in their order its hits lie together and a walk
#: may pass almost everything: only words that stand nearly everywhere are walked to.
_EVERYWHERE: Final = 6


#: What the index of the cells holds; asking for more would look at the table.
_HELD: Final = "domain, cell, id, expires_at, last_changed_at, search_text"


#: Hits that have the word in their domains alone are fetched one by one: where they are a larger share of all leads,
#: the search is not made by words. A few cost nothing in any case.
_MOST_IN_DOMAINS: Final = 0.05
_FEW: Final = 1000


class Way(Enum):
    """How hits are come by."""

    #: By the index of the filter, all of them.
    HITS = auto()
    #: By the cells that the other filters leave, all leads in them.
    CELLS = auto()
    #: By the index of the order, up to the page's end.
    WALK = auto()


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many leads there are to look at."""

    #: All leads.
    leads: int
    #: Leads in the cells that the other filters leave; exact.
    in_cells: int
    #: Leads that the live filters find, as the planner thinks.
    live: int
    #: The first and the last rank in those cells, and all leads from the one to the other: what a walk in the default
    #: order may have to pass.
    ranks: tuple[int, int] = (0, 0x7FFF)
    in_ranks: int | None = None
    #: True where a search is made by the words of names.
    is_by_words: bool = False

    def counting(self) -> Way:
        """Return the way to count by."""
        return Way.CELLS if self.in_cells < self.live else Way.HITS

    def paging(self, reach: int, sort: LeadSort, *, has_search: bool) -> Way:
        """Return the way to a page that ends `reach` rows into the order."""
        walked = self._passed(sort) * min(reach / max(self._matching, 1), 1)
        # A walk that goes so far has counted as far as counts go.
        counted = 0 if reach > MOST_COUNTED else min(self.live, MOST_COUNTED * self.leads / max(self.in_cells, 1))
        found, beside = (_OUT_OF_TABLE if has_search else _IN_INDEX), _beside(sort, has_search=has_search)
        if self.is_by_words and is_told_by_words(sort):
            found = _IN_WORDS
        costs = {
            Way.HITS: self.live * (found + beside),
            Way.CELLS: self.in_cells * (_LOOKED_THROUGH if has_search else _IN_INDEX) + self._matching * beside,
            Way.WALK: walked * _step(sort, has_search=has_search) + counted * found,
        }
        if has_search and sort in (LeadSort.DOMAIN, LeadSort.NAME) and self.live * _EVERYWHERE < self.leads:
            del costs[Way.WALK]
        return min(costs, key=lambda way: costs[way])

    def ordering(self, reach: int, sort: LeadSort) -> Way:
        """Return the way to a page in the order of a column, where there are no live filters."""
        walked = self.leads * min(reach / max(self.in_cells, 1), 1)
        fetched = self.in_cells * (_IN_INDEX + _SORTED + _beside(sort, has_search=False))
        return Way.CELLS if fetched < walked * _IN_INDEX else Way.WALK

    def _passed(self, sort: LeadSort) -> int:
        """Return the leads among which a walk takes place."""
        match sort:
            case LeadSort.PRIORITY_SCORE:
                return self.leads if self.in_ranks is None else self.in_ranks
            case LeadSort.READINESS_SCORE | LeadSort.SEGMENT | LeadSort.PROVIDER:
                return self.in_cells
            case LeadSort.DOMAIN | LeadSort.SCANNED_AT | LeadSort.NAME:
                return self.leads
            case _:
                assert_never(sort)

    @property
    def _matching(self) -> float:
        return self.live * self.in_cells / max(self.leads, 1)


def is_told_by_words(sort: LeadSort) -> bool:
    """Return whether `lead_words` holds what the order asks for."""
    return sort is not LeadSort.NAME


def _step(sort: LeadSort, *, has_search: bool) -> float:
    """Return what one row of a walk costs."""
    match sort:
        case LeadSort.PRIORITY_SCORE | LeadSort.READINESS_SCORE | LeadSort.SEGMENT | LeadSort.PROVIDER:
            return _LOOKED_THROUGH if has_search else _IN_INDEX
        case LeadSort.NAME:
            return _OUT_OF_TABLE if has_search else _IN_INDEX
        case LeadSort.SCANNED_AT:
            return _OUT_OF_ANOTHER if has_search else _IN_INDEX
        case LeadSort.DOMAIN:
            return _OUT_OF_TABLE
        case _:
            assert_never(sort)


def _beside(sort: LeadSort, *, has_search: bool) -> float:
    """Return what it costs to find the value by which a hit is sorted, where its index does not hold it."""
    if sort is LeadSort.SCANNED_AT:
        return _OUT_OF_ANOTHER
    return _OUT_OF_TABLE if sort is LeadSort.NAME and not has_search else 0


async def estimate(connection: AsyncConnection, filters: Filters) -> tuple[Estimate, Filters]:
    """Ask the rollup, the planner, and for the words to search by; returns the filters with those."""
    statement = f"""
        with c as materialized (select cell, leads, {RANK} as rank from ({ROLLUP}) r),
        e as (select coalesce(min(rank), 0) as first, coalesce(max(rank), 0) as last from c where {filters.on_cells})
        select coalesce(sum(leads), 0)::bigint,
            coalesce(sum(leads) filter (where {filters.on_cells}), 0)::bigint, min(first), min(last),
            coalesce(sum(leads) filter (where rank between first and last), 0)::bigint,
            {"null" if filters.word is None else WORDS} from c, e
    """
    plan = Plan.FOR_ANY_VALUES if filters.word is None else Plan.FOR_THESE_VALUES
    ((leads, in_cells, first, last, in_ranks, words),) = await fetch_rows(
        connection, statement, filters.values, plan=plan
    )
    if not filters.live_terms:
        return Estimate(leads, in_cells, leads), filters
    ranks = (first or 0, last or 0)
    hits = f"select null::int from leads where {filters.live}"
    if not words or len(words) > MOST_WORDS:
        (live,) = await _planned(connection, hits, filters)
        return Estimate(leads, in_cells, live, ranks, in_ranks), filters
    by_words = with_words(filters, words)
    both = f"select null::int from ({named_in(words)}) w union all ({hits})"
    named, live = await _planned(connection, both, by_words)
    if live - named > max(leads * _MOST_IN_DOMAINS, _FEW):
        return Estimate(leads, in_cells, live, ranks, in_ranks), filters
    return Estimate(leads, in_cells, max(live, named), ranks, in_ranks, is_by_words=True), by_words


async def _planned(connection: AsyncConnection, statement: str, filters: Filters) -> list[int]:
    """Return how many rows the planner thinks that a statement gives, by its parts."""
    ((plan,),) = await fetch_rows(connection, f"explain (format json) {statement}", filters.values)
    top = plan[0]["Plan"]
    parts = top["Plans"] if top["Node Type"] == "Append" else [top]
    return [int(part["Plan Rows"]) for part in parts]


def all_hits(filters: Filters, columns: str, on_cells: str) -> str:
    """Return SQL that gives columns of all leads that the live filters find in some cells."""
    if filters.words is not None and "name_key" not in columns:
        return f"select {columns} from {_by_number(hits_of(filters.words), columns)} leads where {on_cells}"
    return f"select {columns} from leads where {filters.live} and {on_cells}"


def hits_by(way: Way, filters: Filters, columns: str) -> str:
    """Return SQL that gives columns of all leads that match, come by in one of the first two ways."""
    if way is not Way.CELLS:
        return all_hits(filters, columns, filters.on_cells)
    beside = ", name_key" if "name_key" in columns else ""
    # The offset keeps the planner from asking the index of the live filter once for each cell.
    hits = f"""
        select leads.* from (select cell as at from ({ROLLUP}) r where {filters.on_cells}) c cross join lateral (
            select {_HELD}{beside} from leads where leads.cell = c.at offset 0
        ) leads where {filters.live}
    """
    return f"select {columns} from {_by_number(hits, columns)} leads"


def _by_number(hits: str, columns: str) -> str:
    """Return hits as a table; in the order of their numbers where a second table is asked: neighbours share pages."""
    return f"(select * from ({hits}) h order by id)" if "leads.id" in columns else f"({hits})"

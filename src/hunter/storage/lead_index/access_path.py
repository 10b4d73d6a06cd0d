"""Residual filters (searches, dates, cities, lists, favourites): how many hits there are, and the path to them.

Few hits are all fetched and sorted; many are met by scanning the index of the order. Which is cheaper hangs on the
page, so both are estimated: by the rollups, which are exact, and by the planner's statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.facet_key import BY_CORE, CORE_OF, RANK
from hunter.storage.lead_index.fields import KEY_NAMES, WIDE_NAMES
from hunter.storage.lead_index.filters import MOST_WORDS, SCANNED_AT, Filters, all_of
from hunter.storage.lead_index.query import MOST_COUNTED, LeadSort
from hunter.storage.lead_index.words import WORDS, hits_of, named_in, with_words
from hunter.storage.statements import Plan, fetch_rows

#: What a row costs, in microseconds of the server, as measured at a million rows: out of an index that holds all that
#: is asked, with its search text looked through, out of the table, out of a second table, and out of the index
#: of a second table alone.
_IN_INDEX: Final = 0.35
_LOOKED_THROUGH: Final = 0.6
_OUT_OF_TABLE: Final = 2.0
_OUT_OF_ANOTHER: Final = 3.0
_IN_ANOTHER_INDEX: Final = 1.0
#: To put it in its place among the others.
_SORTED: Final = 0.5
#: Out of `lead_words`, with what it costs that a name may have several words.
_IN_WORDS: Final = 0.5
#: A word often stands at the beginning of names and domains, so that in their order its hits lie together and a walk
#: may pass almost everything: only words that stand nearly everywhere are walked to.
_EVERYWHERE: Final = 6


#: What the index of the keys holds; asking for more would look at the table.
_HELD: Final = "domain, facet_key, id, expires_at, last_changed_at, city, lists, search_text"
#: SQL for columns of the leads with the key `k.at`. The offset keeps the planner from asking the index of a residual
#: filter once for each key.
IN_KEY: Final = "select {columns} from leads where leads.facet_key = k.at offset 0"
#: To find the first lead of a key, in microseconds.
_KEY_FOUND: Final = 6.0
#: Leads of one key, where it is not counted how many keys there are.
_IN_A_KEY: Final = 20


#: Hits that have the word in their domains alone are fetched one by one: where they are a larger share of all leads,
#: the search is not made by words. A few cost nothing in any case.
_MOST_IN_DOMAINS: Final = 0.05
_FEW: Final = 1000


class AccessPath(Enum):
    """How hits are come by."""

    #: By the index of the filter, all of them.
    INDEX = auto()
    #: By the keys that the other filters leave, all leads that have them.
    BUCKET_SCAN = auto()
    #: By the index of the order, up to the page's end.
    ORDERED_SCAN = auto()


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many leads there are to look at."""

    #: All leads.
    leads: int
    #: Leads with the keys that the other filters leave; exact.
    in_keys: int
    #: Leads that the residual filters find, as the planner thinks.
    residual: int
    #: The first and the last rank of those keys, and all leads from the one to the other: what an ordered scan in the
    #: default order may have to pass.
    ranks: tuple[int, int] = (0, 0x7FFF)
    in_ranks: int | None = None
    #: True where a search is made by the words of names.
    is_by_words: bool = False
    #: True where cities or lists are asked for, which not every index holds.
    is_wide: bool = False
    #: True where it is asked when a lead was scanned.
    is_by_scan: bool = False
    #: True where `lead_scans` holds all that is asked then, so that nothing is looked up beside it.
    is_held_by_scans: bool = False

    def counting(self, *, has_search: bool = False) -> AccessPath:
        """Return the path to count by, as far as counts go."""
        read = min(MOST_COUNTED / max(self._matching, 1), 1)
        found = _OUT_OF_TABLE if (has_search or self.is_wide) and not self.is_by_words else _IN_INDEX
        held = (_LOOKED_THROUGH if has_search else _IN_INDEX) + (_IN_ANOTHER_INDEX if self.is_by_scan else 0)
        by_key = self.in_keys * read * (held + _KEY_FOUND / _IN_A_KEY)
        return AccessPath.BUCKET_SCAN if by_key < self.residual * read * found else AccessPath.INDEX

    def paging(self, reach: int, sort: LeadSort, *, has_search: bool, is_down: bool = False) -> AccessPath:
        """Return the path to a page that ends `reach` rows into the order, or into that order turned around."""
        walked = self._passed(sort) * min(reach / max(self._matching, 1), 1)
        # A walk that goes so far has counted as far as counts go.
        counted = 0 if reach > MOST_COUNTED else min(self.residual, MOST_COUNTED * self.leads / max(self.in_keys, 1))
        found = _OUT_OF_TABLE if has_search or self.is_wide else _IN_INDEX
        scan = _IN_ANOTHER_INDEX if self.is_by_scan else 0
        if not self.is_held_by_scans:
            found += scan
        held = (_LOOKED_THROUGH if has_search else _IN_INDEX) + scan
        beside = _beside(sort, has_search=has_search)
        if self.is_by_words and is_told_by_words(sort):
            found = _IN_WORDS
        a_step = self._step(sort, has_search=has_search, is_down=is_down)
        costs = {
            AccessPath.INDEX: self.residual * (found + beside),
            AccessPath.BUCKET_SCAN: self.in_keys * (held + _KEY_FOUND / _IN_A_KEY) + self._matching * beside,
            AccessPath.ORDERED_SCAN: walked * a_step + counted * found,
        }
        if has_search and sort in (LeadSort.DOMAIN, LeadSort.NAME) and self.residual * _EVERYWHERE < self.leads:
            del costs[AccessPath.ORDERED_SCAN]
        return min(costs, key=lambda path: costs[path])

    def ordering(self, reach: int, sort: LeadSort) -> AccessPath:
        """Return the path to a page in the order of a column, where there are no residual filters."""
        walked = self.leads * min(reach / max(self.in_keys, 1), 1)
        fetched = self.in_keys * (_IN_INDEX + _KEY_FOUND / _IN_A_KEY + _SORTED + _beside(sort, has_search=False))
        return AccessPath.BUCKET_SCAN if fetched < walked * _IN_INDEX else AccessPath.ORDERED_SCAN

    def _passed(self, sort: LeadSort) -> int:
        """Return the leads among which a walk takes place."""
        match sort:
            case LeadSort.PRIORITY_SCORE:
                return self.leads if self.in_ranks is None else self.in_ranks
            case LeadSort.READINESS_SCORE | LeadSort.SEGMENT | LeadSort.PROVIDER:
                return self.in_keys
            case LeadSort.DOMAIN | LeadSort.SCANNED_AT | LeadSort.NAME:
                return self.leads
            case _:
                assert_never(sort)

    def _step(self, sort: LeadSort, *, has_search: bool, is_down: bool) -> float:
        """Return what one row of an ordered scan costs."""
        is_asked = has_search or self.is_wide
        beside = _IN_ANOTHER_INDEX if self.is_by_scan else 0.0
        if self.is_held_by_scans and sort is LeadSort.PRIORITY_SCORE and not is_down:
            # The default order stands in an index of the scans themselves.
            beside = 0.0
        match sort:
            case LeadSort.PRIORITY_SCORE | LeadSort.READINESS_SCORE | LeadSort.SEGMENT | LeadSort.PROVIDER:
                return (_LOOKED_THROUGH if is_asked else _IN_INDEX) + beside
            case LeadSort.NAME:
                return (_OUT_OF_TABLE if is_asked else _IN_INDEX) + beside
            case LeadSort.SCANNED_AT:
                return _OUT_OF_ANOTHER if is_asked else _IN_INDEX
            case LeadSort.DOMAIN:
                return _OUT_OF_TABLE + beside
            case _:
                assert_never(sort)

    @property
    def _matching(self) -> float:
        return self.residual * self.in_keys / max(self.leads, 1)


def is_told_by_words(sort: LeadSort) -> bool:
    """Return whether `lead_words` holds what the order asks for."""
    return sort is not LeadSort.NAME


def _beside(sort: LeadSort, *, has_search: bool) -> float:
    """Return what it costs to find the value by which a hit is sorted, where its index does not hold it."""
    if sort is LeadSort.SCANNED_AT:
        return _OUT_OF_ANOTHER
    return _OUT_OF_TABLE if sort is LeadSort.NAME and not has_search else 0


async def estimate(connection: AsyncConnection, filters: Filters) -> tuple[Estimate, Filters]:
    """Ask the rollups, the planner, and for the words to search by; returns the filters with those."""
    # By core in any case: what hangs on the rank alone is worked out for some hundred cores, not for every key.
    cores = f"select facet_key, leads, case when {filters.on_key} then leads else 0 end as matching from ({BY_CORE}) r"
    if not filters.is_core:
        cores = f"""
            select facet_key, leads, coalesce(m, 0) as matching from ({BY_CORE}) r left join (
                select {CORE_OF} as facet_key, sum(leads) as m from lead_facets where {filters.on_key} group by 1
            ) f using (facet_key)
        """
    statement = f"""
        with c as materialized (select leads, matching, {RANK} as rank from ({cores}) r where leads > 0),
        e as (select coalesce(min(rank), 0) as first, coalesce(max(rank), 0) as last from c where matching > 0)
        select coalesce(sum(leads), 0)::bigint, coalesce(sum(matching), 0)::bigint, min(first), min(last),
            coalesce(sum(leads) filter (where rank between first and last), 0)::bigint,
            {"null" if filters.word is None else WORDS} from c, e
    """
    plan = Plan.FOR_ANY_VALUES if filters.word is None else Plan.FOR_THESE_VALUES
    ((leads, in_keys, first, last, in_ranks, words),) = await fetch_rows(
        connection, statement, filters.values, plan=plan
    )
    if not filters.residual_terms:
        return Estimate(leads, in_keys, leads), filters
    ranks = (first or 0, last or 0)
    sizes = Estimate(
        leads,
        in_keys,
        0,
        ranks,
        in_ranks,
        is_wide=not filters.residual_terms.keys().isdisjoint(WIDE_NAMES),
        is_by_scan=filters.is_by_scan,
        is_held_by_scans=_is_held_by_scans(filters),
    )
    if filters.memberships:
        by_words = with_words(filters, filters.memberships)
        (live,) = await _planned(connection, f"select null::int from ({named_in(filters.memberships)}) w", by_words)
        return replace(sizes, residual=live, is_by_words=True), by_words
    hits = f"select null::int from leads where {filters.residual}"
    if _is_held_by_scans(filters):
        hits = f"select null::int from lead_scans where {asked_of_scans(filters)[0]}"
    if not words or len(words) > MOST_WORDS:
        (live,) = await _planned(connection, hits, filters)
        return replace(sizes, residual=live), filters
    by_words = with_words(filters, words)
    both = f"select null::int from ({named_in(words)}) w union all ({hits})"
    named, live = await _planned(connection, both, by_words)
    if live - named > max(leads * _MOST_IN_DOMAINS, _FEW):
        return replace(sizes, residual=live), filters
    return replace(sizes, residual=max(live, named), is_by_words=True), by_words


async def _planned(connection: AsyncConnection, statement: str, filters: Filters) -> list[int]:
    """Return how many rows the planner thinks that a statement gives, by its parts."""
    ((plan,),) = await fetch_rows(connection, f"explain (format json) {statement}", filters.values)
    top = plan[0]["Plan"]
    parts = top["Plans"] if top["Node Type"] == "Append" else [top]
    return [int(part["Plan Rows"]) for part in parts]


def all_hits(filters: Filters, columns: str, on_key: str) -> str:
    """Return SQL that gives columns of all leads that the residual filters find among some keys."""
    if filters.words is not None and "name_key" not in columns:
        return f"select {columns} from {_by_number(hits_of(filters), columns)} leads where {on_key}"
    if _is_held_by_scans(filters) and "name_key" not in columns:
        own = columns.replace(SCANNED_AT, "scanned_at")
        return f"select {own} from lead_scans where {asked_of_scans(filters)[0]} and {on_key}"
    return f"select {columns} from leads where {filters.residual} and {on_key}"


def hits_by(path: AccessPath, filters: Filters, columns: str) -> str:
    """Return SQL that gives columns of all leads that match, come by in one of the first two ways."""
    if path is not AccessPath.BUCKET_SCAN:
        return all_hits(filters, columns, filters.on_key)
    held = _HELD + (", name_key" if "name_key" in columns else "")
    if not filters.residual_terms.keys().isdisjoint(KEY_NAMES):
        held = "*"
    hits = f"""
        select leads.* from ({keys_of(filters)}) k cross join lateral ({IN_KEY.format(columns=held)}) leads
        where {filters.residual}
    """
    return f"select {columns} from {_by_number(hits, columns)} leads"


def keys_of(filters: Filters) -> str:
    """Return SQL for the whole keys that match, as `at`; some of them may have no lead any more."""
    return f"select facet_key as at from lead_facets where {filters.on_key} group by facet_key"


_OF_SCANS: Final = frozenset(("scanned_since", "expires_from", "expires_to", "changed_since", "favorite_of"))


def asked_of_scans(filters: Filters) -> tuple[str, str]:
    """Return the residual terms that `lead_scans` can answer by itself, and those that are asked of `leads`."""
    terms = dict(filters.residual_terms)
    if filters.is_by_scan:
        terms["scanned_since"] = "scanned_at >= %(scanned_since)s"
    own = all_of(term for name, term in terms.items() if name in _OF_SCANS)
    return own, all_of(term for name, term in terms.items() if name not in _OF_SCANS)


def has_columns(path: AccessPath, filters: Filters, columns: Sequence[str]) -> bool:
    """Return whether hits come with these columns of `leads`, without looking for each lead again."""
    if path is AccessPath.BUCKET_SCAN:
        return set(columns) <= set(_HELD.split(", "))
    return filters.words is None and not _is_held_by_scans(filters)


def _is_held_by_scans(filters: Filters) -> bool:
    """Return whether it is asked for the time of the scan, and for nothing that `lead_scans` does not hold."""
    return filters.is_by_scan and filters.residual_terms.keys() <= _OF_SCANS


def _by_number(hits: str, columns: str) -> str:
    """Return hits as a table; in the order of their numbers where a second table is asked: neighbours share pages."""
    return f"(select * from ({hits}) h order by id)" if "leads.id" in columns else f"({hits})"

"""The filters of a LeadQuery as SQL: terms on the facet key, which rollups count, and residual ones, which they cannot.

In: a query. Out: terms by the facet that they choose in, and their values. Nothing of a query's text enters the SQL.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.names.domain_name import normalise_domain
from hunter.storage.lead_index.facet_key import IS_SCORED, unmarked
from hunter.storage.lead_index.fields import (
    CATEGORY,
    CITY,
    D365,
    FIELDS,
    GATEWAY,
    LIST,
    LOCAL_PROVIDER,
    M365,
    MARK,
    MARKS,
    PRIORITY,
    PROVIDER,
    REFERRAL_TYPE,
    SCORE,
    SEGMENT,
    TAG,
    TENANT_SIZE,
    KeyField,
    Kind,
)
from hunter.storage.lead_index.folding import turkish_fold
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.schema_sql import value_core
from hunter.storage.statements import fetch_rows, storable

#: More words than this are merged no longer.
MOST_WORDS: Final = 32
#: Fewer letters make no trigram.
TRIGRAM: Final = 3
#: SQL for the time of a scan beside `leads`, which does not hold it.
SCANNED_AT: Final = "(select t.scanned_at from lead_scans t where t.id = leads.id)"
_LAST_CHARACTER: Final = "\U0010ffff"
_LIST_IDS: Final = "select id from lists where name = any(%(names)s)"
#: Which values of a query choose in which field of the key.
_CHOSEN: Final[tuple[tuple[KeyField, Callable[[LeadQuery], Iterable[str]]], ...]] = (
    (SEGMENT, lambda query: query.segments),
    (PROVIDER, lambda query: query.providers),
    (PRIORITY, lambda query: map(str, query.priorities)),
    (CATEGORY, lambda query: query.priority_categories),
    (M365, lambda query: query.m365_states),
    (D365, lambda query: query.d365_sync_statuses),
    (TENANT_SIZE, lambda query: query.tenant_sizes),
    (LOCAL_PROVIDER, lambda query: query.local_providers),
    (GATEWAY, lambda query: query.gateways),
    (REFERRAL_TYPE, lambda query: query.referral_types),
    (TAG, lambda query: query.tags),
)
_CORE_FACETS: Final = frozenset(("", *(one.name for one in FIELDS if one.is_core)))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a query asks for."""

    #: Terms on `facet_key`, by the facet in which they choose; "" for those that belong to none.
    key_terms: Mapping[str, str]
    #: Terms on other columns of `leads`, by the facet in which they choose; others by a name of their own.
    residual_terms: Mapping[str, str]
    values: Mapping[str, Any]
    #: The words that are chosen in fields beside the core.
    beside_core: Mapping[KeyField, tuple[str, ...]]
    #: The word, folded, where one word that may stand anywhere is all that the rollup cannot answer. A word with a dot
    #: is none: it is looked for in domains, many of which share their end.
    word: str | None = None
    #: The words of names that contain it, where the search is made by them; or `memberships`, where it is by those.
    words: tuple[str, ...] | None = None
    #: What `lead_words` has for the cities or lists, where nothing else is asked that the rollups cannot answer.
    memberships: tuple[str, ...] = ()

    @property
    def has_search(self) -> bool:
        """True where search texts have to be looked through."""
        return "word_0" in self.values

    @property
    def is_by_scan(self) -> bool:
        """True where it is asked when a lead was scanned, which `leads` does not hold."""
        return "scanned_since" in self.values

    @property
    def is_core(self) -> bool:
        """True where the terms on keys ask for nothing beside the core."""
        return self.key_terms.keys() <= _CORE_FACETS

    @property
    def is_plain(self) -> bool:
        """True where nothing is asked for but what every list shows: scored leads without a mark."""
        return not self.residual_terms and self.key_terms == _PLAIN

    @property
    def plain_value_cores(self) -> list[int]:
        """Return under which cores the wide values of the leads are counted that match; empty where under none.

        Beside what every list shows values of one field may be chosen, of which a lead has one at most.
        """
        if self.residual_terms or len(self.beside_core) != 1:
            return []
        ((field, words),) = self.beside_core.items()
        others = {name: term for name, term in self.key_terms.items() if name != field.name}
        if others != _PLAIN or (field.kind is Kind.FLAGS and len(words) > 1):
            return []
        return [value_core(field, word) for word in words]

    @property
    def on_key(self) -> str:
        """Return all terms that rollups can answer."""
        return all_of(self.key_terms.values())

    @property
    def residual(self) -> str:
        """Return the terms that they cannot answer."""
        return all_of(self.residual_terms.values())

    @property
    def everything(self) -> str:
        """Return all terms."""
        return all_of((*self.residual_terms.values(), *self.key_terms.values()))

    def on_key_without(self, facet: str) -> str:
        """Return the terms on keys but for the selection in one facet."""
        return all_of(term for name, term in self.key_terms.items() if name != facet)

    def without(self, facet: str) -> "Filters":
        """Return the filters but for the selection in one facet."""
        key_terms = {name: term for name, term in self.key_terms.items() if name != facet}
        residual = {name: term for name, term in self.residual_terms.items() if name != facet}
        if residual != self.residual_terms and self.memberships:
            return replace(self, residual_terms=residual, words=None, memberships=())
        beside = {field: words for field, words in self.beside_core.items() if field.name != facet}
        return replace(self, key_terms=key_terms, residual_terms=residual, beside_core=beside)

    def terms_beside_core(self) -> list[str]:
        """Return the terms on keys that ask for more than the core."""
        return [term for name, term in self.key_terms.items() if name not in _CORE_FACETS]


async def prepared(connection: AsyncConnection, query: LeadQuery, hidden: Collection[str] = MARKS) -> Filters:
    """Turn a query into terms, the names of its lists into their numbers; `hidden` marks keep leads out."""
    ids = (
        [one for (one,) in await fetch_rows(connection, _LIST_IDS, {"names": list(query.lists)})] if query.lists else []
    )
    return filters_of(query, ids, hidden)


def filters_of(query: LeadQuery, list_ids: Collection[int] = (), hidden: Collection[str] = MARKS) -> Filters:
    """Turn a query into terms; `list_ids` are the numbers of its lists."""
    values: dict[str, Any] = {}
    terms: dict[str, str] = {"": all_of(_score_terms(query, values))}
    residual: dict[str, str] = {}
    beside: dict[KeyField, tuple[str, ...]] = {}
    for key_field, chosen in _CHOSEN:
        words = tuple(chosen(query))
        if not words:
            continue
        if key_field in (LOCAL_PROVIDER, GATEWAY) and not set(words) <= set(key_field.words):
            # A word that came into the rulebook after this release's table of fields: the key says only "another".
            residual[key_field.name] = f"{key_field.column} = any(%({key_field.name})s)"
            values[key_field.name] = list(words)
        else:
            terms[key_field.name] = _one_of(key_field, words, values)
            if not key_field.is_core:
                beside[key_field] = tuple(dict.fromkeys(word for word in words if word and word in key_field.words))
    if query.marks:
        terms[MARK.name] = _one_of(MARK, query.marks, values)
    elif hidden and not query.include_excluded:
        terms[MARK.name] = unmarked(MARK.flags(hidden))
    residual |= _wide_terms(query, list_ids, values)
    residual |= _date_terms(query, values)
    is_searched_alone = not residual
    residual |= _search_terms(query.search, values)
    word = _only_word(query.search) if is_searched_alone and len(residual) == 1 else None
    terms = {name: term for name, term in terms.items() if term != "true"}
    memberships = _memberships(query, list_ids) if len(residual) == 1 else ()
    return Filters(terms, residual, values, beside, word, memberships=memberships)


def _memberships(query: LeadQuery, list_ids: Collection[int]) -> tuple[str, ...]:
    """Return what `lead_terms` in the database makes of cities and lists, as many as are worth merging."""
    found = (*(f"\x01c{city}" for city in query.cities), *(f"\x01l{number}" for number in list_ids))
    return tuple(dict.fromkeys(map(str, map(storable, found)))) if len(found) <= MOST_WORDS else ()


def _one_of(key_field: KeyField, words: Iterable[str], values: dict[str, Any]) -> str:
    if key_field.kind is Kind.FLAGS:
        return f"(facet_key >> {key_field.shift} & {key_field.flags(words)}) <> 0"
    # The word for null of a field that is never null is none of the words that are asked for.
    values[key_field.name] = key_field.numbers(words)
    return f"{key_field.expression} = any(%({key_field.name})s::bigint[])"


def _score_terms(query: LeadQuery, values: dict[str, Any]) -> list[str]:
    terms = [] if query.include_unscored else [IS_SCORED]
    if query.min_score is not None:
        terms.append(f"{SCORE.expression} > %(min_score)s::bigint")
        values["min_score"] = query.min_score
    if query.max_score is not None:
        terms.append(f"{SCORE.expression} between 1 and %(max_score)s::bigint + 1")
        values["max_score"] = query.max_score
    return terms


def _wide_terms(query: LeadQuery, list_ids: Collection[int], values: dict[str, Any]) -> dict[str, str]:
    terms: dict[str, str] = {}
    if query.cities:
        # One alone goes by the order of the index behind it.
        terms[CITY.name] = "city = %(city)s" if len(query.cities) == 1 else "city = any(%(city)s)"
        values[CITY.name] = query.cities[0] if len(query.cities) == 1 else list(query.cities)
    if query.lists:
        terms[LIST.name] = "lists && %(list)s::int[]"
        values[LIST.name] = list(list_ids)
    return terms


def _date_terms(query: LeadQuery, values: dict[str, Any]) -> dict[str, str]:
    terms: dict[str, str] = {}
    asked = {
        "expires_from": ("expires_at >= %(expires_from)s", query.expires_from),
        "expires_to": ("expires_at <= %(expires_to)s", query.expires_to),
        "changed_since": ("last_changed_at >= %(changed_since)s", query.changed_since),
        # As a value: of a join the planner makes a hash of all scans.
        "scanned_since": (f"{SCANNED_AT} >= %(scanned_since)s", query.scanned_since),
        "favorite_of": (
            "domain in (select f.domain from favorites f where f.user_id = %(favorite_of)s)",
            query.favorite_of,
        ),
    }
    for name, (term, value) in asked.items():
        if value is not None:
            terms[name], values[name] = term, value
    return terms


def _search_terms(search: str, values: dict[str, Any]) -> dict[str, str]:
    """Each word must stand somewhere; one or two letters alone are the beginning of a domain."""
    words = _words(search)
    has_long = any(len(word) >= TRIGRAM for word in words)
    terms: dict[str, str] = {}
    for number, word in enumerate(words):
        name = f"word_{number}"
        if len(word) < TRIGRAM and not has_long:
            terms[name] = f"domain >= %({name})s and domain < %({name}_end)s"
            values[name], values[f"{name}_end"] = word, word + _LAST_CHARACTER
        else:
            terms[name] = f"search_text like %({name})s"
            values[name] = f"%{_escaped(word)}%"
    return terms


def _words(search: str) -> list[str]:
    """Return the words of a search, folded, each once, without what no text can hold; domains as they are stored."""
    words = (_as_stored(word) for word in search.split())
    return list(dict.fromkeys(turkish_fold(storable(word) or "") for word in words))


def _as_stored(word: str) -> str:
    """Return a domain in the letters of other alphabets as DNS has it; any other word as it is."""
    return word if word.isascii() or "." not in word else normalise_domain(word) or word


def _only_word(search: str) -> str | None:
    words = _words(search)
    return words[0] if len(words) == 1 and len(words[0]) >= TRIGRAM and "." not in words[0] else None


def _escaped(word: str) -> str:
    """Take their meaning from the wildcards of LIKE."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def all_of(terms: Iterable[str]) -> str:
    """Join terms."""
    listed = [term for term in terms if term and term != "true"]
    return " and ".join(listed) if listed else "true"


#: The terms of a list in which nothing is chosen.
_PLAIN: Final = filters_of(LeadQuery()).key_terms

"""The filters of a LeadQuery as SQL: terms on the cell, which the rollup can count, and live terms, which it cannot.

In: a query. Out: terms by the facet that they choose in, and their values. Nothing of a query's text enters the SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hunter.core.domain_name import normalise_domain
from hunter.storage.lead_index.facet_key import (
    CATEGORY,
    D365,
    IS_SCORED,
    M365,
    PRIORITY,
    PROVIDER,
    REFERRAL_SHIFT,
    SCORE,
    SEGMENT,
    TENANT_SIZE,
    CellField,
    referral_bits,
)
from hunter.storage.lead_index.folding import turkish_fold
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.statements import storable

#: Name of the facet whose values are bits.
REFERRAL_TYPE: Final = "referral_type"
#: Fewer letters make no trigram.
TRIGRAM: Final = 3
_LAST_CHARACTER: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a query asks for."""

    #: Terms on `cell`, by the facet in which they choose; "" for those that belong to none.
    cell_terms: Mapping[str, str]
    #: Terms on other columns of `leads`.
    live_terms: tuple[str, ...]
    values: Mapping[str, Any]
    #: The word, folded, where one word that may stand anywhere is all that the rollup cannot answer. A word with a dot
    #: is none: it is looked for in domains, many of which share their end.
    word: str | None = None
    #: The words of names that contain it, where the search is made by them.
    words: tuple[str, ...] | None = None

    @property
    def has_search(self) -> bool:
        """True where search texts have to be looked through."""
        return "word_0" in self.values

    @property
    def on_cells(self) -> str:
        """Return all terms that the rollup can answer."""
        return _all(self.cell_terms.values())

    @property
    def live(self) -> str:
        """Return the terms that it cannot answer."""
        return _all(self.live_terms)

    @property
    def everything(self) -> str:
        """Return all terms."""
        return _all((*self.live_terms, *self.cell_terms.values()))

    def without(self, facet: str) -> str:
        """Return the terms on cells but for the selection in one facet."""
        return _all(term for name, term in self.cell_terms.items() if name != facet)


def filters_of(query: LeadQuery) -> Filters:
    """Turn a query into terms."""
    values: dict[str, Any] = {}
    terms: dict[str, str] = {}
    chosen: tuple[tuple[CellField, tuple[str, ...]], ...] = (
        (SEGMENT, query.segments),
        (PROVIDER, query.providers),
        (PRIORITY, tuple(map(str, query.priorities))),
        (CATEGORY, query.priority_categories),
        (M365, query.m365_states),
        (TENANT_SIZE, query.tenant_sizes),
    )
    for field, words in chosen:
        if words:
            terms[field.name] = _one_of(field, field.numbers(words), values)
    if query.d365_sync_statuses:
        # Null is no word of its own here: what was never sent is `not_synced`.
        numbers = [D365.words.index(word) for word in query.d365_sync_statuses if word in D365.words]
        terms[D365.name] = _one_of(D365, numbers, values)
    if query.referral_types:
        terms[REFERRAL_TYPE] = f"(cell >> {REFERRAL_SHIFT} & %(referral_bits)s) <> 0"
        values["referral_bits"] = referral_bits(query.referral_types)
    general = _score_terms(query, values)
    if general:
        terms[""] = _all(general)
    live = tuple(_live_terms(query, values))
    return Filters(terms, live, values, _only_word(query.search) if len(live) == 1 else None)


def _one_of(field: CellField, numbers: list[int], values: dict[str, Any]) -> str:
    values[field.name] = numbers
    return f"{field.expression} = any(%({field.name})s::int[])"


def _score_terms(query: LeadQuery, values: dict[str, Any]) -> list[str]:
    terms = [] if query.include_unscored else [IS_SCORED]
    if query.min_score is not None:
        terms.append(f"{SCORE.expression} > %(min_score)s")
        values["min_score"] = query.min_score
    if query.max_score is not None:
        terms.append(f"{SCORE.expression} between 1 and %(max_score)s + 1")
        values["max_score"] = query.max_score
    return terms


def _live_terms(query: LeadQuery, values: dict[str, Any]) -> list[str]:
    terms: list[str] = []
    if query.expires_from is not None:
        terms.append("expires_at >= %(expires_from)s")
        values["expires_from"] = query.expires_from
    if query.expires_to is not None:
        terms.append("expires_at <= %(expires_to)s")
        values["expires_to"] = query.expires_to
    if query.changed_since is not None:
        terms.append("last_changed_at >= %(changed_since)s")
        values["changed_since"] = query.changed_since
    if query.favorite_of is not None:
        terms.append("domain in (select f.domain from favorites f where f.user_id = %(favorite_of)s)")
        values["favorite_of"] = query.favorite_of
    return [*terms, *_search_terms(query.search, values)]


def _search_terms(search: str, values: dict[str, Any]) -> list[str]:
    """Each word must stand somewhere; one or two letters alone are the beginning of a domain."""
    words = _words(search)
    has_long = any(len(word) >= TRIGRAM for word in words)
    terms: list[str] = []
    for number, word in enumerate(words):
        name = f"word_{number}"
        if len(word) < TRIGRAM and not has_long:
            terms.append(f"domain >= %({name})s and domain < %({name}_end)s")
            values[name], values[f"{name}_end"] = word, word + _LAST_CHARACTER
        else:
            terms.append(f"search_text like %({name})s")
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


def _all(terms: Iterable[str]) -> str:
    listed = [term for term in terms if term]
    return " and ".join(listed) if listed else "true"

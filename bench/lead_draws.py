"""Random looks at the lead list, by class: each filter alone, pairs, triples, searches, orders, pages, counts.

In: a seed and how many leads there are. Out: queries as the API would make them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from bench.lead_world import LISTS, NOW, PLACES, LeadWorld
from hunter.storage.lead_index.query import DEEPEST_ROW, LeadQuery, LeadSort, SortOrder

Draw = Callable[[Random], LeadQuery]
#: Filters by name, each drawn as arguments of `LeadQuery`.
Filters = Mapping[str, Callable[[Random], dict[str, Any]]]
_PAGE: Final = 50
_SEGMENTS: Final = ("Migration", "Existing", "Cold", "Skip")
_PROVIDERS: Final = ("M365", "Google", "Yandex", "Zoho", "Hosting", "Local", "Unknown", "Amazon")
_HOSTS: Final = ("Natro", "Turhost", "İsimtescil", "Radore", "Güzel Hosting", "TTNET", "Kriweb")
_GATEWAYS: Final = ("proofpoint", "mimecast", "barracuda", "fortimail", "sophos", "cisco")
_TAGS: Final = ("security-risk", "migration-ready", "expire-soon", "weak-spf", "local-mx")


def _some(random: Random, words: tuple[Any, ...], most: int = 3) -> tuple[Any, ...]:
    return tuple(random.sample(words, random.randint(1, min(most, len(words)))))


def _score_range(random: Random) -> dict[str, Any]:
    low = random.randrange(0, 90)
    return {"min_score": low, "max_score": random.randrange(low, 101)}


#: One filter each, as arguments of LeadQuery.
FILTERS: Final[Filters] = {
    "segment": lambda r: {"segments": _some(r, _SEGMENTS, 2)},
    "provider": lambda r: {"providers": _some(r, _PROVIDERS)},
    "score": _score_range,
    "min score": lambda r: {"min_score": r.randrange(0, 101)},
    "priority": lambda r: {"priorities": _some(r, (1, 2, 3, 4, 5, 6, 7), 2)},
    "play": lambda r: {"priority_categories": _some(r, ("P1", "P2", "P3", "P4", "P5", "P6"), 2)},
    "m365": lambda r: {"m365_states": _some(r, ("yes", "likely", "no", "unknown"), 2)},
    "d365": lambda r: {"d365_sync_statuses": _some(r, ("not_synced", "queued", "synced", "error"), 1)},
    "referral": lambda r: {"referral_types": _some(r, ("co-sell", "marketplace", "solution-provider"), 2)},
    "size": lambda r: {"tenant_sizes": _some(r, ("small", "medium", "large"), 2)},
    "host": lambda r: {"local_providers": _some(r, _HOSTS, 2)},
    "gateway": lambda r: {"gateways": _some(r, _GATEWAYS, 2)},
    "tag": lambda r: {"tags": _some(r, _TAGS, 2)},
    "city": lambda r: {"cities": _some(r, PLACES, 2)},
    "list": lambda r: {"lists": _some(r, LISTS, 2)},
    "marks": lambda r: {"marks": _some(r, ("own_customer", "do_not_contact", "demo"), 2)},
    "excluded too": lambda r: {"include_excluded": True},
    "scanned within": lambda r: {"scanned_since": NOW - timedelta(days=r.choice((1, 3, 7, 14, 30)))},
    "expired": lambda r: {"expires_to": NOW.date() - timedelta(days=1)},
    "expiry": lambda r: {
        "expires_from": NOW.date(),
        "expires_to": NOW.date() + timedelta(days=r.choice((7, 30, 60, 90, 180, 365))),
    },
    "changed since": lambda r: {"changed_since": NOW - timedelta(days=r.choice((1, 7, 30, 90, 365)))},
    "unscored too": lambda r: {"include_unscored": True},
}


class Draws:
    """Classes of looks at one world."""

    def __init__(self, world: LeadWorld, rows: int, *, filters: Filters = FILTERS) -> None:
        self._world = world
        self._rows = rows
        self._filters = filters

    def classes(self) -> dict[str, Draw]:
        """Return the classes by name."""
        alone = {f"filter {name}": self._filtered(name) for name in self._filters}
        return {
            **alone,
            "two filters": self._combined(2),
            "three filters": self._combined(3),
            "search one word": lambda random: LeadQuery(search=self._words(random, 1)),
            "search two words": lambda random: LeadQuery(search=self._words(random, 2)),
            "search part of a word": lambda random: LeadQuery(search=self._part(random)),
            "search one or two letters": lambda random: LeadQuery(
                search=self._words(random, 1)[: random.randint(1, 2)]
            ),
            "search a domain": lambda random: LeadQuery(search=self._company(random).domain),
            "search, one filter": self._searched(1),
            "search, two filters": self._searched(2),
            **{f"order {sort.value} {order.value}": _ordered(sort, order) for sort in LeadSort for order in SortOrder},
            "filter, any order": lambda random: replace(
                self._combined(1)(random), sort=random.choice(list(LeadSort)), order=random.choice(list(SortOrder))
            ),
            "search, any order": lambda random: replace(
                LeadQuery(search=self._words(random, 1)),
                sort=random.choice(list(LeadSort)),
                order=random.choice(list(SortOrder)),
            ),
            "facets": lambda random: replace(self._combined(random.randint(0, 2))(random), with_facets=True),
            "facets, search": lambda random: replace(self._searched(random.randint(0, 1))(random), with_facets=True),
        }

    def _company(self, random: Random) -> Any:
        return self._world.company(random.randrange(self._rows))

    def _words(self, random: Random, count: int) -> str:
        words = [word for word in self._company(random).name.split() if len(word) > 2]
        return " ".join(words[:count])

    def _part(self, random: Random) -> str:
        word = str(max(self._company(random).name.split(), key=len))
        length = random.randint(3, max(3, len(word)))
        start = random.randrange(len(word) - length + 1) if len(word) > length else 0
        return word[start : start + length]

    def _filtered(self, name: str) -> Draw:
        return lambda random: LeadQuery(**self._filters[name](random))

    def _combined(self, count: int) -> Draw:
        def draw(random: Random) -> LeadQuery:
            chosen: dict[str, Any] = {}
            for name in random.sample(sorted(set(self._filters) - {"min score"}), count):
                chosen |= self._filters[name](random)
            return LeadQuery(**chosen)

        return draw

    def _searched(self, count: int) -> Draw:
        def draw(random: Random) -> LeadQuery:
            return replace(self._combined(count)(random), search=self._words(random, random.randint(1, 2)))

        return draw


def _ordered(sort: LeadSort, order: SortOrder) -> Draw:
    return lambda random: LeadQuery(sort=sort, order=order)


def paged(query: LeadQuery, total: int, random: Random) -> LeadQuery:
    """Return the query on its first, its middle or its last page, as far as page numbers reach."""
    last = max((total + _PAGE - 1) // _PAGE, 1)
    within = min(last, DEEPEST_ROW // _PAGE)
    return replace(query, page=random.choice((1, (within + 1) // 2, within, last if total <= 10_000 else within)))

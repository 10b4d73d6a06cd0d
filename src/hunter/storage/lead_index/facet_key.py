"""Cells: every value that the rollup counts by, packed into one number of 31 bits, and how to ask for them.

The database packs (`lead_cell`), this module unpacks; a test holds both side by side. A filter becomes a few bit
operations on the number, which any index that carries it can answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SEGMENTS: Final = ("", "Migration", "Existing", "Cold", "Skip")
PROVIDERS: Final = (
    *("", "M365", "Google", "Yandex", "Zoho", "Amazon", "SendGrid", "Mailgun", "Hosting", "Local", "Unknown"),
)
REFERRAL_TYPES: Final = ("co-sell", "marketplace", "solution-provider")


@dataclass(frozen=True, slots=True)
class CellField:
    """One value within a cell."""

    #: Name of the filter and the facet on the wire.
    name: str
    shift: int
    bits: int
    #: The word for each number; "" is null.
    words: tuple[str, ...]

    @property
    def expression(self) -> str:
        """Return the SQL that takes the value out of `cell`."""
        return f"(cell >> {self.shift} & {(1 << self.bits) - 1})"

    def numbers(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of words; a word that no lead can have is left out."""
        return [self.words.index(word) for word in words if word and word in self.words]

    def word(self, number: int) -> str:
        """Return the word for a number; "" also for one that this release does not know."""
        return self.words[number] if number < len(self.words) else ""


SEGMENT: Final = CellField("segment", 0, 3, SEGMENTS)
PROVIDER: Final = CellField("provider", 3, 4, PROVIDERS)
PRIORITY: Final = CellField("priority", 7, 3, ("", *map(str, range(1, 8))))
SCORE: Final = CellField("score", 10, 7, ("", *map(str, range(101))))
CATEGORY: Final = CellField("priority_category", 17, 3, ("", "P1", "P2", "P3", "P4", "P5", "P6"))
M365: Final = CellField("m365_state", 20, 3, ("", "yes", "likely", "no", "unknown"))
D365: Final = CellField("d365_sync_status", 23, 3, ("not_synced", "queued", "in_progress", "synced", "error"))
TENANT_SIZE: Final = CellField("tenant_size", 29, 2, ("", "small", "medium", "large"))
#: Fields with one value each that are counted as facets, in the order in which they are told.
FACETS: Final = (SEGMENT, PROVIDER, PRIORITY, CATEGORY, M365, D365, TENANT_SIZE)

#: SQL for the number of leads in each cell, which writers spread over several rows so as not to wait for each other.
ROLLUP: Final = "select cell, sum(leads)::bigint as leads from lead_facets group by cell having sum(leads) > 0"

#: A lead may have several types of referrals: a bit for each.
REFERRAL_SHIFT: Final = 26
IS_SCORED: Final = f"{SCORE.expression} > 0"
#: `lead_rank` out of a cell; leads without a score come behind all others.
RANK: Final = f"case when {IS_SCORED} then {PRIORITY.expression} * 128 + 101 - {SCORE.expression} else 1253 end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An unpacked cell; None where there is no value."""

    segment: str | None
    provider: str | None
    priority: int | None
    score: int | None
    priority_category: str | None
    m365_state: str | None
    d365_sync_status: str
    referral_types: tuple[str, ...]
    tenant_size: str | None


def read_cell(number: int) -> Cell:
    """Unpack a cell."""

    def word(field: CellField) -> str | None:
        return field.word(number >> field.shift & (1 << field.bits) - 1) or None

    priority, score = word(PRIORITY), word(SCORE)
    referrals = number >> REFERRAL_SHIFT & 7
    return Cell(
        segment=word(SEGMENT),
        provider=word(PROVIDER),
        priority=int(priority) if priority else None,
        score=int(score) if score else None,
        priority_category=word(CATEGORY),
        m365_state=word(M365),
        d365_sync_status=word(D365) or "",
        referral_types=tuple(kind for bit, kind in enumerate(REFERRAL_TYPES) if referrals >> bit & 1),
        tenant_size=word(TENANT_SIZE),
    )


def referral_bits(types: Iterable[str]) -> int:
    """Return the bits of referral types, in their place among the three."""
    return sum(1 << REFERRAL_TYPES.index(kind) for kind in set(types) if kind in REFERRAL_TYPES)


def alphabetical(field: CellField) -> str:
    """Return SQL for the place of a field's word in the alphabet, from 1; null is last."""
    order: Mapping[str, int] = {word: place for place, word in enumerate(sorted(filter(None, field.words)), start=1)}
    places = [order.get(word, len(order) + 1) for word in field.words]
    return f"coalesce(('{{{','.join(map(str, places))}}}'::int[])[{field.expression} + 1], {len(order) + 1})"

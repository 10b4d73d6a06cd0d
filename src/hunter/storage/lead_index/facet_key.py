"""Reading facet keys: SQL terms over a `facet_key`, the rollups that count them, and a key unpacked in Python.

The database packs (`lead_key`, made of the same table of fields); a test holds both side by side.
"""

from collections.abc import Mapping
from typing import Final

from hunter.storage.lead_index.fields import (
    CORE_SHIFT,
    FIELDS,
    MARK,
    PRIORITY,
    SCORE,
    KeyField,
    Kind,
)

#: SQL for the number of leads by key, which writers spread over several rows so as not to wait for each other.
BY_KEY: Final = (
    "select facet_key, sum(leads)::bigint as leads from lead_facets group by facet_key having sum(leads) > 0"
)
#: The same by the core of the keys, all bits beside it 0: some hundred rows, however many keys there are.
BY_CORE: Final = """
select core_key as facet_key, sum(leads)::bigint as leads from lead_core_facets group by core_key having sum(leads) > 0
"""
#: SQL for the core of a `facet_key`.
CORE_OF: Final = f"(facet_key >> {CORE_SHIFT} << {CORE_SHIFT})"
#: What is added to a core for the last key that it can have.
BESIDE_CORE: Final = (1 << CORE_SHIFT) - 1
IS_SCORED: Final = f"{SCORE.expression} > 0"
#: `lead_rank` out of a key; leads without a score come behind all others.
RANK: Final = (
    f"(case when {IS_SCORED} then {PRIORITY.expression} * 128 + 101 - {SCORE.expression} else 1253 end)::integer"
)


def unmarked(hidden: int) -> str:
    """Return the term for leads without any of the marks whose bits are given."""
    return f"(facet_key >> {MARK.shift} & {hidden}) = 0"


def read_key(key: int) -> Mapping[str, object]:
    """Unpack a key: a value by the name of each field; None where there is none."""
    return {field.name: _value(field, key) for field in FIELDS}


def _value(field: KeyField, key: int) -> object:
    match field.kind:
        case Kind.FLAGS:
            return field.words_of(key)
        case Kind.NUMBER:
            number = field.number_of(key)
            return int(field.words[number]) if number else None
        case Kind.WORD:
            return field.word_of(key) or None


def alphabetical(field: KeyField) -> str:
    """Return SQL for the place of a field's word in the alphabet, from 1; null is last."""
    order = {word: place for place, word in enumerate(sorted(filter(None, field.words)), start=1)}
    places = [order.get(word, len(order) + 1) for word in field.words]
    listed = ",".join(map(str, places))
    return f"coalesce(('{{{listed}}}'::int[])[({field.expression})::integer + 1], {len(order) + 1})"

"""Orders of the lead list, and the cursors that lead on in them.

An order by what the core of a key holds (priority, score, segment, provider) goes by rank buckets: a number made of the
key, and inside one number by domain. An order by anything else scans the index of its column.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hunter.storage.lead_index.facet_key import IS_SCORED, RANK, alphabetical
from hunter.storage.lead_index.fields import PROVIDER, SCORE, SEGMENT, KeyField
from hunter.storage.lead_index.filters import SCANNED_AT
from hunter.storage.lead_index.query import BadCursor, LeadQuery, LeadSort, SortOrder
from hunter.storage.statements import storable

#: Above every rank; what stands before it in an order is counted in steps of it.
_STEP: Final = 2048
#: What is added for leads without a score, so that they come last in every order.
_UNSCORED: Final = 1 << 20
_LARGEST_KEY: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cursor points: the last row that was given."""

    #: The number of the bucket, or the column's value.
    key: Any
    domain: str
    is_scored: bool


def bucket_key(sort: LeadSort, order: SortOrder) -> str | None:
    """Return SQL for the bucket of a `facet_key` in an order, ascending; None where the order is that of a column."""
    is_down = order is SortOrder.DESC
    match sort:
        case LeadSort.PRIORITY_SCORE:
            if not is_down:
                return RANK
            key = f"{_STEP} - ({RANK})"
        case LeadSort.READINESS_SCORE:
            key = f"128 - {SCORE.expression}" if is_down else SCORE.expression
        case LeadSort.SEGMENT:
            key = _word_first(SEGMENT, is_down=is_down)
        case LeadSort.PROVIDER:
            key = _word_first(PROVIDER, is_down=is_down)
        case LeadSort.DOMAIN | LeadSort.SCANNED_AT | LeadSort.NAME:
            return None
    return f"(case when {IS_SCORED} then {key} else {_UNSCORED} end)"


def any_bucket_key() -> str:
    """Return SQL for the bucket of a `facet_key` in the order that the value `order` names; null in any other order.

    One text for all orders is one plan that is kept.
    """
    keys = ((order_name(sort, order), bucket_key(sort, order)) for sort in LeadSort for order in SortOrder)
    cases = " ".join(f"when '{name}' then {key}" for name, key in keys if key)
    return f"case %(order)s {cases} end"


def order_name(sort: LeadSort, order: SortOrder) -> str:
    """Return what `any_bucket_key` calls an order."""
    return f"{sort.value} {order.value}"


def _word_first(field: KeyField, *, is_down: bool) -> str:
    """Order by a word, and inside a word by the default order, whichever way the words go."""
    place = alphabetical(field)
    return f"({f'32 - {place}' if is_down else place}) * {_STEP} + {RANK}"


def sort_column(sort: LeadSort) -> str:
    """Return the column of an order that is not by buckets."""
    return {LeadSort.DOMAIN: "domain", LeadSort.SCANNED_AT: "scanned_at", LeadSort.NAME: "name_key"}[sort]


def sort_value(sort: LeadSort) -> str:
    """Return SQL for that column beside `leads`, which does not hold when a lead was scanned."""
    if sort is LeadSort.SCANNED_AT:
        return SCANNED_AT
    return sort_column(sort)


def write_cursor(query: LeadQuery, position: Position) -> str:
    """Return the text that leads on after a row."""
    key = position.key.isoformat() if isinstance(position.key, datetime) else position.key
    content = [query.sort.value, query.order.value, key, position.domain, position.is_scored]
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(query: LeadQuery) -> Position | None:
    """Return where the query goes on; None from the start. Raises BadCursor for what this order did not give."""
    if query.after is None:
        return None
    try:
        padded = query.after + "=" * (-len(query.after) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        sort, order, key, domain, is_scored = content
        if (sort, order) != (query.sort.value, query.order.value):
            raise BadCursor("the cursor belongs to another order")
        return Position(_key(query, key), _text(domain), _flag(is_scored))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise BadCursor("this is no cursor of a list") from error


def _key(query: LeadQuery, key: object) -> int | str | datetime | None:
    """Return the key as the database compares it; raises ValueError or TypeError for what no row has."""
    if bucket_key(query.sort, query.order) is not None:
        if type(key) is not int or not 0 <= key <= _LARGEST_KEY:
            raise ValueError("no number of a bucket")
        return key
    if query.sort is not LeadSort.SCANNED_AT:
        return _text(key)
    if key is None:
        # What was never scanned has no time of its scan.
        return None
    at = datetime.fromisoformat(_text(key))
    if at.tzinfo is None:
        raise ValueError("a time without offset")
    return at


def _text(value: object) -> str:
    if not isinstance(value, str) or storable(value) != value:
        raise ValueError("no text that is stored")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no flag")
    return value

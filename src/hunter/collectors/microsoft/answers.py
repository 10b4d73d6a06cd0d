"""What Microsoft's sign-in service answered over HTTP, and why an answer tells us nothing. Pure.

In: a status, headers and a body. Out: the JSON object that it carries, or the stable reason why there is none. An error
page, a redirect or a refusal is never read as "no tenant".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from hunter.core.signals import Unknown

#: Why a look-up tells nothing, by stable code.
REASONS: Final = (
    "circuit_open",  # Microsoft asked us to stop, or fails: nobody was asked
    "content_type",  # something else than JSON, such as the error page of a gateway
    "cut",  # the body ended early
    "malformed",  # no JSON, or not of the documented shape
    "name",  # no name that could be looked up
    "network",  # no connection, or it broke
    "not_in_turn",  # one call a second, and no turn came in time: nobody was asked
    "rate_limited",  # 429
    "redirected",  # the endpoints answer themselves; who redirects is somebody else
    "refused",  # 401 or 403
    "refused_by_guard",  # the name of the service led to an address that is not public
    "server_error",  # 5xx
    "timeout",
    "too_large",  # more than we read
    "unexpected",  # a status or an error code that says nothing about a tenant
)
#: Real answers have 1 to 3 kB.
LARGEST_BODY: Final = 64 * 1024
_OK: Final = 200
_BAD_REQUEST: Final = 400
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class HTTPAnswer:
    """One answer, its body read whole and not yet looked at."""

    status: int
    content_type: str
    body: bytes


def json_of(answer: HTTPAnswer) -> Mapping[str, Any] | Unknown:
    """Return the JSON object of an answer with status 200 or 400; for any other answer, why it tells nothing."""
    trouble = trouble_of(answer.status)
    if trouble is not None:
        return Unknown(trouble)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        return Unknown("content_type")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return Unknown("malformed")
    return document if isinstance(document, dict) else Unknown("malformed")


def trouble_of(status: int) -> str | None:
    """Return the reason why an answer of this status tells nothing; None for 200 and 400, which may."""
    if status in (_OK, _BAD_REQUEST):
        return None
    if status == _TOO_MANY:
        return "rate_limited"
    if status in (401, 403):
        return "refused"
    if 300 <= status < 400:
        return "redirected"
    return "server_error" if 500 <= status < 600 else "unexpected"


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how long the server wants to be left alone (RFC 9110 §10.2.3); None where it does not say.

    A date is compared with the server's own, where it gives one: its clock and ours need not agree.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    until = _date(text)
    return None if until is None else max(0.0, (until - (_date(headers.get("date", "")) or now)).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def word(value: object) -> str | None:
    """Return a short text of an answer without control characters; None where there is none."""
    if not isinstance(value, str):
        return None
    text = "".join(filter(str.isprintable, value[:1024])).strip()
    return text[:255] or None

"""What Microsoft's sign-in service answered over HTTP, and why an answer tells us nothing. Pure.

In: a status, headers and a body. Out: the JSON object that it carries, or the stable reason why there is none. An error
page, a redirect or a refusal is never read as "no tenant".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
    "rate_limited",  # 429
    "rate_limited_locally",  # one call a second is our own limit, and none came in time: nobody was asked
    "redirected",  # the endpoints answer themselves; who redirects is somebody else
    "refused",  # 401 or 403
    "refused_by_guard",  # the name of the service led to an address that is not public
    "server_error",  # 5xx
    "timeout",
    "too_large",  # more than we read
    "unexpected",  # a status or an error code that says nothing about a tenant
)
#: What kept evidence of releases before may still say: `rate_limited_locally` by its former name.
FORMER_REASONS: Final = ("not_in_turn",)
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


def word(value: object) -> str | None:
    """Return a short text of an answer without control characters; None where there is none."""
    if not isinstance(value, str):
        return None
    text = "".join(filter(str.isprintable, value[:1024])).strip()
    return text[:255] or None

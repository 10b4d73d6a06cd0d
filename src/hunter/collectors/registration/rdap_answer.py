"""Reads an RDAP answer about a domain without a network (RFC 9083; jCard of RFC 7095; states of RFC 8056).

In: the bytes of a body and the domain that was asked for. Out: a `Registration`. HTML, half a document and another
domain's record are `malformed`; "not registered" needs RDAP's own error object, so that a gateway's 404 is none.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hunter.collectors.registration.dates import read_date
from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.collectors.registration.texts import clean, host_name, registrar_name, same_domain, status_word

_EXPIRIES: Final = ("expiration", "registrar expiration")
_MOST_ITEMS: Final = 64
#: HTTP states and what they mean here (RFC 7480 §5); others are the server's trouble.
_REASONS: Final = {400: "refused", 401: "refused", 403: "refused", 429: "rate_limited", 451: "refused"}


def read_rdap(status: int, body: bytes, domain: str) -> Registration:
    """Return what an RDAP server's final answer, with this HTTP status, says of a domain in canonical form."""
    if status not in (200, 404):
        return unavailable(_REASONS.get(status, "server_error"))
    document = _document(body)
    if document is None:
        return unavailable("malformed")
    if status == 404 or "errorCode" in document:
        return _read_error(document)
    return _read_domain(document, domain)


def _read_error(document: dict[str, Any]) -> Registration:
    """Read an error (RFC 9083 §6). Gateways and portals say 404 too: it has to look like a registry's."""
    code = document.get("errorCode", 404 if _texts(document.get("rdapConformance")) else None)
    if not isinstance(code, int) or _text(document.get("objectClassName")).lower() == "domain":
        return unavailable("malformed")
    return Registration(Outcome.NOT_REGISTERED) if code == 404 else unavailable(_REASONS.get(code, "server_error"))


def _document(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object of a body; None where it is none, or nested so deep that no honest server wrote it."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _read_domain(document: dict[str, Any], domain: str) -> Registration:
    names = [name for key in ("ldhName", "unicodeName") if (name := _text(document.get(key)))]
    if str(document.get("objectClassName", "domain")).lower() != "domain":
        return unavailable("malformed")
    if not any(same_domain(name, domain) for name in names):
        return unavailable("malformed")
    registrar = _registrar(document)
    dates = dict(_expiries(document))
    hosts = sorted(set(_nameservers(document)))
    if registrar is None and not dates and not hosts:
        return unavailable("malformed")
    return Registration(
        Outcome.FOUND,
        registrar=registrar,
        expires_at=min(dates.values(), default=None),
        nameservers=tuple(hosts),
        statuses=tuple(sorted({word for text in _texts(document.get("status")) if (word := status_word(text))})),
        proof=Proof((registrar,) if registrar else (), tuple(dates), tuple(hosts)),
    )


def _registrar(document: dict[str, Any]) -> str | None:
    """Return the name of the entity in the role of registrar, also where it stands inside another entity."""
    for entity in _entities(document):
        if "registrar" in (role.lower() for role in _texts(entity.get("roles"))):
            card = dict(_card(entity))
            for key in ("fn", "org"):
                if name := registrar_name(card.get(key, "")):
                    return name
    return None


def _entities(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    outer = _objects(document.get("entities"))
    yield from outer
    for entity in outer:
        yield from _objects(entity.get("entities"))


def _card(entity: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the properties of a jCard whose value is a text, or a list that begins with one (an `org` with units)."""
    card = entity.get("vcardArray")
    properties = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
    for one in properties[:_MOST_ITEMS]:
        if isinstance(one, list) and len(one) > 3 and isinstance(one[0], str):
            value = one[3][0] if isinstance(one[3], list) and one[3] else one[3]
            if isinstance(value, str):
                yield one[0].lower(), value


def _expiries(document: dict[str, Any]) -> Iterator[tuple[str, date]]:
    for event in _objects(document.get("events")):
        action, when = _text(event.get("eventAction")).lower(), _text(event.get("eventDate"))
        day = read_date(when) if action in _EXPIRIES else None
        if day is not None:
            yield clean(f"{action}: {when}"), day


def _nameservers(document: dict[str, Any]) -> Iterator[str]:
    for server in _objects(document.get("nameservers")):
        host = host_name(_text(server.get("ldhName"))) or host_name(_text(server.get("unicodeName")))
        if host:
            yield host


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value[:_MOST_ITEMS] if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value[:_MOST_ITEMS] if isinstance(one, str)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

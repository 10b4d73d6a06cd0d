"""RDAP answers of the simulator: a registered name as a JSON document (RFC 9083, jCard of RFC 7095)."""

import json
from typing import Any, Final

from hunter.lab.registry.registrations import Registered

_HUMPS: Final = {"ok": "active"}


def rdap_document(registered: Registered) -> bytes:
    """Return the body of the answer about a registered name."""
    document = {
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "domain",
        "handle": f"{registered.domain.upper()}-LAB",
        "ldhName": registered.domain.upper(),
        "status": [_status(status) for status in registered.statuses],
        "entities": [_registrar(registered.registrar)],
        "events": [
            {"eventAction": "registration", "eventDate": f"{registered.created_on}T09:30:00Z"},
            {"eventAction": "expiration", "eventDate": f"{registered.expires_on}T09:30:00Z"},
            {"eventAction": "last update of RDAP database", "eventDate": f"{registered.created_on}T09:30:00Z"},
        ],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": host.upper()} for host in registered.nameservers],
        "secureDNS": {"delegationSigned": False},
    }
    return json.dumps(document, ensure_ascii=False).encode()


def rdap_error(status: int, title: str) -> bytes:
    """Return the body of an answer that is none (RFC 9083 §6)."""
    return json.dumps({"errorCode": status, "title": title, "description": [title]}).encode()


def _registrar(name: str) -> dict[str, Any]:
    card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]]
    return {"objectClassName": "entity", "handle": "LAB-1", "roles": ["registrar"], "vcardArray": card}


def _status(status: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in status)
    return _HUMPS.get(spaced, spaced)

"""Realm: how users of a domain sign in, as Microsoft's own libraries ask before a sign-in.

In: the answer of `/common/userrealm/{user}`. Out: the realm, absent, or unknown. The user is made up and never a
person; nothing here tells, or asks, whether a mailbox exists.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from hunter.collectors.microsoft.answers import HTTPAnswer, json_of, word
from hunter.core.domain_name import is_valid_domain
from hunter.core.evidence import Realm
from hunter.core.signals import Absent, Found, Signal, Unknown

#: No tenant has the domain.
NO_REALM: Final = "no_realm"

#: Reads as what it is, in any log of the tenant's own service.
_LOCAL_PART: Final = "hunter-realm-lookup"
_VERSION: Final = "2.1"
#: The domain under which the service keeps the accounts of private people.
_PRIVATE_PEOPLE: Final = "live.com"
_KINDS: Final = ("managed", "federated")


def realm_path(domain: str) -> str:
    """Return path and query of the realm of a domain in canonical form."""
    return f"/common/userrealm/{_LOCAL_PART}@{quote(domain, safe='')}?api-version={_VERSION}"


def parse_realm(answer: HTTPAnswer, domain: str) -> Signal[Realm]:
    """Read the answer about a domain, in the words of either version of the service."""
    document = json_of(answer)
    if isinstance(document, Unknown):
        return document
    if answer.status != 200:
        return Unknown("unexpected")
    kind = word(document.get("NameSpaceType", document.get("account_type")))
    if kind is None:
        return Unknown("malformed")
    if kind.lower() == "unknown" or _is_private(document, domain):
        return Absent(NO_REALM, (kind,))
    if kind.lower() not in _KINDS:
        return Unknown("malformed")
    realm = Realm(
        kind.lower(),
        brand=word(document.get("FederationBrandName")),
        sign_in_host=_sign_in_host(document) if kind.lower() == "federated" else None,
        is_viral=_truth(document.get("IsViral")),
    )
    return Found(realm, (kind,))


def _is_private(document: Mapping[str, Any], domain: str) -> bool:
    answered = word(document.get("DomainName", document.get("domain_name")))
    return answered is not None and answered.lower() == _PRIVATE_PEOPLE != domain


def _sign_in_host(document: Mapping[str, Any]) -> str | None:
    url = document.get("AuthURL", document.get("federation_active_auth_url"))
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return host if host is not None and is_valid_domain(host) else None


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = value.lower() if isinstance(value, str) else ""
    return text == "true" if text in ("true", "false") else None

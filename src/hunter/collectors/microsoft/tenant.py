"""Tenant: what the OpenID discovery document of a domain says (OpenID Connect Discovery 1.0 §4).

In: the answer of `/{domain}/v2.0/.well-known/openid-configuration`. Out: the tenant, absent, or unknown. A tenant is no
mailbox, and no tenant is the answer of the cloud that was asked.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from hunter.collectors.microsoft.answers import HTTPAnswer, json_of, word
from hunter.core.evidence import Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown

#: The domain is verified in no tenant of the cloud that was asked.
NO_TENANT: Final = "no_tenant"
#: The domain belongs to Microsoft's mail for private people, which is one tenant for all.
CONSUMER_TENANT: Final = "consumer_tenant"

_GUID: Final = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
#: The sign-in services of all clouds; whoever else names a tenant knows nothing of it.
_SERVICE: Final = r"(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)"
_ISSUER: Final = re.compile(rf"https://{_SERVICE}/({_GUID})(?:/v2\.0)?/?")
_TOKEN_ENDPOINT: Final = re.compile(rf"https://{_SERVICE}/({_GUID})/oauth2/(?:v2\.0/)?token")
#: The tenant of all private Microsoft accounts, the same in every document.
_CONSUMERS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
#: AADSTS90002: no such tenant. AADSTS900023: what was asked for is no name.
_NOT_FOUND: Final = 90002
_NO_NAME: Final = 900023
_CODE: Final = re.compile(r"AADSTS([0-9]{4,9})\b")


def tenant_path(domain: str) -> str:
    """Return the path of the discovery document of a domain in canonical form."""
    return f"/{quote(domain, safe='')}/v2.0/.well-known/openid-configuration"


def parse_tenant(answer: HTTPAnswer, domain: str) -> Signal[Tenant]:
    """Read the answer about a domain. Only the code of "no such tenant" makes a tenant absent."""
    document = json_of(answer)
    if isinstance(document, Unknown):
        return document
    if answer.status != 200:
        return _read_refusal(document)
    return _read_document(document, domain)


def _read_document(document: Mapping[str, Any], domain: str) -> Signal[Tenant]:
    issuer, token_endpoint = document.get("issuer"), document.get("token_endpoint")
    found = _ISSUER.fullmatch(issuer) if isinstance(issuer, str) else None
    if found is None or not isinstance(issuer, str):
        return Unknown("malformed")
    tenant_id = found[1].lower()
    if isinstance(token_endpoint, str):
        second = _TOKEN_ENDPOINT.fullmatch(token_endpoint)
        if second is None or second[1].lower() != tenant_id:
            return Unknown("malformed")
    if tenant_id == _CONSUMERS:
        return Absent(CONSUMER_TENANT, (issuer,))
    tenant = Tenant(
        tenant_id,
        word(document.get("tenant_region_scope")),
        word(document.get("tenant_region_sub_scope")),
        word(document.get("cloud_instance_name")),
        domain,
    )
    return Found(tenant, (issuer,))


def _read_refusal(document: Mapping[str, Any]) -> Signal[Tenant]:
    codes = _codes(document)
    description = word(document.get("error_description"))
    if _NOT_FOUND in codes:
        return Absent(NO_TENANT, (description,) if description else ())
    # A name that the service cannot even read was not looked up, so nothing was found out.
    return Unknown("name" if _NO_NAME in codes else "unexpected")


def _codes(document: Mapping[str, Any]) -> set[int]:
    """Return the codes of a refusal: those of the list, else the one with which its text begins."""
    listed = document.get("error_codes")
    if isinstance(listed, list) and listed:
        return {code for code in listed if type(code) is int}
    text = document.get("error_description")
    found = _CODE.match(text) if isinstance(text, str) else None
    return {int(found[1])} if found is not None else set()

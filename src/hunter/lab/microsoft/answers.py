"""What Microsoft's sign-in service answers about a name: discovery documents, realms and refusals, byte by byte. Pure.

In: the path of a request and the tenants. Out: status and JSON body. Shapes are those of the documentation; a malformed
name is refused by 900023, a name of no tenant by 90002.
"""

import json
import re
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

from hunter.lab.microsoft.tenants import RealmKind, SimulatedTenant, TenantWorld

_DISCOVERY: Final = re.compile(r"/([^/]+)/(?:v2\.0/)?\.well-known/openid-configuration")
_REALM: Final = re.compile(r"/common/userrealm/([^/]+)", re.IGNORECASE)
_NAME: Final = re.compile(r"(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
#: Ids and times are the same in every run, so that two runs can be compared.
_TRACE: Final = "00000000-0000-4000-8000-000000000001"
_HOSTS: Final = {
    "microsoftonline.com": "login.microsoftonline.com",
    "microsoftonline.us": "login.microsoftonline.us",
    "partner.microsoftonline.cn": "login.partner.microsoftonline.cn",
}
_GRAPHS: Final = {
    "microsoftonline.com": "graph.microsoft.com",
    "microsoftonline.us": "graph.microsoft.us",
    "partner.microsoftonline.cn": "microsoftgraph.chinacloudapi.cn",
}


class Said(NamedTuple):
    """A status and a JSON body."""

    status: int
    body: bytes


def answer(target: str, world: TenantWorld) -> Said:
    """Answer a request for a path with its query."""
    url = urlsplit(target)
    discovery = _DISCOVERY.fullmatch(url.path)
    if discovery is not None:
        return _discovery(unquote(discovery[1]), world)
    realm = _REALM.fullmatch(url.path)
    query = parse_qs(url.query)
    if realm is not None:
        return _realm(unquote(realm[1]), world, query.get("api-version", ["1.0"])[0])
    if url.path.lower() == "/getuserrealm.srf":
        return _realm(query.get("login", [""])[0], world, "2.1")
    return Said(404, _json({"error": "not_found"}))


def _discovery(name: str, world: TenantWorld) -> Said:
    if not _NAME.fullmatch(name):
        text = f"Specified tenant identifier '{name}' is neither a valid DNS name, nor a valid external domain."
        return _refusal(900023, text)
    tenant = world.find(name)
    if tenant is None:
        return _refusal(90002, f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID.")
    return Said(200, _json(_document(tenant)))


def _refusal(code: int, text: str) -> Said:
    stamp = "2026-03-02 09:30:00Z"
    document = {
        "error": "invalid_tenant",
        "error_description": f"AADSTS{code}: {text} Trace ID: {_TRACE} Correlation ID: {_TRACE} Timestamp: {stamp}",
        "error_codes": [code],
        "timestamp": stamp,
        "trace_id": _TRACE,
        "correlation_id": _TRACE,
        "error_uri": f"https://login.microsoftonline.com/error?code={code}",
    }
    return Said(400, _json(document))


def _document(tenant: SimulatedTenant) -> dict[str, Any]:
    authority = f"https://{_HOSTS[tenant.cloud]}/{tenant.tenant_id}"
    document: dict[str, Any] = {
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{authority}/v2.0",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"https://{_GRAPHS[tenant.cloud]}/oidc/userinfo",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{authority}/oauth2/v2.0/logout",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"],
        "tenant_region_scope": tenant.region,
        "cloud_instance_name": tenant.cloud,
        "msgraph_host": _GRAPHS[tenant.cloud],
    }
    if tenant.sub_scope is not None:
        document["tenant_region_sub_scope"] = tenant.sub_scope
    return document


def _realm(user: str, world: TenantWorld, version: str) -> Said:
    domain = user.rpartition("@")[2].lower()
    tenant = world.find(domain)
    if version == "1.0":
        return Said(200, _json(_realm_in_old_words(domain, tenant)))
    document: dict[str, Any] = {"Login": user, "NameSpaceType": "Unknown"}
    if tenant is not None:
        document |= {
            "NameSpaceType": tenant.realm.value,
            "DomainName": domain,
            "FederationBrandName": tenant.name,
            "CloudInstanceName": tenant.cloud,
        }
        if tenant.is_viral:
            document["IsViral"] = True
        if tenant.realm is RealmKind.FEDERATED:
            document |= {"federation_protocol": "WSTrust", "AuthURL": _sign_in_url(tenant, user)}
    return Said(200, _json(document))


def _realm_in_old_words(domain: str, tenant: SimulatedTenant | None) -> dict[str, str]:
    document = {"ver": "1.0", "account_type": "Unknown"}
    if tenant is not None:
        document |= {
            "account_type": tenant.realm.value,
            "domain_name": domain,
            "cloud_instance_name": tenant.cloud,
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }
        if tenant.realm is RealmKind.FEDERATED:
            document["federation_active_auth_url"] = _sign_in_url(tenant, "")
    return document


def _sign_in_url(tenant: SimulatedTenant, user: str) -> str:
    host = tenant.sign_in_host or f"sts.{tenant.domains[0]}"
    return f"https://{host}/adfs/ls/?username={quote(user)}&wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline"


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()

"""The discovery document of a domain: found, absent, or nothing learned."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.microsoft.answers import REASONS, HTTPAnswer
from hunter.collectors.microsoft.tenant import parse_tenant, tenant_path
from hunter.core.evidence import Tenant
from hunter.core.signals import Absent, Found, Unknown

ID = "0b5f4c1e-1111-4222-8333-944445555666"
DOCUMENT = {
    "issuer": f"https://login.microsoftonline.com/{ID}/v2.0",
    "token_endpoint": f"https://login.microsoftonline.com/{ID}/oauth2/v2.0/token",
    "tenant_region_scope": "EU",
    "cloud_instance_name": "microsoftonline.com",
    "msgraph_host": "graph.microsoft.com",
}


def said(document: Any, status: int = 200) -> HTTPAnswer:
    return HTTPAnswer(status, "application/json; charset=utf-8", json.dumps(document).encode())


def refusal(*codes: int, **fields: str) -> HTTPAnswer:
    return said({"error": "invalid_tenant", "error_codes": list(codes), **fields}, 400)


def test_a_document_is_a_tenant_with_its_home() -> None:
    issuer = DOCUMENT["issuer"]

    assert parse_tenant(said(DOCUMENT), "firma.example") == Found(
        Tenant(ID, "EU", None, "microsoftonline.com", "firma.example"), (issuer,)
    )


def test_a_tenant_of_another_cloud_is_named_with_it() -> None:
    document = DOCUMENT | {
        "issuer": f"https://login.microsoftonline.us/{ID}/v2.0",
        "token_endpoint": f"https://login.microsoftonline.us/{ID}/oauth2/v2.0/token",
        "tenant_region_scope": "USGov",
        "tenant_region_sub_scope": "DODCON",
        "cloud_instance_name": "microsoftonline.us",
    }
    signal = parse_tenant(said(document), "firma.example")

    assert isinstance(signal, Found)
    assert signal.value == Tenant(ID, "USGov", "DODCON", "microsoftonline.us", "firma.example")


def test_the_older_form_of_the_issuer_is_read() -> None:
    document = {"issuer": f"https://sts.windows.net/{ID.upper()}/"}
    signal = parse_tenant(said(document), "firma.example")

    assert isinstance(signal, Found)
    assert signal.value.tenant_id == ID


def test_the_code_of_no_such_tenant_is_absent() -> None:
    text = "AADSTS90002: Tenant 'firma.example' not found."

    assert parse_tenant(refusal(90002, error_description=text), "firma.example") == Absent("no_tenant", (text,))
    assert parse_tenant(said({"error": "invalid_request", "error_codes": [90002]}, 400), "f") == Absent("no_tenant")
    assert parse_tenant(said({"error_description": text}, 400), "f") == Absent("no_tenant", (text,))


def test_the_tenant_of_private_accounts_is_no_companys() -> None:
    consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
    signal = parse_tenant(said({"issuer": f"https://login.microsoftonline.com/{consumers}/v2.0"}), "posta.example")

    assert isinstance(signal, Absent)
    assert signal.reason == "consumer_tenant"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal(900023), "name"),
        (refusal(), "unexpected"),
        (refusal(90033), "unexpected"),
        (said({"error": "invalid_tenant"}, 400), "unexpected"),
        (said({"error_codes": ["90002"]}, 400), "unexpected"),
        (said({"error_description": "Tenant not found: AADSTS90002"}, 400), "unexpected"),
        (said({"error_codes": [90002]}, 200), "malformed"),
        (said({"error_codes": [90002]}, 403), "refused"),
        (said({"error_codes": [90002]}, 404), "unexpected"),
        (said({}), "malformed"),
        (said({"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}), "malformed"),
        (said({"issuer": f"http://login.microsoftonline.com/{ID}/v2.0"}), "malformed"),
        (said({"issuer": 7}), "malformed"),
        (said(DOCUMENT | {"token_endpoint": DOCUMENT["token_endpoint"].replace("0b5f", "0b5e")}), "malformed"),
        (HTTPAnswer(200, "text/html", b"<html>"), "content_type"),
        (HTTPAnswer(400, "text/html", b"<html>AADSTS90002</html>"), "content_type"),
        (HTTPAnswer(429, "application/json", b"{}"), "rate_limited"),
        (HTTPAnswer(502, "text/html", b""), "server_error"),
        (HTTPAnswer(302, "text/html", b""), "redirected"),
    ],
)
def test_everything_else_is_unknown_and_never_no_tenant(answer: HTTPAnswer, reason: str) -> None:
    assert parse_tenant(answer, "firma.example") == Unknown(reason)


@given(st.integers(200, 599), st.sampled_from(["application/json", "text/html"]), st.binary(max_size=200))
def test_no_bytes_make_a_fact(status: int, kind: str, body: bytes) -> None:
    signal = parse_tenant(HTTPAnswer(status, kind, body), "firma.example")

    assert isinstance(signal, Unknown)
    assert signal.reason in REASONS


def test_the_name_is_one_part_of_the_path() -> None:
    assert tenant_path("firma.example") == "/firma.example/v2.0/.well-known/openid-configuration"
    assert tenant_path("a/b?c") == "/a%2Fb%3Fc/v2.0/.well-known/openid-configuration"

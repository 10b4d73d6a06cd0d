"""How users of a domain sign in: managed, federated, made by themselves, or nobody's."""

import json
from typing import Any

import pytest

from hunter.collectors.microsoft.answers import HTTPAnswer
from hunter.collectors.microsoft.realm import parse_realm, realm_path
from hunter.core.evidence import Realm
from hunter.core.signals import Absent, Found, Unknown


def said(document: Any, status: int = 200) -> HTTPAnswer:
    return HTTPAnswer(status, "application/json", json.dumps(document).encode())


@pytest.mark.parametrize(
    ("document", "realm"),
    [
        ({"NameSpaceType": "Managed", "FederationBrandName": "Firma"}, Realm("managed", "Firma")),
        ({"account_type": "Managed", "domain_name": "firma.example"}, Realm("managed")),
        ({"NameSpaceType": "Managed", "IsViral": True}, Realm("managed", is_viral=True)),
        ({"NameSpaceType": "Managed", "IsViral": "false"}, Realm("managed", is_viral=False)),
        (
            {"NameSpaceType": "Federated", "AuthURL": "https://sts.firma.example/adfs/ls/?username=x%40y"},
            Realm("federated", sign_in_host="sts.firma.example"),
        ),
        (
            {"account_type": "Federated", "federation_active_auth_url": "https://sts.firma.example/adfs"},
            Realm("federated", sign_in_host="sts.firma.example"),
        ),
        ({"NameSpaceType": "Federated", "AuthURL": "https://[broken"}, Realm("federated")),
        ({"NameSpaceType": "Federated", "AuthURL": "https://\x1b[2J/"}, Realm("federated")),
        ({"NameSpaceType": "Managed", "AuthURL": "https://sts.firma.example/"}, Realm("managed")),
    ],
)
def test_a_realm_is_read_in_the_words_of_both_versions(document: dict[str, Any], realm: Realm) -> None:
    signal = parse_realm(said(document), "firma.example")

    assert isinstance(signal, Found)
    assert signal.value == realm


@pytest.mark.parametrize(
    "document",
    [
        {"NameSpaceType": "Unknown"},
        {"account_type": "Unknown"},
        {"NameSpaceType": "Managed", "DomainName": "live.com"},
    ],
)
def test_a_domain_of_no_tenant_has_no_realm(document: dict[str, Any]) -> None:
    signal = parse_realm(said(document), "firma.example")

    assert isinstance(signal, Absent)
    assert signal.reason == "no_realm"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said({}), "malformed"),
        (said({"NameSpaceType": "Other"}), "malformed"),
        (said({"NameSpaceType": None}), "malformed"),
        (said({"error": "x"}, 400), "unexpected"),
        (said({}, 429), "rate_limited"),
        (HTTPAnswer(200, "text/html", b"<html>"), "content_type"),
    ],
)
def test_everything_else_is_unknown(answer: HTTPAnswer, reason: str) -> None:
    assert parse_realm(answer, "firma.example") == Unknown(reason)


def test_the_user_that_is_asked_for_is_made_up() -> None:
    assert realm_path("firma.example") == "/common/userrealm/hunter-realm-lookup@firma.example?api-version=2.1"

"""What the simulated sign-in service says, in the shapes of the documentation."""

import json

import pytest

from hunter.lab.microsoft.answers import answer
from hunter.lab.microsoft.tenants import RealmKind, SimulatedTenant, world_of

TENANT = SimulatedTenant("Firma A.Ş.", ("firma.example",))
FEDERATED = SimulatedTenant("Federe", ("federe.example",), realm=RealmKind.FEDERATED, sign_in_host="sts.federe.example")
WORLD = world_of([TENANT, FEDERATED])


def test_a_discovery_document_names_the_tenant_in_issuer_and_endpoints() -> None:
    said = answer("/firma.example/v2.0/.well-known/openid-configuration", WORLD)
    document = json.loads(said.body)

    assert said.status == 200
    assert document["issuer"] == f"https://login.microsoftonline.com/{TENANT.tenant_id}/v2.0"
    assert document["token_endpoint"] == f"https://login.microsoftonline.com/{TENANT.tenant_id}/oauth2/v2.0/token"
    assert (document["tenant_region_scope"], document["cloud_instance_name"]) == ("EU", "microsoftonline.com")
    assert "tenant_region_sub_scope" not in document


def test_names_are_found_in_any_case() -> None:
    assert answer("/FIRMA.Example/v2.0/.well-known/openid-configuration", WORLD).status == 200


@pytest.mark.parametrize(
    ("name", "code"), [("kimse.example", 90002), ("firma", 900023), ("a_b.example", 900023), ("%20", 900023)]
)
def test_refusals_carry_their_code_in_list_and_text(name: str, code: int) -> None:
    said = answer(f"/{name}/v2.0/.well-known/openid-configuration", WORLD)
    document = json.loads(said.body)

    assert said.status == 400
    assert document["error_codes"] == [code]
    assert document["error_description"].startswith(f"AADSTS{code}: ")
    assert set(document) >= {"error", "timestamp", "trace_id", "correlation_id", "error_uri"}


def test_realms_answer_in_the_words_of_the_version_that_is_asked() -> None:
    new = json.loads(answer("/common/userrealm/a@federe.example?api-version=2.1", WORLD).body)
    old = json.loads(answer("/common/UserRealm/a@federe.example?api-version=1.0", WORLD).body)
    srf = json.loads(answer("/getuserrealm.srf?login=a@federe.example&json=1", WORLD).body)

    assert (new["NameSpaceType"], new["DomainName"]) == ("Federated", "federe.example")
    assert new["AuthURL"].startswith("https://sts.federe.example/adfs/ls/?username=a%40federe.example")
    assert old["account_type"] == "Federated"
    assert srf == new
    assert json.loads(answer("/common/userrealm/a@kimse.example?api-version=2.1", WORLD).body) == {
        "Login": "a@kimse.example",
        "NameSpaceType": "Unknown",
    }


def test_nothing_else_is_served() -> None:
    assert answer("/common/GetCredentialType", WORLD).status == 404

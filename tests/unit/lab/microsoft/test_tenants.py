"""The simulated tenants: data that is checked, and a demo whose tenants and companies agree."""

import pytest

from hunter.core.names.public_suffix import shipped_suffixes
from hunter.lab.errors import WorldFileError
from hunter.lab.microsoft.tenants import demo_tenants, read_tenants
from hunter.lab.world_sources.demo_world import demo_companies


def test_every_domain_of_a_demo_tenant_is_a_company_of_the_demo_or_the_name_above_one() -> None:
    companies = {company.domain for company in demo_companies()}
    companies |= {root for domain in companies if (root := shipped_suffixes().registrable_domain(domain)) is not None}

    assert set(demo_tenants().by_domain) <= companies


def test_the_demo_has_a_tenant_of_each_kind() -> None:
    tenants = set(demo_tenants().by_domain.values())

    assert {tenant.realm.value for tenant in tenants} == {"Managed", "Federated"}
    assert {tenant.is_viral for tenant in tenants} == {True, False}
    assert {tenant.is_visible for tenant in tenants} == {True, False}
    assert any(len(tenant.domains) > 1 for tenant in tenants)


def test_every_demo_company_with_mail_at_exchange_online_has_a_tenant() -> None:
    world = demo_tenants()
    at_exchange = [
        company.domain
        for company in demo_companies()
        if any("mail.protection.outlook.com" in text for text in company.records[company.domain].get("MX", ()))
    ]

    assert len(at_exchange) > 5
    assert [domain for domain in at_exchange if world.find(domain) is None] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[[tenant]]\nname = "A"\n', "tenant 1"),
        ('[[tenant]]\nname = "A"\ndomains = []\n', "tenant 1"),
        ('[[tenant]]\nname = "A"\ndomains = ["a.example"]\ncolour = 1\n', "tenant 1: colour"),
        ('[[tenant]]\nname = "A"\ndomains = ["a.example"]\nrealm = "Other"\n', "tenant 1"),
        ('[[tenant]]\nname = "A"\ndomains = ["a.example"]\ncloud = "other"\n', "tenant 1"),
        ('[[tenant]]\nname = "A"\ndomains = ["a.example", "a.example"]\n', "tenant 1"),
        ("[[tenant", ""),
    ],
)
def test_a_mistake_names_the_tenant(text: str, place: str) -> None:
    with pytest.raises(WorldFileError) as caught:
        read_tenants(text, "tenants.toml")
    assert caught.value.place == place

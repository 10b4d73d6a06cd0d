"""The summary of where things are hosted, and whose address it speaks of."""

import pytest

from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.provider.infrastructure import HostRole, hosting_facts, infrastructure_summary, summary_of
from hunter.core.provider.providers import Provider
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

MAIL = AddressFacts("203.0.113.7", asn_org="Posta Bulut A.S.", isp="Posta Bulut", country="TR", usage_type="DCH")
WEB = AddressFacts("198.51.100.9", isp="Hetzner", country="DE", usage_type="DCH")
BOTH = NetworkEvidence(mx=Found(MAIL), web=Found(WEB))


def test_the_summary_of_the_specification() -> None:
    assert summary_of(WEB) == "Hosted on DataCenter, ISP: Hetzner, Country: DE"


@pytest.mark.parametrize(
    ("facts", "summary"),
    [
        (AddressFacts("192.0.2.1"), None),
        (AddressFacts("192.0.2.1", city="Bursa", asn=64500, is_proxy=False, proxy_type="DCH"), None),
        (AddressFacts("192.0.2.1", country="TR"), "Country: TR"),
        (AddressFacts("192.0.2.1", isp="Tel"), "ISP: Tel"),
        (AddressFacts("192.0.2.1", asn_org="Tel A.S."), "ISP: Tel A.S."),
        (AddressFacts("192.0.2.1", isp="Tel", asn_org="Tel A.S."), "ISP: Tel"),
        (AddressFacts("192.0.2.1", usage_type="DCH"), "Hosted on DataCenter"),
        (AddressFacts("192.0.2.1", usage_type="COM", country="TR"), "Hosted on Commercial, Country: TR"),
        (AddressFacts("192.0.2.1", usage_type="RES"), "Hosted on Residential"),
        (AddressFacts("192.0.2.1", usage_type="MOB"), "Hosted on Mobile"),
        (AddressFacts("192.0.2.1", usage_type="GOV"), "Hosted on GOV"),
        (AddressFacts("192.0.2.1", usage_type="ISP/MOB"), "Hosted on ISP/MOB"),
    ],
)
def test_each_part_stands_only_when_it_is_known(facts: AddressFacts, summary: str | None) -> None:
    assert summary_of(facts) == summary


@pytest.mark.parametrize("provider", [Provider.M365, Provider.GOOGLE])
def test_the_address_of_microsoft_or_google_is_never_taken_for_the_companys(provider: Provider) -> None:
    assert hosting_facts(BOTH, provider) == (HostRole.WEB, WEB)
    assert infrastructure_summary(NetworkEvidence(mx=Found(MAIL)), provider) is None


def test_the_address_of_a_filter_is_never_taken_for_the_companys() -> None:
    assert hosting_facts(BOTH, Provider.UNKNOWN, "mimecast") == (HostRole.WEB, WEB)
    assert hosting_facts(BOTH, Provider.LOCAL, "mimecast") == (HostRole.WEB, WEB)


@pytest.mark.parametrize("provider", [p for p in Provider if p not in (Provider.M365, Provider.GOOGLE)])
def test_elsewhere_the_mail_host_comes_first(provider: Provider) -> None:
    assert hosting_facts(BOTH, provider) == (HostRole.MX, MAIL)


@pytest.mark.parametrize("mx", [NOT_ASKED, Absent("nodata"), Unknown("timeout"), Found(AddressFacts("192.0.2.1"))])
def test_the_web_site_stands_in_where_nothing_is_known_of_the_mail_host(mx: Signal[AddressFacts]) -> None:
    network = NetworkEvidence(mx=mx, web=Found(WEB))

    assert hosting_facts(network, Provider.LOCAL) == (HostRole.WEB, WEB)
    assert infrastructure_summary(network, Provider.LOCAL) == "Hosted on DataCenter, ISP: Hetzner, Country: DE"


def test_nothing_known_is_no_summary() -> None:
    assert infrastructure_summary(NetworkEvidence(), Provider.LOCAL) is None
    assert hosting_facts(NetworkEvidence(Unknown("no_files"), Unknown("no_files")), Provider.M365) is None

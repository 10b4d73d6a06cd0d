"""Who is asked about a domain."""

from datetime import UTC, datetime

import pytest

from hunter.collectors.registration.bootstrap import Bootstrap
from hunter.collectors.registration.servers import IANA_WHOIS, LookUpPlan, RegistryServers, whois_table

BOOTSTRAP = Bootstrap(datetime(2026, 1, 1, tzinfo=UTC), {"com": ("https://rdap.a-hunter.net/",)})


def servers(*, rdap_base: str | None = None, whois_server: str | None = None) -> RegistryServers:
    return RegistryServers(BOOTSTRAP, whois_table(), rdap_base, whois_server)


@pytest.mark.parametrize(
    ("domain", "plan"),
    [
        ("ornek-hunter.com", LookUpPlan(("https://rdap.a-hunter.net/",), "whois.verisign-grs.com")),
        ("ornek-hunter.com.tr", LookUpPlan((), "whois.trabis.gov.tr")),
        ("ornek-hunter.tr", LookUpPlan((), "whois.trabis.gov.tr")),
        ("ornek-hunter.de", LookUpPlan((), "whois.denic.de")),
        ("ornek-hunter.pizza", LookUpPlan((), IANA_WHOIS)),
        ("ornek-hunter.example", LookUpPlan((), None)),
        ("ornek-hunter.invalid", LookUpPlan((), None)),
    ],
)
def test_each_top_label_has_its_servers(domain: str, plan: LookUpPlan) -> None:
    assert servers().plan(domain) == plan


def test_the_operators_servers_are_asked_about_every_domain() -> None:
    named = servers(rdap_base="http://127.0.0.1:8000/rdap", whois_server="127.0.0.1:4343")
    for domain in ("ornek-hunter.com", "ornek-hunter.de", "ornek-hunter.example"):
        assert named.plan(domain) == LookUpPlan(("http://127.0.0.1:8000/rdap",), "127.0.0.1:4343")


def test_turkey_goes_straight_to_whois_whatever_rdap_is_named() -> None:
    named = servers(rdap_base="http://127.0.0.1:8000/rdap", whois_server="127.0.0.1:4343")
    assert named.plan("ornek-hunter.com.tr") == LookUpPlan((), "127.0.0.1:4343")


def test_the_table_holds_hosts_in_lower_case_and_ways_to_ask_them() -> None:
    table = whois_table()
    assert len(table.servers) > 150
    assert {host for host in table.servers.values() if host != host.lower() or "." not in host} == set()
    assert {query for query in table.queries.values() if "{domain}" not in query} == set()
    assert set(table.queries) <= set(table.servers.values())

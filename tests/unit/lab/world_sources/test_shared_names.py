"""The shared names hold everything that other worlds lean on, at addresses that belong to nobody."""

from ipaddress import ip_address, ip_network

from hunter.lab.dns.worlds import ServedWorld
from hunter.lab.world_sources.demo_world import demo_world_file
from hunter.lab.world_sources.generated_facts import load_facts
from hunter.lab.world_sources.generated_records import Texts
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.lab.world_sources.shared_names import shared_records
from tests.unit.lab.asking import ask, rcode_of

DOCUMENTATION = [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def _addresses(records: dict[str, dict[str, list[str]]]) -> list[str]:
    return [text for types in records.values() for rdtype in ("A", "AAAA") for text in types.get(rdtype, [])]


def _spf_targets(records: dict[str, dict[str, list[str]]]) -> set[str]:
    terms = [term for types in records.values() for text in types.get("TXT", []) for term in text.split()]
    return {term.partition(":")[2] for term in terms if term.startswith("include:")}


def _denied(world: ServedWorld, names: set[str], rdtype: str) -> set[str]:
    """Those of the names under which the world has no record of the type."""
    return {name for name in names if not any(rrset for rrset in ask(world, name, rdtype).answer)}


def test_addresses_come_from_the_ranges_for_documentation() -> None:
    addresses = _addresses(shared_records())
    for company in demo_world_file().companies:
        addresses += [
            one for types in company.records.values() for kind in ("A", "AAAA") for one in types.get(kind, ())
        ]
    assert len(addresses) > 100
    strangers = [one for one in addresses if not any(ip_address(one) in network for network in DOCUMENTATION)]
    assert strangers == []


def test_spf_trees_of_the_shared_names_are_complete() -> None:
    records = shared_records()
    assert _spf_targets(records) - set(records) == set()


def test_mail_hosts_and_includes_of_generated_set_ups_exist() -> None:
    world = GeneratedWorld(1)
    texts = Texts("0000000")
    hosts, includes = set(), set()
    for setup in load_facts().mail:
        own = {texts.fill(host).split()[1] for host in setup.mx}
        hosts |= {host for host in own if host != "." and not host.endswith(texts.domain)}
        hosts |= {term[2:] for term in setup.spf.split() if term.startswith("a:")}
        includes |= {term[8:] for term in setup.spf.split() if term.startswith("include:")}
    assert _denied(world, hosts, "A") == set()
    assert _denied(world, includes, "TXT") == set()


def test_targets_of_demo_companies_exist_but_for_those_that_are_meant_to_be_missing() -> None:
    world = demo_world_file().world()
    hosts, texts = set(), set()
    for company in demo_world_file().companies:
        if company.behaviours:
            continue
        for types in company.records.values():
            hosts |= {text.split()[1] for text in types.get("MX", ()) if text != "0 ."}
            hosts |= {text.split()[3] for text in types.get("SRV", ())}
            texts |= {term[8:] for text in types.get("TXT", ()) for term in text.split() if term.startswith("include:")}
    assert _denied(world, hosts, "A") == set()
    assert _denied(world, texts, "TXT") == {"spf.protection.outlok.com"}


def test_name_that_nobody_shares_is_denied() -> None:
    assert rcode_of(ask(demo_world_file().world(), "spf.nobody.test", "TXT")) == "NXDOMAIN"

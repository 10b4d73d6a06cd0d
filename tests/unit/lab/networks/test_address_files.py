"""Invented networks: many, apart from each other, nobody's, and the same in every run."""

from ipaddress import ip_network
from itertools import pairwise

from hunter.lab.networks.address_files import invented_networks

NOBODYS = (ip_network("240.0.0.0/4"), ip_network("2001:db8::/32"))


def test_networks_are_distinct_and_lie_where_nobody_is() -> None:
    networks = [row.network for row in invented_networks(20_000)]

    assert len(set(networks)) == 20_000
    ipv4 = sorted(network for network in networks if network.version == 4)
    assert all(int(one.broadcast_address) < int(other.network_address) for one, other in pairwise(ipv4))
    assert {network.version for network in networks} == {4, 6}
    assert all(end in NOBODYS[network.version == 6] for network in networks for end in (network[0], network[-1]))


def test_the_same_seed_gives_the_same_networks_and_another_one_others() -> None:
    assert list(invented_networks(100, seed=3)) == list(invented_networks(100, seed=3))
    assert list(invented_networks(100, seed=3)) != list(invented_networks(100, seed=4))


def test_every_kind_of_use_and_of_proxy_occurs() -> None:
    rows = list(invented_networks(2_000))

    assert {row.usage_type for row in rows} >= {"DCH", "COM", "RES", "MOB", "-"}
    assert {row.proxy_type for row in rows} == {"-", "VPN", "TOR", "DCH"}

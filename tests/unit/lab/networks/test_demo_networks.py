"""The demo's networks: documentation addresses of documentation networks, and every address of the demo in one."""

from ipaddress import ip_address, ip_network
from itertools import combinations

from hunter.lab.networks.demo_networks import demo_networks
from hunter.lab.world_sources.choosing import DemoWorldSource, build_world

FOR_DOCUMENTATION = [ip_network(text) for text in ("203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32")]


def test_networks_and_their_numbers_are_those_for_documentation() -> None:
    for row in demo_networks():
        assert any(row.network[0] in one and row.network[-1] in one for one in FOR_DOCUMENTATION)
        assert 64_496 <= row.asn <= 64_511


def test_no_two_networks_overlap() -> None:
    for one, other in combinations(demo_networks(), 2):
        assert not one.network.overlaps(other.network)


def test_own_mail_servers_of_the_demo_lie_in_a_known_network() -> None:
    networks = [row.network for row in demo_networks()]
    for text in ("203.0.113.23", "203.0.113.24", "203.0.113.33", "203.0.113.37", "203.0.113.44", "2001:db8:90::33"):
        address = ip_address(text)
        assert any(address in network for network in networks)


def test_the_demo_world_can_be_built_beside_them() -> None:
    assert build_world(DemoWorldSource()) is not None

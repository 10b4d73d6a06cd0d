"""Who is answered, and under which names, decided on texts alone."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.errors import InvalidInput
from hunter.edge.access import (
    AccessPolicy,
    access_policy,
    client_address,
    host_in_header,
    is_allowed_client,
    is_allowed_host,
    is_foreign_origin,
    is_trusted_proxy,
)

POLICY = access_policy(hosts=("Hunter.Firma.example",), trusted_proxies=("10.0.0.1/32", "fd00::1/128"))


@pytest.mark.parametrize(
    ("address", "is_answered"),
    [
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("10.20.30.40", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("fd12::1", True),
        ("fe80::1", True),
        ("192.0.2.1", False),
        ("100.64.0.1", False),
        ("2001:db8::1", False),
        ("0.0.0.0", False),
    ],
)
def test_loopback_and_private_networks_are_answered(address: str, is_answered: bool) -> None:
    assert is_allowed_client(POLICY, ip_address(address)) is is_answered


def test_an_ipv4_address_inside_an_ipv6_one_is_that_address() -> None:
    assert str(client_address(POLICY, "::ffff:203.0.113.7", ())) == "203.0.113.7"
    assert not is_allowed_client(POLICY, client_address(POLICY, "::ffff:203.0.113.7", ()))
    assert is_allowed_client(POLICY, client_address(POLICY, "::ffff:10.2.3.4", ()))


def test_nobody_is_no_client() -> None:
    assert client_address(POLICY, None, ("10.1.1.1",)) is None
    assert not is_allowed_client(POLICY, None)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.168.1.9", ("10.9.9.9",), "192.168.1.9"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("10.0.0.1", ("192.168.1.9, 203.0.113.7",), "203.0.113.7"),
        ("10.0.0.1", ("192.168.1.9", "203.0.113.7, 10.0.0.1"), "203.0.113.7"),
        ("10.0.0.1", ("192.168.1.9:51000",), "192.168.1.9"),
        ("10.0.0.1", ("[fd12::9]:443",), "fd12::9"),
        ("fd00::1", ("192.168.1.9, 10.0.0.1",), "192.168.1.9"),
        ("10.0.0.1", ("10.0.0.1, 10.0.0.1",), "10.0.0.1"),
        ("10.0.0.1", ("unknown",), None),
        ("10.0.0.1", ("_hidden, 10.0.0.1",), None),
        ("10.0.0.1", (", ".join(["10.0.0.1"] * 21),), None),
    ],
)
def test_a_chain_of_proxies_is_read_from_its_near_end(
    peer: str, forwarded: tuple[str, ...], client: str | None
) -> None:
    found = client_address(POLICY, peer, forwarded)
    assert (str(found) if found else None) == client


def test_only_trusted_proxies_are_believed() -> None:
    assert is_trusted_proxy(POLICY, "10.0.0.1")
    assert not is_trusted_proxy(POLICY, "10.0.0.2")
    assert not is_trusted_proxy(POLICY, None)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:8000", "localhost"),
        ("firma.example.", "firma.example"),
        ("[::1]", "::1"),
        ("[::1]:8000", "::1"),
        ("", None),
        (":8000", None),
        ("localhost:", None),
        ("localhost:80x", None),
        ("localhost:123456", None),
        ("::1", None),
        ("[::1", None),
        ("[localhost]", None),
        ("[::1]x", None),
        ("user@localhost", None),
        ("localhost/path", None),
        ("localhost evil.example", None),
        ("localhost\\@evil.example", None),
    ],
)
def test_a_host_header_is_one_name_and_nothing_else(header: str, name: str | None) -> None:
    assert host_in_header(header) == name


@given(st.text())
def test_no_host_header_gets_in_by_accident(header: str) -> None:
    if is_allowed_host(POLICY, header):
        plain = header.strip().lower().rpartition(":")[0] or header.strip().lower()
        known = {*POLICY.allowed_hosts, "[::1]", *(f"{name}." for name in POLICY.allowed_hosts)}
        assert {header.strip().lower(), plain} & known


@pytest.mark.parametrize(
    ("origin", "is_foreign"),
    [
        ("http://localhost:8000", False),
        ("https://hunter.firma.example", False),
        ("http://[::1]:8000", False),
        ("https://firma.example", True),
        ("https://hunter.firma.example.evil.example", True),
        ("null", True),
        ("", True),
        ("chrome-extension://localhost", True),
        ("localhost", True),
    ],
)
def test_the_origin_of_a_page_is_ours_or_foreign(origin: str, is_foreign: bool) -> None:
    assert is_foreign_origin(POLICY, origin) is is_foreign


@pytest.mark.parametrize("network", ["firma.example", "10.0.0.0/33", "10.0.0.1/24", ""])
def test_what_is_no_network_is_refused_with_its_text(network: str) -> None:
    with pytest.raises(InvalidInput, match="is no network"):
        access_policy(networks=(network,))


def test_the_names_of_this_machine_need_not_be_told() -> None:
    policy: AccessPolicy = access_policy()
    assert policy.allowed_hosts == {"localhost", "127.0.0.1", "::1"}

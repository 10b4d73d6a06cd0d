"""The list of targets that are let through although they are not public."""

from ipaddress import ip_address

import pytest

from hunter.outbound.targets import NO_TARGETS, InvalidTarget, parse_targets

LOOPBACK = ip_address("127.0.0.1")


def test_nothing_is_allowed_unless_it_is_named() -> None:
    assert not NO_TARGETS.allows("localhost", LOOPBACK, 80)


@pytest.mark.parametrize(
    ("text", "host", "address", "port", "is_allowed"),
    [
        ("127.0.0.0/8", "anything.example", "127.9.9.9", 1234, True),
        ("127.0.0.0/8", "anything.example", "128.0.0.1", 1234, False),
        ("127.0.0.1:4343", "127.0.0.1", "127.0.0.1", 4343, True),
        ("127.0.0.1:4343", "127.0.0.1", "127.0.0.1", 4344, False),
        ("[::1]:4343", "::1", "::1", 4343, True),
        ("::1", "::1", "::1", 9, True),
        ("lab.example", "LAB.example.", "10.0.0.1", 80, True),
        ("lab.example:43", "lab.example", "10.0.0.1", 43, True),
        ("lab.example:43", "lab.example", "10.0.0.1", 80, False),
        ("lab.example", "not-lab.example", "10.0.0.1", 80, False),
        ("lab.example", "sub.lab.example", "10.0.0.1", 80, False),
    ],
)
def test_a_target_is_allowed_at_its_port(text: str, host: str, address: str, port: int, is_allowed: bool) -> None:
    assert parse_targets([text]).allows(host, ip_address(address), port) is is_allowed


@pytest.mark.parametrize("text", ["", ":80", "10.0.0.0/33", "a b", "host:0", "host:65536", "host:x", "-", "http://x/"])
def test_what_is_no_target_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidTarget) as error:
        parse_targets([text])
    assert repr(text)[1:-1] in str(error.value)


def test_a_list_grows_by_one_target_at_one_port() -> None:
    allowed = NO_TARGETS.with_target("::1", 4343)
    assert allowed.allows("::1", ip_address("::1"), 4343)
    assert not allowed.allows("::1", ip_address("::1"), 4344)

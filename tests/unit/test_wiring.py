"""Wiring: which servers are asked how fast, and how a server is written."""

from pathlib import Path

import pytest

from hunter import wiring
from hunter.core.errors import InvalidInput, Unavailable
from hunter.settings import Settings
from hunter.wiring import load_catalogue, plan_questions, server_address


def test_public_servers_of_the_settings_are_asked_within_both_limits() -> None:
    plan = plan_questions(Settings())
    assert plan.analyses_per_second == 10.0
    first = plan.upstreams[0]
    assert (first.host, first.port, first.questions_per_second) == ("8.8.8.8", 53, 500.0)
    assert all(one.randomises_case for one in plan.upstreams)


def test_private_and_loopback_servers_are_asked_without_limit() -> None:
    plan = plan_questions(Settings(dns_servers=("10.0.0.53", "127.0.0.1:5300", "[::1]:5300")))
    assert plan.analyses_per_second == 0.0
    assert {one.questions_per_second for one in plan.upstreams} == {0.0}
    assert not any(one.randomises_case for one in plan.upstreams)


def test_one_public_server_among_private_ones_sets_the_pace() -> None:
    plan = plan_questions(Settings(dns_servers=("10.0.0.53", "9.9.9.9")))
    assert plan.analyses_per_second == 10.0
    assert [one.questions_per_second for one in plan.upstreams] == [0.0, 500.0]


def test_a_named_server_is_asked_without_limit_even_if_it_is_public() -> None:
    plan = plan_questions(Settings(), ["9.9.9.9", "localhost:5300"])
    assert plan.analyses_per_second == 0.0
    assert [(one.host, one.port, one.questions_per_second) for one in plan.upstreams] == [
        ("9.9.9.9", 53, 0.0),
        ("localhost", 5300, 0.0),
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        (" 192.0.2.1:5353 ", ("192.0.2.1", 5353)),
        ("dns.firma.example", ("dns.firma.example", 53)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_a_server_may_be_written_with_and_without_a_port(text: str, address: tuple[str, int]) -> None:
    assert server_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":53", "192.0.2.1:0", "192.0.2.1:65536", "a:b", "a:-1", "[::1]53", "a b"]
)
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="server"):
        server_address(text)


def test_missing_catalogues_are_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "LOCALE_FOLDER", Path("no-such-folder"))
    with pytest.raises(Unavailable, match=r"\./hunter"):
        load_catalogue("tr")

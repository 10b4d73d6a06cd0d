"""The guard over real sockets: names are pinned, certificates still prove them, and no proxy is asked."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from hunter.collectors.registration.registration import Outcome
from hunter.lab.registry.running import RunningRegistry
from hunter.outbound.guard import Guard, TargetRefused
from hunter.outbound.targets import parse_targets
from tests.integration.registration.conftest import OpenCollector


class Loopback:
    """Resolves every name to this machine, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return ["127.0.0.1"]


def base(registry: RunningRegistry, host: str) -> str:
    return f"https://{host}:{registry.ports.rdap_tls}/rdap"


async def test_a_named_server_keeps_its_name_in_tls(open_collector: OpenCollector, registry: RunningRegistry) -> None:
    names = Loopback()
    async with open_collector(rdap_base=base(registry, "rdap.example"), resolve=names) as collector:
        found = await asyncio.gather(*(collector.look_up("well.example", is_fresh=True) for _ in range(20)))
    assert {one.tried for one in found} == {("rdap: found",)}
    assert set(names.asked) == {"rdap.example"}


async def test_a_name_is_looked_up_once(open_collector: OpenCollector, registry: RunningRegistry) -> None:
    names = Loopback()
    async with open_collector(rdap_base=base(registry, "rdap.example"), resolve=names) as collector:
        for _ in range(5):
            await collector.look_up("well.example", is_fresh=True)
    assert names.asked == ["rdap.example"]


async def test_a_certificate_of_another_name_is_not_accepted(
    open_collector: OpenCollector, registry: RunningRegistry
) -> None:
    async with open_collector(rdap_base=base(registry, "other.example"), resolve=Loopback()) as collector:
        assert (await collector.look_up("well.example")).tried == ("rdap: network", "whois: found")


async def test_a_certificate_that_nobody_trusts_is_not_accepted(open_collector: OpenCollector) -> None:
    async with open_collector(tls=None) as collector:
        assert (await collector.look_up("well.example")).tried == ("rdap: network", "whois: found")


async def test_a_public_name_that_points_inside_is_refused(
    open_collector: OpenCollector, registry: RunningRegistry
) -> None:
    # The bootstrap data name a public server; whoever rules its name lets it point to this machine.
    async with open_collector(rdap_base=None, resolve=Loopback()) as collector:
        assert (await collector.look_up("ornek-hunter.com")).tried[0] == "rdap: refused_by_guard"


async def test_the_environment_cannot_lead_a_call_astray(
    open_collector: OpenCollector, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    async with open_collector() as collector:
        assert (await collector.look_up("well.example")).tried == ("rdap: found",)


async def test_naming_a_server_allows_its_port_only(registry: RunningRegistry) -> None:
    guard = Guard(parse_targets([registry.whois_server]))
    _, writer = await guard.open("127.0.0.1", registry.ports.whois, limit_bytes=1000)
    writer.close()
    with pytest.raises(TargetRefused):
        await guard.open("127.0.0.1", registry.ports.rdap, limit_bytes=1000)


async def test_an_address_that_does_not_answer_gives_way_to_the_next(
    open_collector: OpenCollector, registry: RunningRegistry
) -> None:
    async def two_addresses(host: str, port: int) -> Sequence[str]:
        # Nobody listens on the first one.
        return ["127.0.0.2", "127.0.0.1"]

    async with open_collector(rdap_base=base(registry, "rdap.example"), resolve=two_addresses) as collector:
        assert (await collector.look_up("well.example")).outcome is Outcome.FOUND

"""Renewing the bootstrap data over a real socket, into a real folder."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hunter.collectors.registration.bootstrap import BOOTSTRAP_FILE, load_bootstrap, refresh
from hunter.core.errors import InvalidInput, Unavailable
from hunter.lab.registry.registrations import RegistryWorld
from hunter.lab.registry.running import RunningRegistry, start_registry
from hunter.outbound.guard import Guard
from hunter.outbound.targets import parse_targets

LABELS = [f"label{number}" for number in range(600)]
Publish = Callable[[bytes], RunningRegistry]


def data(year: int) -> bytes:
    services = [[LABELS, ["https://rdap.a-hunter.net/"]]]
    return json.dumps({"version": "1.0", "publication": f"{year}-01-01T00:00:00Z", "services": services}).encode()


@pytest.fixture
def publish() -> Iterator[Publish]:
    """Starts a server that publishes bootstrap data."""
    with ExitStack() as running:
        yield lambda content: running.enter_context(start_registry(RegistryWorld(bootstrap=content)))


def from_server(server: RunningRegistry) -> tuple[Guard, str]:
    target = f"127.0.0.1:{server.ports.rdap}"
    return Guard(parse_targets([target])), f"http://{target}/rdap/dns.json"


async def test_newer_data_are_kept_and_used(publish: Publish, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    guard, address = from_server(publish(data(2099)))
    refreshed = await refresh(folder, guard, address=address)
    assert (refreshed.entries, refreshed.is_newer, refreshed.publication.year) == (600, True, 2099)
    assert load_bootstrap(folder).bases_for("a.label7") == ("https://rdap.a-hunter.net/",)
    assert [path.name for path in folder.iterdir()] == [BOOTSTRAP_FILE]


async def test_older_data_change_nothing(publish: Publish, tmp_path: Path) -> None:
    guard, address = from_server(publish(data(2001)))
    assert (await refresh(tmp_path, guard, address=address)).is_newer is False
    assert list(tmp_path.iterdir()) == []
    assert load_bootstrap(tmp_path) == load_bootstrap()


@pytest.mark.parametrize("content", [b"<html></html>", data(2099)[:2000], b'{"services": []}'])
async def test_what_is_no_bootstrap_data_leaves_what_was_there(
    publish: Publish, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / BOOTSTRAP_FILE).write_bytes(data(2098))
    guard, address = from_server(publish(content))
    with pytest.raises(InvalidInput, match="RDAP bootstrap data"):
        await refresh(tmp_path, guard, address=address)
    assert load_bootstrap(tmp_path).publication.year == 2098


async def test_endless_data_are_given_up(publish: Publish, tmp_path: Path) -> None:
    guard, address = from_server(publish(b" " * (5 << 20)))
    with pytest.raises(Unavailable, match="more than"):
        await refresh(tmp_path, guard, address=address)
    assert list(tmp_path.iterdir()) == []


async def test_a_server_that_nobody_allowed_is_not_asked(publish: Publish, tmp_path: Path) -> None:
    _, address = from_server(publish(data(2099)))
    with pytest.raises(Unavailable, match="not public"):
        await refresh(tmp_path, Guard(), address=address)


def test_a_damaged_copy_is_named(tmp_path: Path) -> None:
    (tmp_path / BOOTSTRAP_FILE).write_bytes(b"{")
    with pytest.raises(InvalidInput, match=BOOTSTRAP_FILE):
        load_bootstrap(tmp_path)


@pytest.mark.parametrize("damaged", [b"{", b"", b"\xff\xfe", data(2099)[:2000]], ids=range(4))
async def test_a_damaged_copy_is_replaced(publish: Publish, tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / BOOTSTRAP_FILE).write_bytes(damaged)
    # Older than what was shipped: what counts is that a scan can begin again.
    guard, address = from_server(publish(data(2001)))
    assert (await refresh(tmp_path, guard, address=address)).is_newer is True
    assert load_bootstrap(tmp_path) == load_bootstrap()


async def test_an_address_that_is_no_host_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="xn--a"):
        await refresh(tmp_path, Guard(), address="https://xn--a/dns.json")

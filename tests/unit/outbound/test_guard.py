"""The guard: which hosts may be called, and that a name is looked up once."""

import asyncio
from collections.abc import Sequence

import pytest

from hunter.outbound.guard import Guard, NameUnresolved, PinnedTarget, TargetRefused
from hunter.outbound.targets import parse_targets


class Names:
    """A resolver of names that are handed to it; it counts the look-ups."""

    def __init__(self, **addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        found = self.addresses.get(host.partition(".")[0])
        if found is None:
            raise OSError("no such name")
        return found


def pin(guard: Guard, host: str, port: int = 443) -> PinnedTarget:
    return asyncio.run(guard.pin(host, port))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "::1", "[::1]", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "inside.example", "fe80::1%lo"),
    ],
)
def test_a_host_that_is_not_public_is_refused(host: str) -> None:
    guard = Guard(resolve=Names(inside=["192.168.0.4", "fd00::4"]))
    with pytest.raises(TargetRefused):
        pin(guard, host)


@pytest.mark.parametrize("host", ["", "a" * 254, ".", "a b", "%5b", "a..b", "ş.example", "a/b", "a@b", "a\x00b"])
def test_what_is_no_host_is_refused_without_a_look_up(host: str) -> None:
    names = Names()
    with pytest.raises(TargetRefused):
        pin(Guard(resolve=names), host)
    assert names.asked == []


def test_only_the_public_addresses_of_a_name_are_given() -> None:
    guard = Guard(resolve=Names(mixed=["10.0.0.1", "8.8.8.8", "8.8.8.8", "::1"]))
    assert pin(guard, "mixed.example") == PinnedTarget("mixed.example", 443, ("8.8.8.8",))


def test_a_name_that_changes_its_address_stays_where_it_was_checked() -> None:
    names = Names(rebound=["8.8.8.8"])
    guard = Guard(resolve=names)

    async def twice() -> tuple[PinnedTarget, PinnedTarget]:
        first = await guard.pin("rebound.example", 443)
        names.addresses["rebound"] = ["127.0.0.1"]
        return first, await guard.pin("REBOUND.example.", 443)

    first, second = asyncio.run(twice())
    assert (first, len(names.asked)) == (second, 1)


def test_a_name_that_was_never_checked_at_this_port_is_checked() -> None:
    names = Names(lab=["127.0.0.1"])
    guard = Guard(parse_targets(["lab.example:43"]), resolve=names)
    assert pin(guard, "lab.example", 43).addresses == ("127.0.0.1",)
    with pytest.raises(TargetRefused):
        pin(guard, "lab.example", 80)


def test_a_name_without_address_is_unresolved_and_not_refused() -> None:
    with pytest.raises(NameUnresolved):
        pin(Guard(resolve=Names(empty=[])), "empty.example")
    with pytest.raises(NameUnresolved):
        pin(Guard(resolve=Names()), "missing.example")

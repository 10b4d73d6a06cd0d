"""Settings of the embedded PostgreSQL: each said once with its reason, sized by the machine, safe as shipped."""

from pathlib import Path

import pytest

from hunter.servers.postgres_settings import MEBIBYTE, Machine, ours, settings_file, settings_for

GIBIBYTE = 1024 * MEBIBYTE
LAPTOP = Machine(memory_bytes=16 * GIBIBYTE, shared_memory_bytes=8 * GIBIBYTE)


def value(name: str, machine: Machine = LAPTOP, *, fsync: bool = True) -> str:
    (found,) = [setting.value for setting in settings_for(machine, fsync=fsync) if setting.name == name]
    return found


def test_every_setting_is_said_once_and_has_a_reason() -> None:
    settings = settings_for(LAPTOP, fsync=True)
    assert len({setting.name for setting in settings}) == len(settings)
    assert [setting.name for setting in settings if len(setting.reason) < 20] == []


@pytest.mark.parametrize(("gibibytes", "expected"), [(1, "128MB"), (4, "512MB"), (8, "1024MB"), (256, "1024MB")])
def test_an_eighth_of_the_memory_is_for_its_pages_within_bounds(gibibytes: int, expected: str) -> None:
    assert value("shared_buffers", Machine(gibibytes * GIBIBYTE, GIBIBYTE)) == expected


def test_a_container_with_little_shared_memory_uses_files() -> None:
    assert value("dynamic_shared_memory_type", Machine(GIBIBYTE, 64 * MEBIBYTE)) == "mmap"
    assert value("dynamic_shared_memory_type") == "posix"


def test_only_fsync_and_full_pages_are_given_up_for_tests() -> None:
    safe, quick = settings_for(LAPTOP, fsync=True), settings_for(LAPTOP, fsync=False)
    changed = {one.name: (one.value, other.value) for one, other in zip(safe, quick, strict=True) if one != other}
    assert changed == {"fsync": ("on", "off"), "full_page_writes": ("on", "off")}
    assert value("synchronous_commit") == "on"


def test_the_file_holds_each_setting_below_its_reason() -> None:
    lines = settings_file(settings_for(LAPTOP, fsync=True)).splitlines()
    place = lines.index("jit = 'off'")
    assert lines[place - 1].startswith("# Compiling costs more")


def test_no_file_can_open_a_port() -> None:
    arguments = ours(settings=Path("settings"), sockets=Path("sockets"))
    assert "--listen_addresses=" in arguments
    assert "--unix_socket_directories=sockets" in arguments

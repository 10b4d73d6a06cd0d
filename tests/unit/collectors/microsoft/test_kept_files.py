"""Answers kept between runs: all three states, for their time, and no trouble of a disk is ever more than a miss."""

from pathlib import Path

import pytest

from hunter.collectors.microsoft.kept_files import FileStore
from hunter.core.evidence import Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.core.snapshot_microsoft import read_tenant, write_tenant

FOUND = Found(Tenant("0f2b", "EU", None, "microsoftonline.com", "firma.example"), ("https://issuer",))


class Watch:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def store(folder: Path, clock: Watch | None = None) -> FileStore[Tenant]:
    return FileStore(folder, write=write_tenant, read=read_tenant, clock=clock or Watch())


@pytest.mark.parametrize("signal", [FOUND, Absent("no_tenant", ("text",)), Unknown("timeout")])
async def test_the_next_process_finds_what_was_kept(tmp_path: Path, signal: Signal[Tenant]) -> None:
    await store(tmp_path).put("firma.example", signal, 60)
    assert await store(tmp_path).get("firma.example") == signal
    assert await store(tmp_path).get("baska.example") is None


async def test_what_is_too_old_is_asked_again(tmp_path: Path) -> None:
    clock = Watch()
    kept = store(tmp_path, clock)
    await kept.put("firma.example", FOUND, 60)
    clock.now += 60
    assert await kept.get("firma.example") is None


async def test_a_longest_name_can_be_kept(tmp_path: Path) -> None:
    name = ".".join(["a" * 60] * 4) + ".example"
    await store(tmp_path).put(name, FOUND, 60)
    assert await store(tmp_path).get(name) == FOUND


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"name": "firma.example", "until": "x", "signal": {}}']
)
async def test_a_damaged_file_is_a_miss(tmp_path: Path, content: bytes) -> None:
    kept = store(tmp_path)
    await kept.put("firma.example", FOUND, 60)
    [path] = tmp_path.rglob("*.json")
    path.write_bytes(content)
    assert await kept.get("firma.example") is None


async def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    kept = store(tmp_path / "file")
    await kept.put("firma.example", FOUND, 60)
    assert await kept.get("firma.example") is None

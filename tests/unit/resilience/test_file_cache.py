"""Answers cached between runs: no trouble of a disk is ever more than a miss."""

import json
from pathlib import Path
from typing import Any

import pytest

from hunter.resilience.cache_store import CacheCodec, CacheHit
from hunter.resilience.file_cache import FileCache
from tests.unit.resilience.clock import Clock

CODEC: CacheCodec[Any] = CacheCodec(lambda value: {"text": value}, lambda written: written["text"])


def cache_in(folder: Path, clock: Clock | None = None) -> FileCache[Any]:
    return FileCache(folder, CODEC, clock=clock or Clock())


async def test_the_next_process_finds_what_was_cached(tmp_path: Path) -> None:
    await cache_in(tmp_path).put("firma.example", "Çınar", 60)
    assert await cache_in(tmp_path).get("firma.example") == CacheHit("Çınar")


async def test_what_is_too_old_is_a_miss(tmp_path: Path) -> None:
    clock = Clock()
    cache = cache_in(tmp_path, clock)
    await cache.put("firma.example", "x", 60)
    clock.now += 60
    assert await cache.get("firma.example") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b'{"name": "firma.example", "until": "x", "value": {"text": 1}}'],
    ids=["empty", "bytes", "list", "object", "deep", "time"],
)
async def test_a_damaged_file_is_a_miss(tmp_path: Path, content: bytes) -> None:
    cache = cache_in(tmp_path)
    await cache.put("firma.example", "x", 60)
    [path] = tmp_path.rglob("*.json")
    path.write_bytes(content)
    assert await cache.get("firma.example") is None


async def test_the_file_of_another_name_is_a_miss(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    await cache.put("firma.example", "x", 60)
    [path] = tmp_path.rglob("*.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "name": "baska.example"}))
    assert await cache.get("firma.example") is None


async def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    cache = cache_in(tmp_path / "file")
    await cache.put("firma.example", "x", 60)
    assert await cache.get("firma.example") is None
    await cache.forget("firma.example")

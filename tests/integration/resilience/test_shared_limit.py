"""Buckets in files: several processes keep one limit together."""

import asyncio
import fcntl
import threading
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from struct import pack
from time import monotonic

import pytest

from hunter.resilience.file_buckets import FileBuckets
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.token_bucket import RateLimit

PER_SECOND = 100.0
LIMIT = RateLimit("whois", PER_SECOND, PER_SECOND)


async def _acts(folder: Path, count: int) -> list[float]:
    buckets = FileBuckets(folder)
    limiter = RateLimiter("whois", PER_SECOND, buckets)
    moments: list[float] = []

    async def act() -> None:
        await limiter.acquire()
        moments.append(monotonic())

    await asyncio.gather(*(act() for _ in range(count)))
    buckets.close()
    return moments


def _in_child(folder: Path, count: int, reports: "SimpleQueue[list[float]]") -> None:
    reports.put(asyncio.run(_acts(folder, count)))


def test_two_processes_keep_one_limit(tmp_path: Path) -> None:
    context = get_context("spawn")
    reports: SimpleQueue[list[float]] = context.SimpleQueue()
    children = [context.Process(target=_in_child, args=(tmp_path, 150, reports)) for _ in range(2)]
    for child in children:
        child.start()
    moments = sorted([*reports.get(), *reports.get()])
    for child in children:
        child.join()
    assert len(moments) == 300
    # A burst of one second's worth, and 200 acts in two seconds behind it.
    steady = moments[150:]
    rate = (len(steady) - 1) / (steady[-1] - steady[0])
    assert PER_SECOND * 0.9 < rate < PER_SECOND * 1.05


def test_nobody_takes_a_token_while_another_process_does(tmp_path: Path) -> None:
    taken = threading.Event()

    async def take() -> None:
        await FileBuckets(tmp_path).take(LIMIT)
        taken.set()

    with (tmp_path / "whois.bucket").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=lambda: asyncio.run(take()))
        thread.start()
        assert not taken.wait(0.3)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert taken.wait(5)
    thread.join()


@pytest.mark.parametrize(
    "state",
    [b"", b"short", b"\xff" * 16, pack("<dd", float("inf"), 0), pack("<dd", -1e9, 0)],
    ids=["empty", "short", "nan", "endless", "debt"],
)
async def test_a_state_that_cannot_be_true_begins_full(tmp_path: Path, state: bytes) -> None:
    (tmp_path / "whois.bucket").write_bytes(state)
    buckets = FileBuckets(tmp_path)
    slow = RateLimit("whois", 0.001, 2)
    assert [await buckets.take(slow) == 0 for _ in range(3)] == [True, True, False]
    buckets.close()


async def test_a_clock_that_began_anew_stops_nobody_for_long(tmp_path: Path) -> None:
    (tmp_path / "whois.bucket").write_bytes(pack("<dd", 0.0, 1e12))
    buckets = FileBuckets(tmp_path)
    assert 0 < await buckets.take(LIMIT) <= 0.01
    buckets.close()


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        FileBuckets(tmp_path / "file").open("whois")

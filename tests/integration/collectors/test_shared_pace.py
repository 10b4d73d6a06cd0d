"""One pace for several processes: the limit holds for all of them together."""

import asyncio
import fcntl
import threading
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from struct import pack
from time import monotonic

import pytest

from hunter.collectors.shared_pace import SharedPace
from hunter.core.errors import Unavailable

PER_SECOND = 100.0


async def _acts(folder: Path, count: int) -> list[float]:
    pace = SharedPace(folder, "registration", PER_SECOND)
    moments: list[float] = []

    async def act() -> None:
        await pace.wait()
        moments.append(monotonic())

    await asyncio.gather(*(act() for _ in range(count)))
    pace.close()
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


def test_nobody_takes_a_place_while_another_process_does(tmp_path: Path) -> None:
    taken = threading.Event()

    async def take() -> None:
        await SharedPace(tmp_path, "registration", PER_SECOND).wait()
        taken.set()

    with (tmp_path / "registration.pace").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=lambda: asyncio.run(take()))
        thread.start()
        assert not taken.wait(0.3)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert taken.wait(5)
    thread.join()


async def test_a_rest_allows_one_seconds_worth_at_once(tmp_path: Path) -> None:
    since = monotonic()
    moments = await _acts(tmp_path, 120)
    assert moments[99] - since < 0.1
    assert 0.15 < moments[119] - since < 0.4


async def test_callers_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    pace = SharedPace(tmp_path, "registration", PER_SECOND)
    served: list[int] = []

    async def act(number: int) -> None:
        await pace.wait()
        served.append(number)

    await asyncio.gather(*(act(number) for number in range(130)))
    pace.close()
    assert served == list(range(130))


@pytest.mark.parametrize(
    "state", [b"", b"short", pack("<d", 1e12), b"\xff" * 8], ids=["empty", "short", "future", "nan"]
)
async def test_a_state_that_cannot_be_true_begins_anew(tmp_path: Path, state: bytes) -> None:
    (tmp_path / "registration.pace").write_bytes(state)
    since = monotonic()
    moments = await _acts(tmp_path, 50)
    assert moments[-1] - since < 0.2


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="file"):
        SharedPace(tmp_path / "file", "registration", 5)


def test_a_pace_without_a_limit_is_no_pace(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="limit"):
        SharedPace(tmp_path, "registration", 0)


async def test_a_turn_that_does_not_come_in_time_is_not_taken(tmp_path: Path) -> None:
    pace = SharedPace(tmp_path, "microsoft", 0.5)
    assert await pace.take(0.1)
    assert not await pace.take(0.1)
    # Had the refused turn been taken, the next one would be four seconds away.
    assert await pace.take(2.5)
    pace.close()


async def test_who_waits_behind_others_gives_up_in_time(tmp_path: Path) -> None:
    pace = SharedPace(tmp_path, "microsoft", 1.0)
    assert await pace.take(0.0)
    waiting, late = await asyncio.gather(pace.take(5.0), pace.take(0.2))
    assert (waiting, late) == (True, False)
    pace.close()

"""A child process with limits: what it yields, and why it was ended, told by cause."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from hunter.documents.child import run_in_child
from hunter.documents.errors import UnreadableFile, file_error
from hunter.documents.frames import FrameKind, write_frame
from hunter.documents.limits import MEBIBYTE, ChildLimits

LIMITS = ChildLimits(memory_bytes=256 * MEBIBYTE, cpu_seconds=2, wall_seconds=20, output_bytes=64 * MEBIBYTE)


def echoes(argument: Any) -> Iterator[Any]:
    yield argument
    yield b"\x00\xff" * 3
    yield ["Çınar", "\ud800", None, 1.5]


def names_environment(_: object) -> Iterator[Any]:
    yield sorted(os.environ)


def prints(_: object) -> Iterator[Any]:
    os.write(1, b"noise of a parser\n")
    print("more of it")
    yield "clean"


def refuses(_: object) -> Iterator[Any]:
    yield 1
    raise file_error("too_many_rows", {"limit": 5, "found": 7})


def takes_memory(_: object) -> Iterator[Any]:
    yield len(bytearray(512 * MEBIBYTE))


def takes_cpu(_: object) -> Iterator[Any]:
    yield "begun"
    while True:
        pass


def takes_time(_: object) -> Iterator[Any]:
    yield "begun"
    time.sleep(600)


def trickles(_: object) -> Iterator[Any]:
    while True:
        yield "a drop"
        time.sleep(0.2)


def raises(_: object) -> Iterator[Any]:
    yield from ()
    raise KeyError("a fault of ours")


def is_killed(argument: int) -> Iterator[Any]:
    yield from ()
    os.kill(os.getpid(), argument)


def floods(_: object) -> Iterator[Any]:
    while True:
        yield bytes(MEBIBYTE)


def writes_rubbish(_: object) -> Iterator[Any]:
    yield from ()
    with os.fdopen(3, "wb", closefd=False) as out:
        out.write(b"\x09" * 100)


def lies(_: object) -> Iterator[Any]:
    yield from ()
    with os.fdopen(3, "wb", closefd=False) as out:
        write_frame(out, FrameKind.REFUSED, {"problem": "rm -rf", "facts": [1]})


def writes_files(argument: str) -> Iterator[Any]:
    with open(argument, "wb") as file:
        yield file.write(bytes(MEBIBYTE))


def result(function: Any, argument: object = None, limits: ChildLimits = LIMITS) -> list[Any]:
    return list(run_in_child(function, argument, limits))


def problem(function: Any, argument: object = None, limits: ChildLimits = LIMITS) -> str:
    with pytest.raises(UnreadableFile) as caught:
        result(function, argument, limits)
    return caught.value.problem


def test_json_and_bytes_come_back_in_their_order() -> None:
    assert result(echoes, {"a": [1]}) == [{"a": [1]}, b"\x00\xff" * 3, ["Çınar", "?", None, 1.5]]


def test_the_child_sees_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_SECRET_KEY", "x")
    (names,) = result(names_environment)
    assert set(names) <= {"PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUTF8", "LC_CTYPE"}


def test_what_a_parser_prints_does_not_mix_with_the_results() -> None:
    assert result(prints) == ["clean"]


def test_a_refusal_comes_with_its_facts_after_what_was_yielded() -> None:
    with closing(run_in_child(refuses, None, LIMITS)) as messages:
        assert next(messages) == 1
        with pytest.raises(UnreadableFile) as caught:
            next(messages)
    assert (caught.value.problem, dict(caught.value.facts)) == ("too_many_rows", {"limit": 5, "found": 7})
    assert caught.value.code == "file_too_large"


def test_memory_is_limited() -> None:
    assert problem(takes_memory) == "memory"


def test_cpu_is_limited() -> None:
    assert problem(takes_cpu) == "too_slow"


def test_waiting_is_limited() -> None:
    assert problem(takes_time, limits=ChildLimits(wall_seconds=1)) == "too_slow"


def test_many_short_waits_are_a_long_one() -> None:
    assert problem(trickles, limits=ChildLimits(wall_seconds=1)) == "too_slow"


def test_the_time_in_which_the_child_waits_for_us_does_not_count() -> None:
    with closing(run_in_child(echoes, 1, ChildLimits(wall_seconds=2))) as messages:
        assert next(messages) == 1
        until = time.monotonic() + 2.2
        while time.monotonic() < until:
            signal.sigtimedwait([], 0.1)
        assert len(list(messages)) == 2


def test_output_is_limited() -> None:
    assert problem(floods) == "expands"


def test_a_fault_in_the_child_is_a_crash() -> None:
    assert problem(raises) == "crashed"


@pytest.mark.parametrize(("number", "cause"), [(signal.SIGSEGV, "crashed"), (signal.SIGKILL, "memory")])
def test_a_killed_child_is_told_by_its_signal(number: int, cause: str) -> None:
    assert problem(is_killed, number) == cause


@pytest.mark.parametrize("function", [writes_rubbish, lies])
def test_what_is_no_frame_of_ours_is_a_crash(function: Any) -> None:
    assert problem(function) == "crashed"


def test_the_child_writes_no_large_file(tmp_path: Any) -> None:
    assert problem(writes_files, str(tmp_path / "x")) == "crashed"


def test_closing_early_ends_the_child() -> None:
    others = set(_children())
    messages = run_in_child(takes_time, None, LIMITS)
    assert next(messages) == "begun"
    children = set(_children()) - others
    messages.close()
    assert children
    assert not children & set(_children())


def _children() -> list[int]:
    """Process ids of the children of this process, Linux only."""
    if sys.platform != "linux":
        return []
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]

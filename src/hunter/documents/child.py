"""Running a function in a child process with limits on memory, CPU and time, its results streamed back.

In: a function at the top of a module that takes one JSON value and yields JSON values or bytes. Out: what it yields.
The child sees none of our environment (secrets live there); whatever it does wrong is an `UnreadableFile` by cause.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, BinaryIO, Final

from hunter.documents.errors import FILE_PROBLEMS, SIZE_PROBLEMS, TYPE_PROBLEMS, UnreadableFile, file_error
from hunter.documents.frames import HEAD, LONGEST_FRAME, FrameKind
from hunter.documents.limits import ChildLimits

#: What the native parser prints when the system gives it no more memory.
_NO_MEMORY: Final = (b"memory allocation", b"MemoryError", b"capacity overflow", b"out of memory")
#: What it prints when the content breaks what it relies on.
_PANIC: Final = b"panicked at"
_PROBLEMS: Final = frozenset((*FILE_PROBLEMS, *SIZE_PROBLEMS, *TYPE_PROBLEMS))
_READ_BYTES: Final = 1 << 20
#: A child that has closed its pipe is at its end.
_SECONDS_TO_END: Final = 5.0
_LONGEST_REPORT: Final = 64 * 1024
_LONGEST_FACT: Final = 300

Task = Callable[[Any], Iterable[Any]]


def run_in_child(function: Task, argument: object, limits: ChildLimits) -> Generator[Any, None, None]:
    """Yield what the function yields in a process of its own; closing the iterator ends the process.

    Raises `UnreadableFile`: with the function's own problem, or `memory`, `too_slow`, `crashed`. Nothing that the
    child sends is trusted beyond its form: JSON values of any shape may come.
    """
    task = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "argument": argument,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
    }
    with tempfile.TemporaryFile() as order, tempfile.TemporaryFile() as report:
        order.write(json.dumps(task).encode("ascii"))
        order.seek(0)
        with closing(_Child(_start(order, report), report, limits)) as child:
            yield from child.messages()


def _start(order: Any, report: Any) -> "subprocess.Popen[bytes]":
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-m", "hunter.documents.child_process"],
        stdin=order,
        stdout=subprocess.PIPE,
        stderr=report,
        env={"PYTHONPATH": paths, "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"},
        cwd=os.sep,
        start_new_session=True,
    )


class _Child:
    """A running child and what is left of its limits."""

    def __init__(self, process: "subprocess.Popen[bytes]", report: BinaryIO, limits: ChildLimits) -> None:
        assert process.stdout is not None  # It was opened as a pipe.
        self._process = process
        self._pipe = process.stdout
        self._report = report
        self._patience = limits.wall_seconds
        self._bytes_left = limits.output_bytes
        self._buffer = bytearray()
        os.set_blocking(self._pipe.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)

    def messages(self) -> Iterator[Any]:
        """Yield JSON values and bytes up to the last frame."""
        while True:
            kind, length = HEAD.unpack(self._take(HEAD.size))
            if length > LONGEST_FRAME:
                raise UnreadableFile("crashed")
            body = self._take(length)
            if kind == FrameKind.END:
                return
            if kind == FrameKind.BYTES:
                yield body
            elif kind == FrameKind.JSON:
                yield _value(body)
            else:
                raise _refusal(_value(body))

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._selector.close()
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _take(self, wanted: int) -> bytes:
        while len(self._buffer) < wanted:
            self._read()
        taken = bytes(self._buffer[:wanted])
        del self._buffer[:wanted]
        return taken

    def _read(self) -> None:
        """Wait for more; the time it takes is the child's."""
        since = time.monotonic()
        is_ready = bool(self._selector.select(max(self._patience, 0)))
        self._patience -= time.monotonic() - since
        if not is_ready:
            raise file_error("too_slow")
        block = self._pipe.read(_READ_BYTES)
        if block is None:
            return
        if not block:
            raise self._cause_of_end()
        self._bytes_left -= len(block)
        if self._bytes_left < 0:
            raise file_error("expands")
        self._buffer += block

    def _cause_of_end(self) -> UnreadableFile:
        """Tell why the child ended without a last word."""
        try:
            code = self._process.wait(timeout=_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return file_error("crashed")
        self._report.seek(0)
        said = self._report.read(_LONGEST_REPORT)
        if code == -signal.SIGXCPU:
            return file_error("too_slow")
        # Nobody but the system kills it before it has ended: it does so where memory runs out.
        if code == -signal.SIGKILL or any(words in said for words in _NO_MEMORY):
            return file_error("memory")
        return file_error("damaged" if _PANIC in said else "crashed")


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("crashed") from error


def _refusal(told: Any) -> UnreadableFile:
    """Build the error that a child names, from what may be anything."""
    problem = told.get("problem") if isinstance(told, dict) else None
    if problem not in _PROBLEMS:
        return UnreadableFile("crashed")
    facts = told.get("facts")
    pairs = facts.items() if isinstance(facts, dict) else ()
    kept = {name: value for name, value in pairs if isinstance(value, int | str)}
    return file_error(
        problem, {name: value[:_LONGEST_FACT] if isinstance(value, str) else value for name, value in kept.items()}
    )

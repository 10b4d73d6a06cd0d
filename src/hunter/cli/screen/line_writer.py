"""Writes lines to standard output in a thread, so that a slow reader never delays an answer from the network.

In: lines. Out: the same lines in order, at the latest a twentieth of a second after they came. While the reader is
far behind, whoever hands in lines waits; when the reader is gone, `BrokenPipeError` is raised here.
"""

import asyncio
import threading
from collections import deque
from typing import BinaryIO, Final

#: A line waits at most so many seconds for others to be written with it.
LONGEST_WAIT_SECONDS: Final = 0.05
#: Characters that may lie unwritten before the sender has to wait.
MOST_UNWRITTEN: Final = 4_000_000
#: Seconds for the last lines when the scan was interrupted.
FAREWELL_SECONDS: Final = 0.5


class LineWriter:
    """One output stream and the thread that writes to it."""

    def __init__(self, stream: BinaryIO) -> None:
        # Unbuffered where possible: a thread that hangs in a buffered write would break the end of the process.
        self._stream = getattr(stream, "raw", stream)
        self._lines: deque[str] = deque()
        # Two counters, each changed by one thread only, need no lock.
        self._handed_in = 0
        self._written = 0
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._error: OSError | None = None
        # A daemon: a reader that neither reads nor goes must not keep this process alive.
        self._thread = threading.Thread(target=self._run, name="line-writer", daemon=True)
        self._thread.start()

    async def write(self, line: str) -> None:
        """Hand in one line without its end; waits while too much is unwritten."""
        self._raise_error()
        self._lines.append(line)
        self._handed_in += len(line)
        self._wake.set()
        while self._handed_in - self._written > MOST_UNWRITTEN and self._error is None:
            await asyncio.sleep(LONGEST_WAIT_SECONDS)

    def close(self, *, seconds: float | None = None) -> None:
        """Write what is left, for at most so many seconds; None waits for the reader as long as it takes."""
        self._closing.set()
        self._wake.set()
        self._thread.join(seconds)
        self._raise_error()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while self._lines or not self._closing.is_set():
                self._wake.wait()
                self._wake.clear()
                self._write_waiting()
        except OSError as error:
            self._error = error

    def _write_waiting(self) -> None:
        lines = self._lines
        taken = [lines.popleft() for _ in range(len(lines))]
        if not taken:
            return
        block = "\n".join(taken) + "\n"
        self._write_all(block.encode("utf-8", "backslashreplace"))
        self._written += len(block) - len(taken)
        # Lines that come meanwhile are written together: a write for each would cost more than the line.
        self._closing.wait(LONGEST_WAIT_SECONDS)

    def _write_all(self, block: bytes) -> None:
        unwritten = memoryview(block)
        while unwritten:
            unwritten = unwritten[self._stream.write(unwritten) or 0 :]

"""One pace for all processes of a machine that have no Redis: the state of a token bucket in a locked file (GCRA).

In: a folder that all of them share, and acts a second. Out: waiting until the next act may begin. Within a process
callers are served in the order they came; each process holds one place in the line, so a killed one costs one act.
"""

import asyncio
import os
import struct
import sys
from pathlib import Path
from time import monotonic
from typing import Final

from hunter.core.errors import Unavailable

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


#: When the next act may begin if all allowed ones before had been used, in seconds of the machine's monotonic clock.
_STATE: Final = struct.Struct("<d")
#: No line is that long, as each process holds one place: the machine has started anew and its clock with it.
_STALE_SECONDS: Final = 60.0
#: As many processes may wait at a pace so slow that their line is longer than that.
_LONGEST_LINE: Final = 100


class SharedPace:
    """Lets at most so many acts a second begin on this machine; one second's worth may begin at once after a rest."""

    def __init__(self, folder: Path, name: str, per_second: float) -> None:
        """Raises `Unavailable` where the folder cannot be written."""
        if per_second <= 0:
            raise ValueError("a shared pace needs a limit")
        path = folder / f"{name}.pace"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable(f"{path} cannot be opened: {error}") from error
        self._per_second = per_second
        self._turn = asyncio.Lock()

    def close(self) -> None:
        """Close the file; it stays for the others."""
        os.close(self._handle)

    async def wait(self) -> None:
        """Return when the next act may begin."""
        async with self._turn:
            seconds = self._take(None)
            if seconds > 0:
                await asyncio.sleep(seconds)

    async def take(self, within_seconds: float) -> bool:
        """Wait for the next act; False, without taking a place, where it may not begin within the time."""
        until = monotonic() + within_seconds
        try:
            async with asyncio.timeout(within_seconds):
                await self._turn.acquire()
        except TimeoutError:
            return False
        try:
            left = max(0.0, until - monotonic())
            seconds = self._take(left)
            if seconds > left:
                return False
            if seconds > 0:
                await asyncio.sleep(seconds)
            return True
        finally:
            self._turn.release()

    def _take(self, within: float | None) -> float:
        """Take the next place; return how long it is until then. The lock is held for some microseconds.

        Nothing is taken where that is longer than `within`.
        """
        _lock(self._handle)
        try:
            now = monotonic()
            written = self._read()
            interval = 1 / self._per_second
            due = written if written < now + max(_STALE_SECONDS, _LONGEST_LINE * interval) else 0.0
            due = max(due, now - max(1.0, interval)) + interval
            if within is not None and due - now > within:
                return due - now
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, _STATE.pack(due))
            return due - now
        finally:
            _unlock(self._handle)

    def _read(self) -> float:
        os.lseek(self._handle, 0, os.SEEK_SET)
        content = os.read(self._handle, _STATE.size)
        return float(_STATE.unpack(content)[0]) if len(content) == _STATE.size else 0.0

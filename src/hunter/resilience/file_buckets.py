"""Token buckets in files, for all processes of a machine that have no Redis: one small locked file for each limit.

In: a folder that all of them share. The lock is held for some microseconds. Times are those of the machine's monotonic
clock, which all its processes read alike; what a file of before a restart says is taken as `take_token` says.
"""

import os
import struct
import sys
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import quote

from hunter.resilience.token_bucket import Bucket, RateLimit, take_token

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


#: Tokens, and when they were counted.
_STATE: Final = struct.Struct("<dd")


class FileBuckets:
    """A `BucketStore` in a folder; the files stay for the others when it is closed."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._handles: dict[str, int] = {}

    def open(self, name: str) -> None:
        """Open the file of a limit, which `take` does otherwise; raises `OSError` where it cannot be used."""
        self._handle(name)

    def close(self) -> None:
        """Close all files."""
        while self._handles:
            os.close(self._handles.popitem()[1])

    async def take(self, limit: RateLimit) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one; raises `OSError`."""
        handle = self._handle(limit.name)
        _lock(handle)
        try:
            bucket, wait = take_token(_read(handle), limit, self._clock())
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, _STATE.pack(*bucket))
            return wait
        finally:
            _unlock(handle)

    def _handle(self, name: str) -> int:
        handle = self._handles.get(name)
        if handle is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{quote(name, safe='')}.bucket"
            handle = self._handles[name] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        return handle


def _read(handle: int) -> Bucket | None:
    """Return what the file holds; None where that can be no bucket."""
    os.lseek(handle, 0, os.SEEK_SET)
    content = os.read(handle, _STATE.size)
    if len(content) != _STATE.size:
        return None
    bucket = Bucket(*_STATE.unpack(content))
    return bucket if isfinite(bucket.tokens) and bucket.tokens >= 0 and isfinite(bucket.counted_at) else None

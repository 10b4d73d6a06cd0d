"""Locks on files, held by the operating system: whoever is killed holds nothing any more.

`only_one` is for the moments in which servers are started or stopped; `SharedLock` counts who uses them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock alone; waits for its holder."""
    handle = open_lock(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        # Closing gives the lock back.
        os.close(handle)


def open_lock(path: Path) -> int:
    """The lock file, made where it is missing; never inherited by a program that is started."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take(handle: int) -> bool:
    """Take the lock alone if nobody has a part in it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock alone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


class SharedLock:
    """One part of a lock that many may hold together."""

    def __init__(self, path: Path) -> None:
        self._handle = open_lock(path)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Whether nobody else has a part in it; to be asked under `only_one`, so that nobody comes in meanwhile."""
        return take(self._handle)

    def leave(self) -> None:
        """Give the part back."""
        os.close(self._handle)

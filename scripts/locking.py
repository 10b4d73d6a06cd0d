"""One set-up at a time: a lock on a file, held by the operating system, so a killed holder leaves nothing locked."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def take(handle: int) -> bool:
        """Take the lock if it is free."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def take(handle: int) -> bool:
        """Take the lock if it is free."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


SECONDS_BETWEEN_TRIES = 0.1


@contextmanager
def locked(path: Path, *, while_waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of this file; `while_waiting` is called once if somebody else holds it.

    The open file is inheritable: a child that is started with all inheritable files keeps the lock until it ends.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.set_inheritable(handle, True)
        if not take(handle):
            while_waiting()
            while not take(handle):
                time.sleep(SECONDS_BETWEEN_TRIES)
        yield
    finally:
        # Closing gives the lock back.
        os.close(handle)

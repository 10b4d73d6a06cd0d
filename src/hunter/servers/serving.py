"""One `hunter up` for a data folder: the place from which it serves, held by a lock, with its address written in it."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hunter.servers.errors import AlreadyServing
from hunter.servers.locks import is_held, open_lock, take
from hunter.servers.places import make_lock_folder


@contextmanager
def claim_serving(data_dir: Path, *, address: str) -> Iterator[None]:
    """Be the one who serves from this folder; raises `AlreadyServing` with the other's address.

    `address` is what people open in a browser, for example `http://127.0.0.1:8000`.
    """
    if sys.platform == "win32":
        # No lock of this kind there; the port can be taken only once all the same.
        yield
        return
    path = make_lock_folder(data_dir) / "serving"
    handle = open_lock(path)
    try:
        if not take(handle):
            raise _already_serving(path)
        _write(handle, json.dumps({"address": address, "pid": os.getpid()}))
        yield
    finally:
        os.close(handle)


def serving_address(data_dir: Path) -> str | None:
    """Where somebody serves from this folder now, or None; for commands that only want to say so."""
    other = serving_here(data_dir)
    return other.address if other is not None else None


def serving_here(data_dir: Path) -> AlreadyServing | None:
    """The refusal that names who serves from this folder now; None where nobody does."""
    path = data_dir.expanduser().resolve() / "locks" / "serving"
    if sys.platform == "win32" or not is_held(path):
        return None
    return _already_serving(path)


def _already_serving(path: Path) -> AlreadyServing:
    try:
        note = json.loads(path.read_text(encoding="utf-8", errors="replace"))
        return AlreadyServing(address=str(note["address"]), pid=int(note["pid"]))
    except (ValueError, KeyError, TypeError):
        # The other has the lock and is about to write.
        return AlreadyServing(address="an address that it has not told yet", pid=0)


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)

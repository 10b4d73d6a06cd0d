"""Answers kept on this machine between runs, a small file each, so that nobody is asked twice in a month.

In: a folder and how a value becomes JSON. Out: an `AnswerStore`. A file that cannot be read or written is a miss.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

from hunter.core.signals import Signal
from hunter.core.snapshot_signals import read_signal, write_signal

T = TypeVar("T")


class FileStore(Generic[T]):
    """Keeps signals of one kind in a folder that all processes of this machine may share."""

    def __init__(
        self,
        folder: Path,
        *,
        write: Callable[[T], Any],
        read: Callable[[Any], T],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._write = write
        self._read = read
        self._clock = clock

    async def get(self, name: str) -> Signal[T] | None:
        """Return what is kept; None where nothing is, or no longer."""
        try:
            kept: Mapping[str, Any] = json.loads(self._path(name).read_bytes())
            if kept["name"] != name or not kept["until"] > self._clock():
                return None
            return read_signal(kept["signal"], self._read)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    async def put(self, name: str, signal: Signal[T], seconds: int) -> None:
        """Keep a signal for so many seconds; readers see the old file or the new one, never half of it."""
        kept = {"name": name, "until": self._clock() + seconds, "signal": write_signal(signal, self._write)}
        path = self._path(name)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(kept), encoding="utf-8")
            partial.replace(path)
        except OSError:
            # A full disk costs a question that is asked again, and nothing else.
            return

    async def forget(self, name: str) -> None:
        """Keep nothing of a name."""
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        """Return the file of a name; names may be longer than names of files."""
        key = hashlib.sha256(name.encode()).hexdigest()[:32]
        return self._folder / key[:2] / f"{key}.json"

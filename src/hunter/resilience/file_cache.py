"""A cache in small files of this machine, one a name: what one run learned, the next one knows."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from hunter.resilience.cache_store import UNREADABLE, CacheCodec, CacheHit

T = TypeVar("T")


class FileCache(Generic[T]):
    """A `CacheStore` in a folder that all processes of this machine may share."""

    def __init__(self, folder: Path, codec: CacheCodec[T], *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._codec = codec
        self._clock = clock

    async def get(self, name: str) -> CacheHit[T] | None:
        """Return what is cached; None where nothing is, no longer, or nothing that can be read."""
        try:
            entry = json.loads(self._path(name).read_bytes())
            if entry["name"] != name or not entry["until"] > self._clock():
                return None
            return CacheHit(self._codec.from_json(entry["value"]))
        except (OSError, *UNREADABLE):
            return None

    async def put(self, name: str, value: T, seconds: float) -> None:
        """Cache a value for so many seconds; readers see the old file or the new one, never half of it."""
        if seconds <= 0:
            await self.forget(name)
            return
        entry = {"name": name, "until": self._clock() + seconds, "value": self._codec.to_json(value)}
        path = self._path(name)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        # A full disk costs a question that is asked again, and nothing else.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(entry), encoding="utf-8")
            partial.replace(path)

    async def forget(self, name: str) -> None:
        """Cache nothing of a name."""
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        """Return the file of a name; names may be longer than names of files."""
        key = hashlib.sha256(name.encode()).hexdigest()[:32]
        return self._folder / key[:2] / f"{key}.json"

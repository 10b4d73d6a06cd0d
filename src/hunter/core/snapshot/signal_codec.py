"""Signals as JSON values: `{"found": value}`, `{"absent": reason}` or `{"unknown": reason}`.

`raw` stands beside it where there are texts. A signal that nobody asked for is None, which the documents leave out.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

T = TypeVar("T")


def write_signal(signal: Signal[T], write: Callable[[T], Any]) -> dict[str, Any] | None:
    """Return a signal as JSON values; `write` turns what was found into one."""
    if signal is NOT_ASKED or signal == NOT_ASKED:
        return None
    if isinstance(signal, Found):
        written: dict[str, Any] = {"found": write(signal.value)}
    else:
        written = {"absent" if isinstance(signal, Absent) else "unknown": signal.reason}
    if signal.raw:
        written["raw"] = list(signal.raw)
    return written


def read_signal(written: Mapping[str, Any] | None, read: Callable[[Any], T]) -> Signal[T]:
    """Return the signal that was written."""
    if written is None:
        return NOT_ASKED
    texts = written.get("raw")
    raw = tuple(texts) if texts else ()
    if "found" in written:
        return Found(read(written["found"]), raw)
    if "absent" in written:
        return Absent(written["absent"], raw) if raw else _absent(written["absent"])
    return Unknown(written["unknown"], raw)


@lru_cache(maxsize=64)
def _absent(reason: str) -> Absent:
    """Share the signals that most documents hold several times; making one costs ten times as much as finding it."""
    return Absent(reason)

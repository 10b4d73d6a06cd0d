"""Host names matched by label suffix: the one way in which a name is recognised as somebody's.

In: patterns and whom they betray. Out: the owner of a host, found by a dictionary look-up per label; the longest
suffix wins. A suffix inside a longer label is no match: `x.iphmx.com` matches `iphmx.com`, `notiphmx.com` does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HostPattern:
    """A suffix, and what else a host below it must have or not have."""

    #: Whole labels in lower case, without dots at the ends.
    suffix: str
    #: How the whole host must begin; empty for any beginning.
    starts: str = ""
    #: Labels that a host must not have, such as `compute` for a rented machine below a cloud's own name.
    without: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """True when the suffix alone decides."""
        return not self.starts and not self.without

    def allows(self, host: str) -> bool:
        """Tell whether a host below the suffix passes the further conditions."""
        padded = f".{host}."
        return host.startswith(self.starts) and not any(f".{label}." in padded for label in self.without)


class SuffixTable(Generic[T]):
    """Who owns a host, by the longest suffix whose pattern allows it."""

    __slots__ = ("_guarded", "_owners")

    def __init__(self, entries: Iterable[tuple[HostPattern, T]]) -> None:
        self._owners: dict[str, T] = {}
        self._guarded: dict[str, HostPattern] = {}
        for pattern, owner in entries:
            self._owners[pattern.suffix] = owner
            if not pattern.is_plain:
                self._guarded[pattern.suffix] = pattern

    def find(self, host: str) -> T | None:
        """Return who owns a host name (lower case, no trailing dot); None when no suffix knows it."""
        owners = self._owners
        suffix = host
        while True:
            owner = owners.get(suffix)
            if owner is not None and (suffix not in self._guarded or self._guarded[suffix].allows(host)):
                return owner
            _, dot, suffix = suffix.partition(".")
            if not dot:
                return None

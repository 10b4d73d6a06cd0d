"""What this process has counted and not handed over yet. Counting touches memory only, from any thread."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Final

#: Names in one group; further ones are counted together.
MOST_NAMES: Final = 1000
OTHERS: Final = "others"


class Tally:
    """Counts by group and name."""

    def __init__(self, *, most: int = MOST_NAMES) -> None:
        self._most = most
        self._lock = Lock()
        self._groups: dict[str, Counter[str]] = {}

    def count(self, group: str, name: str, amount: int = 1) -> None:
        """Count so many of a name."""
        with self._lock:
            self._add(group, name, amount)

    def count_breaker(self, is_open: bool) -> None:
        """Count that the circuit breaker has opened or closed."""
        self.count("rate_limit", "circuit_breaker_open" if is_open else "circuit_breaker_closed")

    def take(self) -> dict[str, dict[str, int]]:
        """Return all counts and begin anew."""
        with self._lock:
            taken = {group: dict(names) for group, names in self._groups.items()}
            self._groups.clear()
            return taken

    def give_back(self, taken: Mapping[str, Mapping[str, int]]) -> None:
        """Add what was taken and could not be handed over."""
        with self._lock:
            for group, names in taken.items():
                for name, amount in names.items():
                    self._add(group, name, amount)

    def seen(self) -> dict[str, dict[str, int]]:
        """Return all counts and keep them."""
        with self._lock:
            return {group: dict(names) for group, names in self._groups.items()}

    def _add(self, group: str, name: str, amount: int) -> None:
        names = self._groups.setdefault(group, Counter())
        names[name if name in names or len(names) < self._most else OTHERS] += amount

"""How the registry simulators treat everybody, whatever name is asked for."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from hunter.lab.registry.registrations import NO_FAULT, RegistryFault


@dataclass(frozen=True, slots=True)
class RegistryFaults:
    """Troubles of both servers; a name's own fault comes before these."""

    #: Time that each answer takes.
    delay_seconds: float = 0.0
    #: Questions within one second after which a server says that it is too much; 0 is no limit.
    per_second: int = 0
    rdap: RegistryFault = NO_FAULT
    whois: RegistryFault = NO_FAULT


NO_FAULTS: Final = RegistryFaults()


class Gate:
    """Counts arrivals of one server and says which are too many."""

    def __init__(self) -> None:
        self._lately: deque[float] = deque()
        #: Moments at which questions came, on the machine's monotonic clock.
        self.arrivals: list[float] = []

    def is_open(self, now: float, per_second: int) -> bool:
        """Note an arrival; say whether it is within the limit."""
        self.arrivals.append(now)
        if not per_second:
            return True
        while self._lately and self._lately[0] <= now - 1.0:
            self._lately.popleft()
        if len(self._lately) >= per_second:
            return False
        self._lately.append(now)
        return True

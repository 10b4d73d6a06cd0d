"""What a survey brings home of one domain: evidence, how long it took, and whose collector broke."""

from dataclasses import dataclass
from typing import NamedTuple

from hunter.core.evidence import Evidence


class Timing(NamedTuple):
    """Seconds from the beginning until each kind had its answers; None where it was not asked."""

    mail: float
    registration: float | None = None
    microsoft: float | None = None
    network: float | None = None
    #: How long it took before that until both rate limiters let the domain begin.
    rate_limit_wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Evidence, and how long it took to collect."""

    evidence: Evidence
    elapsed_seconds: float
    #: When each kind of collector was ready, counted from the beginning of the try that the evidence is from.
    timing: Timing
    #: A line for each collector that broke.
    faults: tuple[str, ...] = ()

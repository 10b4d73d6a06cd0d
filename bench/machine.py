"""The machine on which something is measured, in the few facts that explain a figure."""

import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_CPU_FILE: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures of a report depend on."""

    #: CPU cores that this process may use.
    cores: int
    processor: str
    python: str
    system: str
    #: Processes that wanted a core in the last minute, at the time of asking; above the number of cores figures suffer.
    load: float

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        cores = f"{self.cores} core{'s' if self.cores > 1 else ''}"
        return f"{cores} of {self.processor}, {self.python}, {self.system}, load {self.load:.1f} at the start"

    def as_json(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)


def this_machine() -> Machine:
    """Look at the machine now."""
    return Machine(
        cores=_usable_cores(),
        processor=_processor(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
    )


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    if _CPU_FILE.is_file():
        for line in _CPU_FILE.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()

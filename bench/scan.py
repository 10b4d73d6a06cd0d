"""`hunter scan -f` over a list: the whole process with interpreter start, JSON lines written to a file.

Measured from outside: CPU per domain, peak of memory, and how the peak grows with the list.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import Options
from bench.machine import this_machine
from bench.processes import MEBIBYTE, Finished
from bench.report import Measure, Report, Unit
from bench.scan_command import Scan, last_words, run_scan
from hunter.core.errors import Unavailable
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld

SUBJECT: Final = "scan"
CPU: Final = "hunter scan -f: CPU per domain"
PEAK: Final = "hunter scan -f: peak of memory"
GROWTH: Final = "hunter scan -f: growth of memory"
UNASSESSED: Final = "hunter scan -f: domains without an assessment"


@dataclass(frozen=True, slots=True)
class _Run:
    finished: Finished
    #: Domains that were handed in, and those whose line holds an assessment.
    domains: int
    assessed: int

    @property
    def peak(self) -> float:
        """MiB."""
        return self.finished.peak_memory / MEBIBYTE


def run(options: Options) -> Report:
    """Measure the command."""
    machine = this_machine()
    effort = options.effort
    few, many = effort.memory_domains
    sizes = [*[effort.scan_domains] * effort.scan_runs, few, many]
    with start_name_server(GeneratedWorldSource(max(sizes), seed=options.seed)) as server:
        runs = [_scan(size, server, options) for size in sizes]
    *equal, small, large = runs
    return Report(options.spelled(SUBJECT), machine, (*_cost(equal), _growth(small, large), _silence(runs)))


def _scan(size: int, server: RunningNameServer, options: Options) -> _Run:
    options.say(f"hunter scan -f: {size:,} domains")
    world = GeneratedWorld(size, seed=options.seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        listed = folder / "names.txt"
        listed.write_text("".join(f"{domain}\n" for domain in world.domains()), encoding="ascii")
        scan = run_scan(["-f", str(listed), "--json", "--no-save", "--no-registration"], server, folder=folder)
        return _Run(scan.finished, size, _count_assessed(scan, size))


def _count_assessed(scan: Scan, size: int) -> int:
    """Count the lines with an assessment; raises `Unavailable` where the command did not do its work."""
    with scan.output.open(encoding="utf-8") as lines:
        answered = [json.loads(line)["signals"]["mx"]["state"] != "unknown" for line in lines]
    if len(answered) != size:
        said = f"{len(answered):,} lines for {size:,} names, exit code {scan.finished.exit_code}: {last_words(scan)}"
        raise Unavailable(f"hunter scan wrote {said}")
    return sum(answered)


def _cost(runs: Sequence[_Run]) -> list[Measure]:
    costs = [run.finished.cpu_seconds / run.domains * 1e3 for run in runs]
    peak = max(run.peak for run in runs)
    rate = median(run.domains / run.finished.wall_seconds for run in runs)
    domains = runs[0].domains
    done = f"{domains:,} domains, interpreter start included, JSON written; median of {len(runs)} runs, {rate:,.0f}/s."
    return [
        Measure(CPU, median(costs), Unit.MILLISECONDS, done, floor=0.6),
        Measure(PEAK, peak, Unit.MEBIBYTES, f"The highest of {len(runs)} runs over {domains:,} domains.", floor=150),
    ]


def _growth(small: _Run, large: _Run) -> Measure:
    done = f"Peak with {small.domains:,} domains {small.peak:.1f} MiB, with {large.domains:,} {large.peak:.1f} MiB."
    return Measure(GROWTH, large.peak - small.peak, Unit.MEBIBYTES, done, floor=32)


def _silence(runs: Sequence[_Run]) -> Measure:
    domains = sum(run.domains for run in runs)
    missing = domains - sum(run.assessed for run in runs)
    return Measure(UNASSESSED, missing, Unit.COUNT, f"Of {domains:,} domains of a faultless world.", floor=0)

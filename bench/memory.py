"""Growth of resident memory between a thousand and a hundred thousand domains, each in a process of its own."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import Options
from bench.processes import MEBIBYTE, run_measured
from bench.report import Measure, Unit
from hunter.core.errors import Unavailable
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource

GROWTH: Final = "growth of resident memory"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process had at its end, in MiB."""

    domains: int
    peak: float
    resident: float


def measure(options: Options) -> list[Measure]:
    """Measure the growth of the peak."""
    few, many = options.effort.memory_domains
    options.say(f"memory: {few:,} and {many:,} domains")
    with start_name_server(GeneratedWorldSource(many, seed=options.seed)) as server:
        small, large = (_survey(server, size, options.seed) for size in (few, many))
    done = (
        f"Peak of a process that surveyed {small.domains:,} domains {small.peak:.1f} MiB, of another that surveyed "
        f"{large.domains:,} {large.peak:.1f} MiB (at their ends {small.resident:.1f} and {large.resident:.1f} MiB)."
    )
    return [Measure(GROWTH, large.peak - small.peak, Unit.MEBIBYTES, done, floor=32, aim=16)]


def _survey(server: RunningNameServer, domains: int, seed: int) -> Memory:
    told = (server.host, str(server.port), str(domains), str(seed))
    command = [sys.executable, "-m", "bench.memory_child", *told]
    with TemporaryDirectory() as folder:
        output = Path(folder, "output")
        finished = run_measured(command, output=output, errors=Path(folder, "errors"))
        if finished.exit_code:
            raise Unavailable(f"the survey of {domains:,} domains ended with {finished.exit_code}")
        said = json.loads(output.read_text(encoding="utf-8"))
    return Memory(said["domains"], said["peak"] / MEBIBYTE, said["resident"] / MEBIBYTE)

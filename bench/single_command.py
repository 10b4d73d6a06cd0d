"""The whole command for one name, interpreter start included: at 20 ms round trip, and at a name that is dead."""

import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.at_distance import ROUND_TRIP_MS
from bench.effort import Options
from bench.report import Measure, Unit
from bench.scan_command import Scan, last_words, run_scan
from hunter.core.errors import Unavailable
from hunter.lab.dns.faults import Faults
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld

COMMAND: Final = "hunter scan NAME at 20 ms round trip, slowest"
DEAD_NAME: Final = "hunter scan of a dead name"
DEAD_KNOWN: Final = "hunter scan of a dead name: signals that are not unknown"
_ALL_DEAD: Final = 1.0
#: Exit code of a scan that could not assess everything.
_UNASSESSED: Final = 1


def measure(options: Options) -> list[Measure]:
    """Measure both commands."""
    options.say("whole commands: one name at 20 ms round trip, and a dead one")
    with TemporaryDirectory() as folder:
        return [_living(options, Path(folder)), *_dead(options, Path(folder))]


def _living(options: Options, folder: Path) -> Measure:
    world = GeneratedWorld(options.effort.single_commands, seed=options.seed)
    source = GeneratedWorldSource(world.size, seed=options.seed)
    with start_name_server(source, faults=Faults(delay_ms=ROUND_TRIP_MS, seed=options.seed)) as server:
        scans = [run_scan([domain], server, folder=folder) for domain in world.domains()]
    for scan in scans:
        if scan.finished.exit_code:
            raise Unavailable(f"hunter scan ended with {scan.finished.exit_code} and said: {last_words(scan)}")
    times = [scan.finished.wall_seconds for scan in scans]
    done = f"{len(times)} domains, one command each, from start to end of the process; median {median(times):.2f} s."
    return Measure(COMMAND, max(times), Unit.SECONDS, done, floor=1.0)


def _dead(options: Options, folder: Path) -> list[Measure]:
    source = GeneratedWorldSource(1, seed=options.seed)
    with start_name_server(source, faults=Faults(dead=_ALL_DEAD, seed=options.seed)) as server:
        scan = run_scan(["--json", GeneratedWorld(1).domain(0)], server, folder=folder)
    if scan.finished.exit_code != _UNASSESSED:
        raise Unavailable(f"hunter scan of a dead name ended with {scan.finished.exit_code}: {last_words(scan)}")
    known = _known_signals(scan)
    done = f"One command, exit code {scan.finished.exit_code}; on standard error: {last_words(scan)}"
    said = "Every signal of the JSON line is unknown." if not known else f"Not unknown: {', '.join(known)}."
    return [
        Measure(DEAD_NAME, scan.finished.wall_seconds, Unit.SECONDS, done, floor=11.0),
        Measure(DEAD_KNOWN, len(known), Unit.COUNT, said, floor=0),
    ]


def _known_signals(scan: Scan) -> list[str]:
    signals = json.loads(scan.output.read_text(encoding="utf-8"))["signals"]
    return sorted(name for name, signal in signals.items() if signal["state"] != "unknown")

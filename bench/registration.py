"""`./hunter bench registration`: registries are asked no faster than the rate limit allows, by two processes together.

In: options. Out: a report. Half of the names are asked for by RDAP, half by WHOIS, at simulators that take 50 ms for
each answer and note when questions come; the figures are taken from their notes, not from what the askers say.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from bench.dead_registry import measure_dead
from bench.effort import QUICK, Options
from bench.machine import this_machine
from bench.processes import MEBIBYTE
from bench.report import Measure, Report, Unit
from hunter.core.errors import InvalidInput, Unavailable
from hunter.lab.registry.faults import RegistryFaults
from hunter.lab.registry.registrations import RegistryWorld
from hunter.lab.registry.running import RunningRegistry, start_registry

SUBJECT: Final = "registration"
RAISED: Final = "look-ups at a limit of 200/s: furthest from the limit"
DEFAULT: Final = "look-ups at the default limit of 5/s: furthest from the limit"
NOT_FOUND: Final = "= registrations that were not found"
GROWTH: Final = "growth of resident memory from a quarter of the look-ups to their end"
CPU: Final = "CPU of one look-up"
_PROCESSES: Final = 2
_DELAY_SECONDS: Final = 0.05
#: The limit is held against each span of so many seconds, from one look-up to another.
_WINDOW_SECONDS: Final = 10.0
_BURST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """One run: a limit, and look-ups enough to fill the spans behind the first burst."""

    per_second: int
    full: int
    quick: int


#: 2,000 look-ups and what a whole span behind the first burst needs besides; and a minute at the default.
RAISED_LOAD: Final = Load(200, full=2_600, quick=1_000)
DEFAULT_LOAD: Final = Load(5, full=315, quick=30)


@dataclass(frozen=True, slots=True)
class Asker:
    """What one process says at its end."""

    asked: int
    found: int
    cpu_seconds: float
    #: Resident memory after a quarter of its look-ups and at its end, in bytes.
    early_memory: int
    late_memory: int


def measure_raised(options: Options) -> list[Measure]:
    """Measure the raised limit, what was found, what memory did and what a look-up costs."""
    arrivals, askers = _run(RAISED_LOAD, options)
    asked, found = sum(asker.asked for asker in askers), sum(asker.found for asker in askers)
    growth = max(asker.late_memory - asker.early_memory for asker in askers) / MEBIBYTE
    cpu = sum(asker.cpu_seconds for asker in askers) / asked
    remembered = "; each process remembers what it found, bounded at 20,000 registrations."
    return [
        distance(RAISED, RAISED_LOAD, arrivals),
        Measure(NOT_FOUND, asked - found, Unit.COUNT, f"{found:,} of {asked:,} found.", floor=0),
        Measure(
            GROWTH,
            growth,
            Unit.MEBIBYTES,
            f"The larger of {_PROCESSES} processes with {askers[0].asked:,} look-ups each{remembered}",
            floor=8,
            aim=4,
        ),
        Measure(CPU, cpu * 1000, Unit.MILLISECONDS, "User and system time of the askers, start included."),
    ]


def measure_default(options: Options) -> list[Measure]:
    """Measure the default limit for a minute."""
    arrivals, _ = _run(DEFAULT_LOAD, options)
    return [distance(DEFAULT, DEFAULT_LOAD, arrivals)]


#: The parts that can be measured alone.
PARTS: Final[Mapping[str, Callable[[Options], list[Measure]]]] = MappingProxyType(
    {"raised": measure_raised, "default": measure_default, "dead": measure_dead}
)


def run(options: Options) -> Report:
    """Measure the parts that the options name, all of them if they name none; raises `InvalidInput` for no part."""
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is no part of the benchmark; parts: {', '.join(PARTS)}")
    machine = this_machine()
    chosen = [measure for part, measure in PARTS.items() if part in options.parts or not options.parts]
    measures = tuple(row for measure in chosen for row in measure(options))
    late = f"{_DELAY_SECONDS * 1000:.0f} ms late"
    note = f"{_PROCESSES} processes share the rate limit by a file; the registries are the lab's, {late}."
    return Report(options.spelled(SUBJECT), machine, measures, (note,))


def _run(load: Load, options: Options) -> tuple[list[float], list[Asker]]:
    """Let the processes ask; return when questions came, first to last, and what the processes say."""
    each = (load.quick if options.effort is QUICK else load.full) // _PROCESSES
    options.say(f"registration: {each * _PROCESSES:,} look-ups at {load.per_second}/s")
    world = RegistryWorld(generated=each * _PROCESSES)
    with (
        start_registry(world, RegistryFaults(delay_seconds=_DELAY_SECONDS)) as registry,
        TemporaryDirectory() as folder,
    ):
        askers = _ask(registry, load, each, Path(folder))
        arrivals = registry.arrivals()
    return sorted((*arrivals.rdap, *arrivals.whois)), askers


def _ask(registry: RunningRegistry, load: Load, each: int, folder: Path) -> list[Asker]:
    told = [registry.rdap_base, registry.whois_server, str(folder), str(load.per_second)]
    command = [sys.executable, "-m", "bench.registration_child", *told]
    children = [
        subprocess.Popen([*command, str(number * each), str(each)], stdout=subprocess.PIPE, text=True)
        for number in range(_PROCESSES)
    ]
    said = [child.communicate()[0] for child in children]
    if any(child.returncode for child in children):
        raise Unavailable("a process that asks registries ended with an error")
    return [Asker(**json.loads(text)) for text in said]


def distance(name: str, load: Load, arrivals: Sequence[float]) -> Measure:
    """Return how far the busiest or idlest span behind the first burst is from the limit."""
    # A burst that is allowed at once still takes a moment to connect; the second after it is part of it.
    burst_ends = arrivals[0] + _BURST_SECONDS if arrivals else 0.0
    steady = [moment for moment in arrivals[load.per_second :] if moment > burst_ends]
    spans = rates(steady)
    if not spans:
        raise Unavailable(f"{len(arrivals)} look-ups are too few to judge {load.per_second}/s")
    furthest = max(abs(rate / load.per_second - 1) for rate in spans)
    took = steady[-1] - steady[0]
    span = min(took, _WINDOW_SECONDS)
    done = (
        f"{len(arrivals):,} look-ups by {_PROCESSES} processes; behind the first burst they took "
        f"{took:.1f} s, {(len(steady) - 1) / took:.2f}/s; over spans of {span:.0f} s "
        f"{min(spans):.2f} to {max(spans):.2f}/s."
    )
    return Measure(name, furthest, Unit.PERCENT, done, floor=0.05, aim=0.01)


def rates(moments: Sequence[float]) -> list[float]:
    """Return the look-ups a second in every span of ten seconds that begins with one; in all if they are fewer."""
    spans: list[float] = []
    end = 0
    for begin, moment in enumerate(moments):
        while end < len(moments) and moments[end] < moment + _WINDOW_SECONDS:
            end += 1
        if end == len(moments):
            break
        spans.append((end - begin) / (moments[end] - moment))
    took = moments[-1] - moments[0] if moments else 0.0
    return spans or ([(len(moments) - 1) / took] if took > 0 else [])

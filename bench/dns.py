"""`./hunter bench dns`: every row of the table that the DNS collector must reach, measured in one run.

In: options. Out: a report. A row that could be won by silence or by not asking has one beside it that shows it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bench import (
    at_distance,
    cpu_per_domain,
    dkim_questions,
    faulty_world,
    memory,
    packets_read,
    single_command,
    throughput,
)
from bench.effort import QUICK, Options
from bench.machine import this_machine
from bench.report import Measure, Report
from hunter.core.errors import InvalidInput

SUBJECT: Final = "dns"
#: The parts that can be measured alone, in the order of the table.
PARTS: Final[Mapping[str, Callable[[Options], list[Measure]]]] = MappingProxyType(
    {
        "cpu": cpu_per_domain.measure,
        "distance": at_distance.measure,
        "questions": throughput.measure,
        "memory": memory.measure,
        "faults": faulty_world.measure,
        "selectors": dkim_questions.measure,
        "packets": packets_read.measure,
        "command": single_command.measure,
    }
)


def run(options: Options) -> Report:
    """Measure the parts that the options name, all of them if they name none; raises `InvalidInput` for no part."""
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        raise InvalidInput(f"{unknown[0]!r} is no part of the benchmark; parts: {', '.join(PARTS)}")
    machine = this_machine()
    chosen = [measure for part, measure in PARTS.items() if part in options.parts or not options.parts]
    measures = tuple(row for measure in chosen for row in measure(options))
    return Report(options.spelled(SUBJECT), machine, measures, _notes(options))


def _notes(options: Options) -> tuple[str, ...]:
    told = f"Seed {options.seed}; all name servers are the lab's."
    if options.effort is not QUICK:
        return (told,)
    return (
        told,
        "A quick look: start and end weigh much in so few domains, so speeds are lower than those of a full run.",
    )

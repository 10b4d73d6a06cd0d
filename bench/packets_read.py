"""How packets are read: valid and mutated ones, by us and by dnspython, which is the judge.

In: how many packets, and a seed. Out: three rows. The rare packets that we hand to dnspython count as read; refusing
everything would keep the first row at zero, hence the two beside it.
"""

from typing import Final

from bench.effort import Options
from bench.packet_fuzz import FuzzReport, run_fuzz
from bench.report import Better, Measure, Unit

FALSE_VALUES: Final = "mutated packets: values that dnspython would not give"
VALID_EQUAL: Final = "valid packets read with equal values"
MUTATED_EQUAL: Final = "mutated packets that dnspython accepts, read with equal values"
#: So many packets the goal speaks of; a run over fewer says less.
_GOAL_PACKETS: Final = 1_000_000
_MOST_EXAMPLES: Final = 3


def measure(options: Options) -> list[Measure]:
    """Read packets both ways."""
    packets = options.effort.packets if options.packets is None else options.packets
    options.say(f"packets: {packets:,} valid and mutated ones, read by us and by dnspython")
    return rows(run_fuzz(packets, options.seed))


def rows(fuzz: FuzzReport) -> list[Measure]:
    """Return the rows of one comparison; a share of nothing is not measured."""
    return [
        Measure(FALSE_VALUES, fuzz.false_values if fuzz.mutated else None, Unit.COUNT, _said(fuzz), floor=0, aim=0),
        _equal(VALID_EQUAL, fuzz.valid_equal, fuzz.valid, floor=1.0, aim=1.0),
        _equal(MUTATED_EQUAL, fuzz.mutated_equal, fuzz.mutated_accepted_by_judge, floor=0.95, aim=0.99),
    ]


def _said(fuzz: FuzzReport) -> str:
    done = f"{fuzz.packets:,} packets, {fuzz.mutated:,} of them mutated; the goal speaks of {_GOAL_PACKETS:,}."
    examples = "; ".join(map(str, fuzz.examples[:_MOST_EXAMPLES]))
    return f"{done} For example: {examples}." if fuzz.false_values and examples else done


def _equal(name: str, equal: int, total: int, *, floor: float, aim: float) -> Measure:
    figure = equal / total if total else None
    done = f"{equal:,} of {total:,} packets."
    return Measure(name, figure, Unit.PERCENT, done, better=Better.HIGHER, floor=floor, aim=aim)

"""Decision tables: rules of which the first match decides, compiled to one look-up and proven when built.

The space of a table is finite (for example ten providers times the scores 0 to 100), so all of it is walked once.
Every rule must decide something; every name that it writes must matter; the numbers that it writes must be the
lowest and the highest that it decides, so that a rule can be read aloud alone; and nothing may stay undecided.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, Generic, TypeAlias, TypeVar

from hunter.core.errors import RulebookError
from hunter.core.rule_files.rule_reader import RuleReader

R = TypeVar("R")

#: The values of each thing a condition may ask about: words by their spelling, or a range of numbers.
Space: TypeAlias = Mapping[str, Mapping[str, Hashable] | range]

_BOUNDS: Final = ("from", "to")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks for; a dimension that it does not name may have any value."""

    #: Values that fulfil the condition, by dimension, in the order in which the rule names them.
    allowed: Mapping[str, Sequence[Hashable]]

    def holds(self, values: Mapping[str, Hashable]) -> bool:
        """Return whether the values fulfil the condition; a missing value (None) never does."""
        return all(values[dimension] in allowed for dimension, allowed in self.allowed.items())

    def may_hold(self, values: Mapping[str, Hashable], unknown: Collection[str]) -> bool:
        """Return whether the values would fulfil the condition if the unknown dimensions had the right ones."""
        return all(dimension in unknown or values[dimension] in allowed for dimension, allowed in self.allowed.items())


def read_condition(place: RuleReader, space: Space) -> Condition:
    """Read `{"provider": ["Local"], "score": {"from": 5, "to": 59}}`; bounds belong to the range."""
    allowed: dict[str, Sequence[Hashable]] = {}
    for dimension, below in place.table((), tuple(space)).items():
        values = space[dimension]
        allowed[dimension] = read_range(below, values) if isinstance(values, range) else below.words(values)
    if not allowed:
        raise place.error("asks for nothing")
    return Condition(allowed)


def read_range(place: RuleReader, values: range) -> range:
    """Read `{"from": 5, "to": 59}`; a bound that is left out is that of the values."""
    bounds = place.table((), _BOUNDS)
    if not bounds:
        raise place.error('needs "from", "to" or both')
    low, high = values[0], values[-1]
    first = bounds["from"].integer(low, high) if "from" in bounds else low
    last = bounds["to"].integer(low, high) if "to" in bounds else high
    if first > last:
        raise place.error(f"from {first} lies above to {last}")
    return range(first, last + 1)


@dataclass(frozen=True, slots=True)
class DecisionTable(Generic[R]):
    """What every point of a finite space is decided to be."""

    #: By point: the number of the rule that decides (from 1; 0 is the default) and its result.
    cells: Mapping[tuple[Hashable, ...], tuple[int, R]]

    def decide(self, *point: Hashable) -> R:
        """Return the result for one point, its values in the order of the table's dimensions."""
        return self.cells[point][1]


def read_table(
    place: RuleReader, space: Space, result_keys: tuple[str, ...], result_of: Callable[[dict[str, RuleReader]], R]
) -> DecisionTable[R]:
    """Read `{"rules": [{"when": {...}, <result keys>}], "default": {<result keys>}}` and prove it.

    The default may stand only where the rules leave a gap, and must stand there.
    """
    parts = place.table(("rules",), ("default",))
    cells: dict[tuple[Hashable, ...], tuple[int, R]] = {}
    for number, row in enumerate(parts["rules"].rows(), start=1):
        fields = row.table(("when", *result_keys))
        condition = read_condition(fields["when"], space)
        _paint(row, condition, space, cells=cells, decision=(number, result_of(fields)))
    gaps = prod(len(values) for values in space.values()) - len(cells)
    if "default" in parts:
        default = (0, result_of(parts["default"].table(result_keys)))
        if not gaps:
            raise parts["default"].error("is never needed: the rules decide everything")
        for point in product(*space_values(space)):
            cells.setdefault(point, default)
    elif gaps:
        raise _gap(parts["rules"], space, cells)
    return DecisionTable(cells)


def space_values(space: Space) -> list[Sequence[Hashable]]:
    """Return the values of each dimension, in the order of the space."""
    return [values if isinstance(values, range) else tuple(values.values()) for values in space.values()]


def _paint(
    row: RuleReader,
    condition: Condition,
    space: Space,
    *,
    cells: dict[tuple[Hashable, ...], tuple[int, R]],
    decision: tuple[int, R],
) -> None:
    """Give a rule all points that fulfil it and that no earlier rule has taken."""
    asked = [condition.allowed.get(name, values) for name, values in zip(space, space_values(space), strict=True)]
    taken = [point for point in product(*asked) if point not in cells]
    if not taken:
        raise row.error("is never reached: earlier rules decide all that it asks for")
    cells.update(dict.fromkeys(taken, decision))
    for dimension, values, decided in zip(space, asked, map(set, zip(*taken, strict=True)), strict=True):
        if isinstance(values, range):
            ends = min(decided), max(decided)
            if ends != (values[0], values[-1]):
                raise row.error(f"{dimension} is written as {values[0]} to {values[-1]}, but it decides {ends}")
        elif dimension in condition.allowed and len(decided) < len(values):
            useless = next(value for value in values if value not in decided)
            raise row.error(f"{dimension} {useless} changes nothing: earlier rules decide it")


def _gap(place: RuleReader, space: Space, cells: Mapping[tuple[Hashable, ...], object]) -> RulebookError:
    point = next(point for point in product(*space_values(space)) if point not in cells)
    named = ", ".join(f"{dimension} {value}" for dimension, value in zip(space, point, strict=True))
    return place.error(f"no rule decides {named}, and there is no default")

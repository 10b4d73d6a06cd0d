"""Decision tables and boundaries compared with written figures, point by point over their whole space.

A table's figures name the rule that decides from a score upwards, `{"0": 5, "40": 4}`, and the result of each rule;
`any` stands for all names that no other row names.
"""

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

from hunter.core.judgement.commercial import CommercialHeat, CommercialSegment, TechnicalHeat
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.segmentation import Segment
from hunter.core.judgement.tags import standing_tags
from hunter.core.judgement.verdict import Rules
from hunter.core.provider.providers import Provider

#: Number of the rule and its result, by point.
Cells: TypeAlias = Mapping[tuple[Hashable, ...], tuple[int, Any]]

_FIGURES = Path(__file__).parent.parent / "contract" / "rule_figures.json"
_SCORES = range(101)
_TODAY = date(2026, 3, 2)
#: A case to which no standing tag applies but by segment and score.
_PLAIN = Facts(Standing.SCORED, Provider.M365, SPFState.UNKNOWN, DKIMState.UNKNOWN, DMARCState.UNKNOWN)


@cache
def figures() -> Mapping[str, Any]:
    """Return the figures that the shipped rules must come to."""
    content: Mapping[str, Any] = json.loads(_FIGURES.read_text(encoding="utf-8"))
    return content


def table_deviations(rules: Rules) -> Iterator[str]:
    """Name every point of a decision table that is decided by another rule, or otherwise, than written."""
    labels = rules.commercial.labels
    found: dict[str, Cells] = {
        "segments": {cell: (rule, [*result]) for cell, (rule, result) in rules.segments.table.cells.items()},
        "priority": rules.priority.table.cells,
        "technical_heat": rules.commercial.technical_heat.cells,
        "commercial_segment": rules.commercial.commercial_segment.cells,
        "commercial_heat": rules.commercial.commercial_heat.cells,
        "priority_category": {
            cell: (rule, [category, labels[category]])
            for cell, (rule, category) in rules.commercial.priority_category.cells.items()
        },
    }
    for table, expected in expected_cells().items():
        if found[table] != expected:
            yield from _differences(table, found[table], expected)


@cache
def expected_cells() -> Mapping[str, Cells]:
    """Return the rule and the result that the written figures give to every point of every table."""
    rows = figures()
    return {
        "segments": _by_name_and_score(rows["segments"], list(Provider)),
        "priority": _by_name_and_score(rows["priority"], list(Segment)),
        "technical_heat": _technical_heat(rows["technical_heat"]),
        "commercial_segment": _commercial_segment(rows["commercial_segment"]),
        "commercial_heat": _by_name_and_score(rows["commercial_heat"], list(CommercialSegment)),
        "priority_category": _priority_category(rows["priority_category"]),
    }


def _differences(table: str, found: Cells, expected: Cells) -> Iterator[str]:
    if found.keys() != expected.keys():
        yield f"{table}: another space, {len(found)} points instead of {len(expected)}"
    for cell, decision in expected.items():
        if found.get(cell) != decision:
            yield f"{table} {cell}: {found.get(cell)}, not {decision}"


def boundary_deviations(rules: Rules) -> Iterator[str]:
    """Name every mark and tag that begins or ends elsewhere than written, reachable by points or not."""
    marks = figures()["marks"]
    for segment, points in product(Segment, _SCORES):
        counts = rules.priority.high_priority.holds({"segment": segment, "score": points})
        if counts != (segment == "Migration" and points >= marks["high_priority_from"]):
            yield f"{segment} {points} counts as high priority: {counts}"
        is_ready = "migration-ready" in standing_tags(rules.tags, _PLAIN, segment, points)
        if is_ready != (segment == "Migration" and points >= marks["migration_ready_from"]):
            yield f"{segment} {points} is tagged migration-ready: {is_ready}"
    for days, expected in marks["dated_tags"].items():
        tags = rules.tags.dated[rules.expiry.state_of(int(days))]
        if list(tags) != expected:
            yield f"{days} days before the expiry: {tags}"
    for seats, expected in marks["sizes"].items():
        if (size := rules.sizes.size_of(int(seats))) != expected:
            yield f"{seats} seats are called {size}"
    for reason, expected in marks["estimates"].items():
        estimate = rules.sizes.estimates[reason]
        if [estimate.size, estimate.seats_from, estimate.seats_to] != expected:
            yield f"{reason} is estimated as {estimate}"


def _by_name_and_score(table: Mapping[str, Any], names: Sequence[str]) -> Cells:
    return {
        (name, score): (rule, table["results"][str(rule)])
        for name in names
        for score, rule in _from_scores(_row_of(table["rules"], name))
    }


def _technical_heat(table: Mapping[str, Any]) -> Cells:
    return {
        (segment, provider): (rule, table["results"][str(rule)])
        for segment, provider in product(Segment, Provider)
        for rule in (_row_of(table["rules"][segment], provider),)
    }


def _commercial_segment(table: Mapping[str, Any]) -> Cells:
    return {
        (segment, provider, score): (rule, table["results"][str(rule)])
        for segment, provider in product(Segment, Provider)
        for score, rule in _from_scores(_row_of(table["rules"][segment], provider))
    }


def _priority_category(table: Mapping[str, Any]) -> Cells:
    return {
        cell: (rule, table["results"][str(rule)])
        for cell in product(TechnicalHeat, CommercialHeat, CommercialSegment)
        for rule in (table["rules"].get(" ".join(cell), 0),)
    }


def _row_of(rows: Mapping[str, Any], name: str) -> Any:
    """Return the row that names the name among others, or that of `any`."""
    return next((row for names, row in rows.items() if name in names.split()), rows.get("any"))


def _from_scores(row: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Return every score with the rule whose start lies at or below it."""
    starts = sorted((int(start), rule) for start, rule in row.items())
    return ((score, [rule for start, rule in starts if start <= score][-1]) for score in _SCORES)

"""Systematic faults in rule files: every number moved, every word exchanged, every row and key dropped or displaced.

A mutant is a changed copy of all judgement files with a title that names the place and the change.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hunter.core.judgement.commercial import CommercialHeat, CommercialSegment, PriorityCategory, TechnicalHeat
from hunter.core.judgement.expiry import Expiry
from hunter.core.judgement.facts import DKIMState, DMARCState, SPFState
from hunter.core.judgement.reason_codes import SEGMENT_CODES
from hunter.core.judgement.scoring import RISK_CODES, SIGNAL_CODES
from hunter.core.judgement.segmentation import Segment
from hunter.core.provider.providers import Provider

#: Words that may stand in each other's place.
_VOCABULARIES: Final = tuple(
    tuple(str(word) for word in words)
    for words in (
        Provider, SPFState, DKIMState, DMARCState, Segment, TechnicalHeat, CommercialHeat, CommercialSegment,
        PriorityCategory, Expiry, ("small", "medium", "large"), SEGMENT_CODES, SIGNAL_CODES, RISK_CODES,
    )
)  # fmt: skip
#: Lists whose order says nothing: names, and tags, which are handed out sorted.
_UNORDERED: Final = ("free_mail", "shared_hosts", "tags")


@dataclass(frozen=True)
class Mutant:
    """One fault."""

    title: str
    files: dict[str, object]


def mutants(files: dict[str, object], name: str) -> Iterator[Mutant]:
    """Return every mutant of one judgement file; the texts of `about` are for people and stay."""
    for path, change, changed in _changes(files[name], ()):
        mutated = _replaced(copy.deepcopy(files[name]), path, changed)
        yield Mutant(f"{name}: {'.'.join(map(str, path))}: {change}", {**files, name: mutated})


def one_of_each_kind(files: dict[str, object], name: str) -> Iterator[Mutant]:
    """Return one mutant of each kind of value, such as the fifth row's `mx`: the first that is met."""
    kinds: set[tuple[str, ...]] = set()
    for path, value in _leaves(files[name], ()):
        kind = tuple("[]" if isinstance(step, int) else step for step in path)
        if kind in kinds or path[0] == "about":
            continue
        kinds.add(kind)
        changed = value + 1 if isinstance(value, int) else f"x{value}"
        mutated = _replaced(copy.deepcopy(files[name]), path, changed)
        yield Mutant(f"{name}: {'.'.join(map(str, path))}: {changed}", {**files, name: mutated})


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Return every value that holds no other, with the way to it."""
    if not isinstance(value, dict | list):
        yield path, value
        return
    for step, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves(below, (*path, step))


def _changes(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    """Return (path, words for the change, new value) for every change at or below a place."""
    if isinstance(value, dict):
        for key in value:
            if key != "about":
                yield path, f"without {key}", {other: below for other, below in value.items() if other != key}
                yield from _changes(value[key], (*path, key))
    elif isinstance(value, list):
        yield from ((path, change, changed) for change, changed in _list_changes(value, path))
        for number, below in enumerate(value):
            if isinstance(below, dict):
                yield from _changes(below, (*path, number))
    elif isinstance(value, int):
        yield path, f"{value - 1}", value - 1
        yield path, f"{value + 1}", value + 1
    else:
        yield from ((path, word, word) for word in _other_words(value))


def _list_changes(rows: list[Any], path: tuple[str | int, ...]) -> Iterator[tuple[str, list[Any]]]:
    for number, row in enumerate(rows):
        yield f"without [{number}] {row}", rows[:number] + rows[number + 1 :]
    if path[-1] in _UNORDERED:
        return
    if isinstance(rows[0], dict):
        for number in range(len(rows) - 1):
            displaced = [*rows[:number], rows[number + 1], rows[number], *rows[number + 2 :]]
            yield f"[{number}] behind [{number + 1}]", displaced
    else:
        for word in _other_words(rows[0]):
            if word not in rows:
                yield f"with {word}", [*rows, word]


def _other_words(word: str) -> list[str]:
    """Return all words that may stand where this one stands, and one that may stand nowhere."""
    others = [other for vocabulary in _VOCABULARIES if word in vocabulary for other in vocabulary if other != word]
    return [*dict.fromkeys(others), f"{word}x"]


def _replaced(content: Any, path: tuple[str | int, ...], changed: Any) -> Any:
    if not path:
        return changed
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed
    return content

"""Reading rules as data: every value is checked where it stands, and an error names that place.

In: parsed JSON and the name of its file. Out: typed values, or a `RulebookError` such as
`segments.json: rules[2].when.provider: unknown name "Googel"`.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from hunter.core.errors import RulebookError

T = TypeVar("T")


class RuleReader:
    """One place in a rule file, with the way that leads to it."""

    __slots__ = ("path", "value")

    def __init__(self, file: str, value: object) -> None:
        #: `file` itself for the top of a file, then `file: key[2].key`.
        self.path = file
        self.value = value

    def _at(self, step: str, value: object) -> "RuleReader":
        is_top = ": " not in self.path
        return RuleReader(f"{self.path}: {step.lstrip('.')}" if is_top else f"{self.path}{step}", value)

    def error(self, problem: str) -> RulebookError:
        """Return the error that names this place."""
        return RulebookError(self.path, problem)

    def table(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, "RuleReader"]:
        """Return the places below an object that has all required keys and none beyond the optional ones."""
        for key in self._object():
            if key not in required and key not in optional:
                raise self.error(f'unknown key "{key}"')
        present = [*required, *(key for key in self._object() if key not in required)]
        return {key: self.key(key) for key in present}

    def key(self, key: str) -> "RuleReader":
        """Return the place below one key of an object, whatever else the object holds."""
        below = self._object()
        if key not in below:
            raise self.error(f'"{key}" is missing')
        return self._at(f".{key}", below[key])

    def _object(self) -> Mapping[str, object]:
        if not isinstance(self.value, Mapping):
            raise self.error(f"must be an object, not {self.value!r}")
        return self.value

    def rows(self) -> Iterator["RuleReader"]:
        """Return the places of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            raise self.error("must be a list with at least one entry")
        return (self._at(f"[{number}]", value) for number, value in enumerate(self.value))

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error(f"must be a whole number, not {self.value!r}")
        if not low <= self.value <= high:
            raise self.error(f"must be from {low} to {high}, not {self.value}")
        return self.value

    def text(self) -> str:
        """Return a text that is not empty and has no white space around it."""
        if not isinstance(self.value, str) or not self.value or self.value != self.value.strip():
            raise self.error(f"must be a text without white space around it, not {self.value!r}")
        return self.value

    def word(self, vocabulary: Mapping[str, T]) -> T:
        """Return what the word stands for in a closed vocabulary."""
        text = self.text()
        if text not in vocabulary:
            raise self.error(f'unknown name "{text}"; known are {", ".join(vocabulary)}')
        return vocabulary[text]

    def words(self, vocabulary: Mapping[str, T]) -> tuple[T, ...]:
        """Return what a list of words stands for, each named once."""
        found: list[T] = []
        for place in self.rows():
            word = place.word(vocabulary)
            if word in found:
                raise place.error(f'"{place.value}" is named twice')
            found.append(word)
        return tuple(found)

    def file(self, *keys: str) -> dict[str, "RuleReader"]:
        """Return the places below the top of a rule file: `version`, the optional `about` and the given keys."""
        return self.table(("version", *keys), ("about",))

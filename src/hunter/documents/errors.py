"""Why a file cannot be taken, told by cause: `UnreadableFile` with its problem, and below it two of their own kind.

`UnknownFileType` is a type that we do not read, `TooLargeFile` one that goes beyond a limit of size, memory or time.
"""

from collections.abc import Mapping
from typing import Final

from hunter.core.errors import InvalidInput

#: Why a file is not readable; each has its sentence in the catalogue (`file.<problem>`).
FILE_PROBLEMS: Final = (
    "missing",
    "forbidden",
    "is_folder",
    "unreadable",
    "empty",
    "other_content",
    "not_text",
    "password",
    "damaged",
    "crashed",
    "no_such_sheet",
    "no_sheets",
)
TYPE_PROBLEMS: Final = ("unknown_type",)
SIZE_PROBLEMS: Final = ("too_many_bytes", "too_many_rows", "too_many_columns", "expands", "memory", "too_slow")


class UnreadableFile(InvalidInput):
    """The file cannot be read; nothing of it was taken."""

    code = "file_unreadable"

    def __init__(self, problem: str, facts: Mapping[str, str | int] | None = None) -> None:
        #: One of `FILE_PROBLEMS`, `TYPE_PROBLEMS` or `SIZE_PROBLEMS`.
        self.problem = problem
        #: What fills the sentence of the problem: name, limit, found.
        self.facts: Mapping[str, str | int] = dict(facts or {})
        told = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        super().__init__(f"{problem}: {told}" if told else problem)


class UnknownFileType(UnreadableFile):
    """The suffix names no type that we read."""

    code = "file_type_unknown"


class TooLargeFile(UnreadableFile):
    """The file goes beyond a limit."""

    code = "file_too_large"


def file_error(problem: str, facts: Mapping[str, str | int] | None = None) -> UnreadableFile:
    """Return the error that fits a problem."""
    if problem in SIZE_PROBLEMS:
        return TooLargeFile(problem, facts)
    if problem in TYPE_PROBLEMS:
        return UnknownFileType(problem, facts)
    return UnreadableFile(problem, facts)

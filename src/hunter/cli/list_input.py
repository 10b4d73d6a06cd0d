"""The lists that commands take: one door for `hunter ingest` and `hunter scan -f`, its options and its sentences.

In: options of a command. Out: an open list, read row by row; what cannot be read as one sentence.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hunter.core.errors import InvalidInput
from hunter.core.names.company_domain import NameFilter
from hunter.documents.errors import UnreadableFile
from hunter.documents.limits import MEBIBYTE, ChildLimits, FileLimits
from hunter.documents.read_file import TableFile, open_stream, open_table
from hunter.sales.wording import Wording
from hunter.services.lists.candidates import OnRefusal
from hunter.services.lists.columns import NoDomainColumn, NoSuchColumn, read_choice
from hunter.services.lists.intake import EmptyList, IngestOptions, ListIntake
from hunter.services.lists.words import file_problem_text, no_domain_column_text, no_such_column_text
from hunter.settings.fields import Settings

#: Why a list is not read, or not read on; `problem_text` has the sentence.
LIST_ERRORS: Final = (UnreadableFile, NoDomainColumn, NoSuchColumn, EmptyList)
#: What stands for standard input, and its name for people.
STANDARD_INPUT: Final = "-"
_ANY: Final = 1 << 60
_SCAN_CPU_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list that is being read."""

    intake: ListIntake
    #: About how many rows it has, for an estimate of the time that remains.
    expected_rows: int


def add_list_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options that say how a list is read."""
    parser.add_argument(
        "--columns",
        metavar="KIND=COLUMN,...",
        help="columns by letter or header, such as domain=B,name=A; also email, website, employees, country, city, "
        "marks; - for none; the others are found",
    )
    parser.add_argument("--sheet", default="", metavar="SHEET", help="sheet of a workbook, by name or number")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="write the rows that are not taken there (CSV), to be mended"
    )
    parser.add_argument("--list", metavar="NAME", help="name under which the list is kept; else that of the file")


def limits_of(settings: Settings) -> FileLimits:
    """Return what a list may hold by the settings."""
    return FileLimits(
        file_bytes=settings.upload_max_mb * MEBIBYTE,
        csv_rows=settings.upload_max_rows,
        workbook_rows=settings.upload_max_workbook_rows,
    )


def limits_of_a_scan(settings: Settings) -> FileLimits:
    """Return what a list may hold whose names go through one by one: text of any length, workbooks by the settings."""
    return replace(
        limits_of(settings),
        file_bytes=_ANY,
        csv_rows=_ANY,
        # The child waits most of the time for names to be scanned; that does not count.
        child=ChildLimits(cpu_seconds=_SCAN_CPU_SECONDS, output_bytes=_ANY),
    )


def list_name(options: argparse.Namespace) -> str:
    """Return the name under which a list is kept."""
    given = " ".join((options.list or "").split())
    return given or ("stdin" if options.file == STANDARD_INPUT else Path(options.file).name)


@contextmanager
def opened_list(
    options: argparse.Namespace,
    limits: FileLimits,
    names: NameFilter,
    *,
    tell: Callable[[TableFile], None],
    on_refusal: OnRefusal,
) -> Iterator[OpenList]:
    """Open the list that the options name; raises one of `LIST_ERRORS`, also while rows are read."""
    how = IngestOptions(
        auto_detect_columns=not getattr(options, "fixed_columns", False),
        chosen=read_choice(options.columns or ""),
    )
    opened = (
        open_stream(sys.stdin.buffer, name=STANDARD_INPUT, limits=limits, sheet=options.sheet)
        if options.file == STANDARD_INPUT
        else open_table(Path(options.file), limits=limits, sheet=options.sheet)
    )
    with opened as table:
        intake = ListIntake(table.rows, names, how, on_refusal=on_refusal)
        tell(table)
        yield OpenList(intake, table.expected_rows)


def problem_text(error: InvalidInput, words: Wording) -> str:
    """Say why a list is not read."""
    match error:
        case UnreadableFile():
            return file_problem_text(error.problem, error.facts, words)
        case NoDomainColumn():
            return no_domain_column_text(error, words)
        case NoSuchColumn():
            return no_such_column_text(error, words)
        case _:
            return file_problem_text("empty", {}, words)


def sheets_text(table: TableFile, words: Wording) -> str:
    """Name the sheet that is read where there are others behind it; what is left out must be seen. Else empty."""
    if not table.other_sheets:
        return ""
    values: dict[str, str | int] = {"sheet": table.sheet, "others": table.other_sheets}
    return words.say("ingest.other_sheets", values)

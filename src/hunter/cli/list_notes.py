"""What a command says while it reads a list: sheets left out, rows refused, why it cannot be read on.

In: what the list gives away. Out: sentences, each as soon as it is known; refused rows also into a file, where wanted.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hunter.cli.list_input import problem_text, sheets_text
from hunter.cli.rejects import RejectsFile
from hunter.core.errors import InvalidInput
from hunter.documents.read_file import TableFile
from hunter.sales.wording import Wording
from hunter.services.lists.candidates import RowError
from hunter.services.lists.intake import ListIntake
from hunter.services.lists.words import row_error_text
from hunter.settings.fields import Settings


class ListNotes:
    """Says what is to be said of one list."""

    def __init__(self, note: Callable[[str], None], wording: Wording, name: str | None) -> None:
        self._note = note
        self._name = name
        self.wording = wording
        #: Where refused rows are written; None where nobody wants them.
        self.rejects: RejectsFile | None = None

    @contextmanager
    def writing(self, options: argparse.Namespace, settings: Settings) -> Iterator[None]:
        """Write refused rows in this block, where the options want them."""
        if options.rejects is None:
            yield
            return
        language = options.lang or settings.language
        with RejectsFile(options.rejects, Path(options.file), self.wording, language=language) as self.rejects:
            yield

    def begin(self, intake: ListIntake) -> None:
        """Take over what is known of the list once it is open."""
        if self.rejects is not None:
            self.rejects.begin(intake.columns, intake.header)

    def refuse(self, error: InvalidInput) -> None:
        """Say why the list is not read, or not read on."""
        self._note(f"{self._name}: {problem_text(error, self.wording)}")

    def say_sheets(self, table: TableFile) -> None:
        """Name the sheet that is read where there are others."""
        said = sheets_text(table, self.wording)
        if said:
            self._note(said)

    def say_row(self, error: RowError, cells: tuple[str, ...]) -> None:
        """Say one refused row."""
        self._note(row_error_text(error, self.wording))
        self.write_row(error, cells)

    def write_row(self, error: RowError, cells: tuple[str, ...]) -> None:
        """Write one refused row where they are wanted."""
        if self.rejects is not None:
            self.rejects.take(error, cells)

    def say_argument(self, error: RowError) -> None:
        """Say what an argument of the command line is not."""
        self._note(self.wording.say(f"refusal.{error.code}", {"text": error.text}))

    def say_rejects(self) -> None:
        """Say where refused rows are."""
        if self.rejects is not None and self.rejects.rows:
            self._note(self.wording.say("rejects.written", {"file": str(self.rejects.path)}))

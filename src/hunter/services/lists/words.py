"""What went wrong with a list, in the words of the person who handed it in.

In: errors and a wording. Out: one sentence each: `Satır 12: …` for a row, what to do for a file.
"""

from collections.abc import Mapping
from typing import Protocol

from hunter.services.lists.candidates import IngestReport, RowError, RowNote
from hunter.services.lists.columns import OUR_HEADER, NoDomainColumn, NoSuchColumn


class Phrases(Protocol):
    """Phrases by key: what `sales.wording.Wording` offers."""

    def say(self, key: str, values: Mapping[str, str | int] | None = None, /) -> str:
        """Return the phrase of a key with its values filled in."""
        ...


def row_error_text(error: RowError, words: Phrases) -> str:
    """Say what is wrong with a row, led by its number as Excel shows it."""
    said = words.say(f"refusal.{error.code}", {"text": error.text})
    return words.say("refusal.in_line", {"line": error.row, "said": said})


def row_error_texts(report: IngestReport, words: Phrases) -> list[str]:
    """Say what is wrong with each bad row; a last line counts those that were not kept word for word."""
    said = [row_error_text(error, words) for error in report.errors]
    more = report.refused - len(report.errors)
    return [*said, words.say("ingest.more_errors", {"more": more})] if more else said


def row_note_texts(report: IngestReport, words: Phrases) -> list[str]:
    """Say which values were not understood; a last line counts those that were not kept word for word."""
    said = [row_note_text(note, words) for note in report.notes]
    more = report.noted - len(report.notes)
    return [*said, words.say("ingest.more_notes", {"more": more})] if more else said


def row_note_text(note: RowNote, words: Phrases) -> str:
    """Say which value of a row was left out, led by its number as Excel shows it."""
    said = words.say(f"note.{note.kind}", {"text": note.text})
    return words.say("refusal.in_line", {"line": note.row, "said": said})


def reason_header(words: Phrases) -> str:
    """Return the header of the column that says why a row was not taken; readers know it and pass it over."""
    return OUR_HEADER + words.say("rejects.reason")


def file_problem_text(problem: str, facts: Mapping[str, str | int], words: Phrases) -> str:
    """Say why a file was not taken; `problem` and `facts` are those of `documents.errors.UnreadableFile`."""
    return words.say(f"file.{problem}", facts)


def no_domain_column_text(error: NoDomainColumn, words: Phrases) -> str:
    """Say that no column names companies, which ones might have by their headers, and which columns were found."""
    headers = ", ".join(error.headers) or words.say("ingest.no_headers")
    if error.guesses:
        return words.say("ingest.no_domain_in_column", {"guesses": ", ".join(error.guesses), "headers": headers})
    return words.say("ingest.no_domain_column", {"headers": headers})


def no_such_column_text(error: NoSuchColumn, words: Phrases) -> str:
    """Say that a column that was named is not there, and which ones are."""
    return words.say("ingest.no_such_column", {"wanted": error.wanted, "found": ", ".join(error.found)})

"""A terminal as we see it: how wide, whether it knows colour and a live line; and text made safe for it.

In: any text, also what strangers published in DNS. Out: text in which no control character is left.
"""

import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TextIO

NARROWEST: Final = 40
#: Width where the output goes to a file or a pipe: room for every column of a table.
PLAIN_WIDTH: Final = 240


class Style(StrEnum):
    """How a piece of text is set off; the value is its SGR code (ECMA-48 §8.3.117)."""

    BOLD = "1"
    DIM = "2"
    GOOD = "32"
    WEAK = "33"
    BAD = "31"


@dataclass(frozen=True, slots=True)
class Terminal:
    """What may be printed on one output stream."""

    #: Columns of a line.
    width: int
    has_colour: bool
    #: True where a line may be written over.
    is_live: bool

    def styled(self, text: str, style: Style) -> str:
        """Set text off where colour is known; the text must be safe already."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.has_colour and text else text


def look_at(stream: TextIO, *, no_color: bool, term: str) -> Terminal:
    """Find out what a stream can show; `NO_COLOR` and `TERM=dumb` are obeyed, a file is never coloured."""
    if not stream.isatty():
        return Terminal(PLAIN_WIDTH, has_colour=False, is_live=False)
    columns = shutil.get_terminal_size().columns
    is_smart = term != "dumb"
    return Terminal(max(columns, NARROWEST), has_colour=is_smart and not no_color, is_live=is_smart)


def printable(text: str) -> str:
    r"""Return the text with every control character as an escape such as `\x1b`, direction marks included."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def columns_of(text: str) -> int:
    """Count the columns that a safe text takes: wide letters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def fitted(text: str, columns: int) -> str:
    """Cut a safe text to at most so many columns, with an ellipsis where something is lost."""
    if columns_of(text) <= columns:
        return text
    kept, taken = "", 0
    for char in text:
        taken += _columns(char)
        if taken > columns - 1:
            break
        kept += char
    return kept + "…" if columns > 0 else ""


def padded(text: str, columns: int) -> str:
    """Fill a safe text with blanks to so many columns."""
    return text + " " * (columns - columns_of(text))


def wrapped(pieces: Sequence[str], columns: int, *, indent: int = 0) -> Iterator[str]:
    """Set safe pieces into lines with a blank between two; no piece is broken, a longer one sticks out.

    The first line leaves room for `indent` columns that the caller has filled; the others begin with as many blanks.
    """
    line = ""
    margin = ""
    for piece in pieces:
        if line and indent + columns_of(line) + 1 + columns_of(piece) > columns:
            yield margin + line
            line, margin = piece, " " * indent
        else:
            line = f"{line} {piece}" if line else piece
    yield margin + line


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

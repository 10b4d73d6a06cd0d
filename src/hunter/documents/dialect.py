"""How a CSV was written: its encoding and its separator, decided by evidence.

In: the whole file in blocks, then a sample of its text. Out: codec name and separator. UTF-8 proves itself (RFC 3629);
Windows-1254 and ISO-8859-9 have the same Turkish letters and differ in 0x80 to 0x9F only, where ISO has no letters.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

SEPARATORS: Final = (";", ",", "\t", "|")
#: Rows by which the separator is chosen.
SAMPLE_ROWS: Final = 200
#: A separator that cuts fewer of the rows stands inside texts.
_LEAST_CUT: Final = 0.5
#: What Excel writes and obeys as the first line of a file.
HINT: Final = "sep="
UTF8: Final = "utf-8-sig"
WINDOWS: Final = "cp1254"
ISO: Final = "iso8859-9"
_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: Bytes that Windows-1254 leaves open; in ISO-8859-9 they are control characters.
_OPEN_IN_WINDOWS: Final = b"\x81\x8d\x8e\x8f\x90\x9d\x9e"
_ONLY_IN_WINDOWS: Final = bytes(byte for byte in range(0x80, 0xA0) if byte not in _OPEN_IN_WINDOWS)
#: Name of the way to read a UTF-8 text into which lines of a Turkish Windows were pasted.
MIXED: Final = "hunter-mixed"
_TURKISH: Final = {byte: bytes((byte,)).decode("cp1254") for byte in "ığüşöçİĞÜŞÖÇ".encode("cp1254")}
_HIGH: Final = bytes(range(0x80, 0x100))
#: Control characters that no text holds; NUL is judged apart, because single ones come from broken exports.
_CONTROLS: Final = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f")) + b"\x7f"
#: One damaged character in so many sequences of several bytes leaves a text UTF-8.
_DAMAGE: Final = 20


def _read_mixed(error: UnicodeError) -> tuple[str, int]:
    """Read the Turkish letters of Windows-1254 where UTF-8 is broken; any other byte becomes U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(_TURKISH.get(byte, "\ufffd") for byte in broken), error.end


codecs.register_error(MIXED, _read_mixed)


class NotText(ValueError):
    """The bytes are no text in any of the encodings."""


class EncodingJudge:
    """Takes the bytes of a file in blocks and says in which encoding they were written."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_utf8 = True
        self._counts: Counter[str] = Counter()
        self._head = b""
        #: Ends of lines so far, of any kind.
        self.line_ends = 0

    def take(self, block: bytes) -> None:
        """Look at the next block."""
        self._head = self._head or block[:4]
        self.line_ends += block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
        counts = self._counts
        counts["bytes"] += len(block)
        counts["even_nul"] += block[::2].count(0)
        counts["odd_nul"] += block[1::2].count(0)
        counts["controls"] += _count(block, _CONTROLS)
        if not block.isascii():
            self._take_letters(block)

    def encoding(self) -> str:
        """Return the codec; raises `NotText`."""
        for mark, codec in _UTF16.items():
            if self._head.startswith(mark):
                return codec
        counts = self._counts
        even, odd = counts["even_nul"], counts["odd_nul"]
        if max(even, odd) * 5 > counts["bytes"] and min(even, odd) * 50 < max(even, odd):
            return "utf-16-be" if even > odd else "utf-16-le"
        if (even + odd + counts["controls"]) * 50 > counts["bytes"]:
            raise NotText
        if self._ends_as_utf8() or counts["wrong"] * _DAMAGE < counts["right"]:
            return UTF8
        return ISO if counts["open"] > counts["windows"] else WINDOWS

    def _ends_as_utf8(self) -> bool:
        """Tell whether all was UTF-8, no letter cut off at the end."""
        if self._is_utf8:
            try:
                self._decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self._is_utf8 = False
        return self._is_utf8

    def _take_letters(self, block: bytes) -> None:
        if self._is_utf8:
            try:
                self._decoder.decode(block)
            except UnicodeDecodeError:
                self._is_utf8 = False
        # A character that is cut at the end of a block counts as a wrong one; blocks are large.
        text = block.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        self._counts["wrong"] += wrong
        self._counts["right"] += len(text) - wrong - (len(block) - _count(block, _HIGH))
        self._counts["open"] += _count(block, _OPEN_IN_WINDOWS)
        self._counts["windows"] += _count(block, _ONLY_IN_WINDOWS)


def _count(block: bytes, which: bytes) -> int:
    """Count the bytes of a block that are among some."""
    return len(block) - len(block.translate(None, which))


def find_separator(lines: Iterable[str]) -> str:
    """Return the separator that cuts most rows of a sample into the same number of cells; empty when none does.

    A first line such as `sep=;` is obeyed, as Excel obeys it.
    """
    sample = list(islice(lines, SAMPLE_ROWS))
    hinted = hinted_separator(sample[0]) if sample else ""
    if hinted:
        return hinted
    fits = {separator: _fit(sample, separator) for separator in SEPARATORS}
    best = max(fits, key=lambda separator: fits[separator])
    return best if fits[best].cut >= _LEAST_CUT else ""


def hinted_separator(line: str) -> str:
    """Return the separator that a line such as `sep=;` names; empty for any other line."""
    text = line.strip('\r\n\ufeff" ')
    named = text[len(HINT) :] if text.lower().startswith(HINT) else ""
    return named if len(named) == 1 and not named.isalnum() else ""


class _Fit(NamedTuple):
    """How well a separator cuts a sample; the order of the fields is that of their weight."""

    #: Share of rows with the usual number of cells, in tenths, so that a few ragged rows do not make a comma inside
    #: every address the better separator.
    usual: float = 0.0
    #: That number.
    cells: int = 0
    #: Share of rows that are cut at all.
    cut: float = 0.0


def _fit(sample: Sequence[str], separator: str) -> _Fit:
    try:
        rows = [len(row) for row in csv.reader(sample, delimiter=separator) if any(cell.strip() for cell in row)]
    except csv.Error:
        return _Fit()
    cut = Counter(cells for cells in rows if cells > 1)
    if not cut:
        return _Fit()
    usual, count = max(cut.items(), key=lambda pair: (pair[1], pair[0]))
    return _Fit(round(count / len(rows), 1), usual, cut.total() / len(rows))

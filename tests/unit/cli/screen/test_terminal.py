"""Terminal: text made safe, measured and set into lines."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.cli.screen.terminal import Style, Terminal, columns_of, fitted, look_at, padded, printable, wrapped


class Screen(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("düz yazı", "düz yazı"),
        ("\x1b[31mkırmızı\x07", r"\x1b[31mkırmızı\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("a\r\nb\tc", r"a\x0d\x0ab\x09c"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_control_characters_are_shown_as_escapes(text: str, safe: str) -> None:
    assert printable(text) == safe


@given(st.text())
def test_what_is_made_safe_is_printable(text: str) -> None:
    assert printable(text).isprintable()


def test_columns_count_wide_letters_twice_and_combining_marks_not() -> None:
    assert [columns_of(text) for text in ("abc", "çğş", "日本", "e\u0301")] == [3, 3, 4, 1]


def test_a_text_is_cut_with_an_ellipsis_only_where_something_is_lost() -> None:
    assert [fitted("abcdef", room) for room in (6, 5, 1, 0)] == ["abcdef", "abcd…", "…", ""]
    assert fitted("日本語", 4) == "日…"
    assert padded("日本", 6) == "日本  "


def test_lines_break_between_pieces_and_leave_room_for_the_label() -> None:
    assert list(wrapped(["bir", "iki", "üç", "dört"], 12, indent=4)) == ["bir iki", "    üç dört"]
    assert list(wrapped(["çokuzunbirparça", "a"], 6)) == ["çokuzunbirparça", "a"]


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=9), min_size=1))
def test_no_piece_is_lost_and_no_line_is_too_long(pieces: list[str]) -> None:
    lines = list(wrapped(pieces, 20, indent=3))
    assert " ".join(lines).split() == pieces
    assert all(columns_of(line) <= 20 for line in lines[1:])


def test_a_file_gets_neither_colour_nor_a_live_line() -> None:
    terminal = look_at(StringIO(), no_color=False, term="xterm")
    assert (terminal.has_colour, terminal.is_live) == (False, False)


@pytest.mark.parametrize(
    ("no_color", "term", "has_colour", "is_live"),
    [(False, "xterm", True, True), (True, "xterm", False, True), (False, "dumb", False, False)],
)
def test_a_screen_is_coloured_unless_told_otherwise(no_color: bool, term: str, has_colour: bool, is_live: bool) -> None:
    terminal = look_at(Screen(), no_color=no_color, term=term)
    assert (terminal.has_colour, terminal.is_live) == (has_colour, is_live)


def test_style_is_set_only_where_there_is_colour() -> None:
    assert Terminal(80, has_colour=True, is_live=False).styled("a", Style.BOLD) == "\x1b[1ma\x1b[0m"
    assert Terminal(80, has_colour=False, is_live=False).styled("a", Style.BOLD) == "a"

"""The live line: what it says, when, and what stays."""

from io import StringIO

from hunter.cli.screen.progress import Progress
from hunter.cli.screen.terminal import Terminal
from tests.support.words import wording


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def progress(*, is_live: bool, width: int = 80) -> tuple[Progress, StringIO, Clock]:
    stream, clock = StringIO(), Clock()
    terminal = Terminal(width, has_colour=False, is_live=is_live)
    return Progress(stream, terminal, wording(), clock=clock), stream, clock


def test_the_line_tells_count_rate_and_remaining_time() -> None:
    line, stream, clock = progress(is_live=True)
    clock.now += 4
    line.show(200, 1_000)
    assert stream.getvalue() == "\r\x1b[K200 / 1.000 alan adı · saniyede 50,0 · kalan 16 sn"


def test_long_times_are_told_in_minutes() -> None:
    line, stream, clock = progress(is_live=True)
    clock.now += 2
    line.show(10, 6_010)
    assert stream.getvalue().endswith("kalan 20 dk")


def test_no_time_is_guessed_at_the_very_start_nor_without_a_count() -> None:
    line, stream, clock = progress(is_live=True)
    clock.now += 0.5
    line.show(10, 100)
    clock.now += 9.5
    line.show(20, None)
    assert "kalan" not in stream.getvalue()
    assert stream.getvalue().endswith("20 alan adı · saniyede 2,0")


def test_a_note_stands_above_the_line_and_the_line_can_be_taken_away() -> None:
    line, stream, clock = progress(is_live=True)
    clock.now += 1
    line.show(1, 2)
    line.note("a.example okunamadı")
    assert stream.getvalue().endswith("\r\x1b[Ka.example okunamadı\n")
    line.clear()
    assert stream.getvalue().endswith("okunamadı\n")


def test_elsewhere_only_notes_are_written_and_no_control_character() -> None:
    line, stream, clock = progress(is_live=False)
    clock.now += 5
    line.show(1, 2)
    line.clear()
    line.note("\x1b[31mkötü\x1b[0m")
    assert stream.getvalue() == "\\x1b[31mkötü\\x1b[0m\n"


def test_the_line_never_breaks() -> None:
    line, stream, clock = progress(is_live=True, width=20)
    clock.now += 4
    line.show(200, 1_000)
    assert len(stream.getvalue().removeprefix("\r\x1b[K")) == 19

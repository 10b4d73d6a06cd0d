"""The brief of one company on a terminal: verdict first, on one screen.

In: a `Brief` of finished phrases and what the terminal can show. Out: lines, safe to print.
"""

from collections.abc import Iterator
from typing import Final

from hunter.cli.screen.terminal import Style, Terminal, columns_of, padded, printable, wrapped
from hunter.core.names.domain_name import display_name
from hunter.sales.brief import Brief, BriefAnswer, ScoreStep
from hunter.sales.finding import Mark
from hunter.sales.wording import Wording

SIGNS: Final = {
    Mark.BAD: ("✗", Style.BAD),
    Mark.WEAK: ("!", Style.WEAK),
    Mark.PLAIN: ("·", Style.DIM),
    Mark.GOOD: ("✓", Style.GOOD),
}
UNREAD_SIGN: Final = ("?", Style.WEAK)
#: Lines are no longer than this on a wide terminal, so that the eye finds the next one.
LONGEST_LINE: Final = 100


def brief_lines(brief: Brief, terminal: Terminal, wording: Wording) -> Iterator[str]:
    """Yield the lines of a brief."""
    width = min(terminal.width, LONGEST_LINE)
    yield from _headline(brief, terminal, wording)
    yield from _verdict(brief, terminal, width)
    yield ""
    yield from _rows(brief, terminal, width, wording)
    if brief.findings:
        yield ""
        yield _heading(wording.say("brief.findings"), "", terminal)
        for finding in brief.findings:
            yield from _item(SIGNS[finding.mark], f"{finding.title}: {finding.meaning}", terminal, width)
    if brief.unread:
        yield ""
        yield _heading(wording.say("brief.unread"), wording.say("brief.unread_note"), terminal)
        for one in brief.unread:
            yield from _item(UNREAD_SIGN, f"{one.title}: {one.cause}", terminal, width)


def shown_domain(domain: str) -> str:
    """Return a name as people write it, with the form that DNS knows where the two differ."""
    shown = printable(display_name(domain))
    return shown if shown == domain else f"{shown} ({domain})"


def _headline(brief: Brief, terminal: Terminal, wording: Wording) -> Iterator[str]:
    score = wording.say("brief.no_score") if brief.score is None else wording.say("brief.score", {"score": brief.score})
    parts = [terminal.styled(shown_domain(brief.domain), Style.BOLD), score]
    if brief.priority is not None:
        parts.append(wording.say("brief.priority", {"priority": brief.priority}))
    yield " · ".join(parts)


def _verdict(brief: Brief, terminal: Terminal, width: int) -> Iterator[str]:
    """Lead and rest flow as one paragraph; only the lead is strong, on whichever lines it falls."""
    lead = printable(brief.verdict.lead)
    left = len(lead)
    for line in wrapped(f"{lead} {printable(brief.verdict.rest)}".split(" "), width):
        strong, plain = line[: max(left, 0)], line[max(left, 0) :]
        left -= len(line) + 1
        yield terminal.styled(strong, Style.BOLD) + plain


def _rows(brief: Brief, terminal: Terminal, width: int, wording: Wording) -> Iterator[str]:
    """The answers, and between them and what was seen the steps of the score; labels stand in a column."""
    rows = [(answer.question, _answer_pieces(answer)) for answer in brief.answers]
    if brief.steps:
        pieces = [*_step_pieces(brief.steps), f"= {brief.score}", brief.rulebook]
        rows.append((wording.say("brief.why_score", {"score": str(brief.score)}), pieces))
    indent = max(columns_of(label) for label, _ in rows) + 2
    for label, pieces in rows:
        lines = wrapped(pieces, width, indent=indent)
        yield terminal.styled(padded(label, indent), Style.DIM) + next(lines)
        yield from lines


def _answer_pieces(answer: BriefAnswer) -> list[str]:
    detail = f": {answer.detail}" if answer.detail else ""
    return printable(f"{answer.answer}{detail}").split(" ")


def _step_pieces(steps: tuple[ScoreStep, ...]) -> list[str]:
    """Every step with its points, unbroken."""
    pieces = [f"{printable(step.label)} {_signed(step.points)}" for step in steps]
    return [*(f"{piece} ·" for piece in pieces[:-1]), pieces[-1]]


def _heading(title: str, note: str, terminal: Terminal) -> str:
    heading = terminal.styled(printable(title), Style.BOLD)
    return f"{heading}  {terminal.styled(printable(note), Style.DIM)}" if note else heading


def _signed(points: int) -> str:
    return f"+{points}" if points >= 0 else f"−{-points}"


def _item(sign: tuple[str, Style], text: str, terminal: Terminal, width: int) -> Iterator[str]:
    lines = wrapped(printable(text).split(" "), width, indent=4)
    yield f"  {terminal.styled(*sign)} {next(lines)}"
    yield from lines

"""How the mail server of the lab misbehaves: at which step of a conversation, and how. Read from `TROUBLE@STEP`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hunter.core.errors import InvalidInput


class MailStep(StrEnum):
    """Where in a conversation; each but the greeting is named by the command that it answers."""

    GREETING = "greeting"
    EHLO = "ehlo"
    HELO = "helo"
    MAIL = "mail"
    RCPT = "rcpt"
    QUIT = "quit"


class MailTrouble(StrEnum):
    """What happens instead of the usual reply."""

    #: The argument is said instead, a reply of one line.
    SAY = "say"
    #: The connection stays open, and nothing comes.
    SILENT = "silent"
    #: The connection ends in the middle of the reply.
    CUT = "cut"
    #: The reply comes after so many milliseconds.
    SLOW = "slow"
    #: The reply comes in single bytes, so many milliseconds apart.
    DRIP = "drip"
    #: A reply of several megabytes, whose every line says that there is more.
    ENDLESS = "endless"
    #: One line of several megabytes.
    LONG_LINE = "long_line"
    #: Bytes that are no reply.
    GARBAGE = "garbage"
    #: The usual code, and a text with control characters for a terminal.
    CONTROLS = "controls"
    #: The usual reply with bare line feeds, which RFC 5321 §2.3.8 forbids.
    BARE_FEEDS = "bare_feeds"
    #: A reply of two lines with two codes.
    TWO_CODES = "two_codes"
    #: The usual reply twice, in one piece.
    TWICE = "twice"


#: Troubles that need a number, in milliseconds.
_WITH_NUMBER: Final = frozenset({MailTrouble.SLOW, MailTrouble.DRIP})


@dataclass(frozen=True, slots=True)
class MailFault:
    """One trouble at one step."""

    trouble: MailTrouble
    step: MailStep
    #: What is said, or a number of milliseconds.
    argument: str = ""


def parse_mail_fault(text: str) -> MailFault:
    """Read `TROUBLE@STEP` or `TROUBLE:ARGUMENT@STEP`; raises `InvalidInput`."""
    what, _, where = text.rpartition("@")
    trouble, _, argument = what.partition(":")
    if trouble not in set(MailTrouble) or where not in set(MailStep):
        raise InvalidInput(f"{text!r} is no trouble of a mail server: write TROUBLE@STEP")
    fault = MailFault(MailTrouble(trouble), MailStep(where), argument)
    if fault.trouble in _WITH_NUMBER and not (argument.isascii() and argument.isdecimal()):
        raise InvalidInput(f"{text!r} needs milliseconds: write {trouble}:NUMBER@{where}")
    if fault.trouble is MailTrouble.SAY and not argument.isprintable():
        raise InvalidInput(f"{text!r} is no reply of one line")
    return fault

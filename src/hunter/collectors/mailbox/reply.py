"""SMTP replies: bytes -> whole replies (RFC 5321 §4.2), and what a reply to RCPT says of an address.

In: bytes as they arrive. Out: a `Reply`, or `BrokenReply` for what is none; memory is bounded. No sockets here.
"""

import re
from dataclasses import dataclass
from typing import Final

from hunter.core.errors import HunterError

#: The standard has 512 octets for a line and lets servers be generous; a greeting of many lines stays far below this.
LONGEST_LINE: Final = 1000
LARGEST_REPLY: Final = 16_384
_MOST_LINES: Final = 100

#: The first digits are those of RFC 5321 §4.2.1; a tab is the only control that a text may hold.
_LINE: Final = re.compile(rb"([2-5][0-5][0-9])(?:([ -])([^\x00-\x08\x0a-\x1f\x7f]*))?\r\n")
#: RFC 2034; some gateways put a hash before it.
_ENHANCED: Final = re.compile(r"#?([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")

#: "Done" and "will be forwarded". 252 is no yes: the server itself says that it has not looked.
_TAKEN: Final = frozenset({250, 251})
#: Other 5xx codes speak of commands, log-ins, full mailboxes or the host (RFC 5321 §4.2.3, RFC 4954, RFC 7504).
_REFUSED: Final = frozenset({550, 551, 553, 554, 556})
#: Subject and detail (RFC 3463) that speak of the recipient. Others speak of the sender, of policy, of a full mailbox.
#: 5.4.1 is what Exchange Online says of a recipient that its directory does not know.
_OF_THE_RECIPIENT: Final = frozenset({(0, 0), (1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 0), (2, 1), (4, 1)})
#: A refusal without such a code speaks of us and not of the address where one of these stands in it.
_OF_US: Final = (
    *("authenticat", "banned", "black list", "blacklist", "block", "client host", "helo", "policy", "rbl"),
    *("relay", "reputation", "reverse", "sender", "spam", "too many"),
)


class BrokenReply(HunterError):
    """What a server says is no SMTP, or answers more than was asked: nothing it said can be trusted."""

    code = "broken_reply"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a server."""

    code: int
    #: The lines without their codes; never empty.
    texts: tuple[str, ...]


class ReplyReader:
    """Collects bytes and gives whole replies, one after the other."""

    def __init__(self) -> None:
        self._arrived = bytearray()
        self._code = 0
        self._texts: list[str] = []
        self._taken_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has arrived beyond the replies that were taken."""
        return not self._arrived and not self._texts

    def feed(self, chunk: bytes) -> None:
        """Add what arrived."""
        self._arrived += chunk

    def take(self) -> Reply | None:
        """Return the next reply; None while its end is missing. Raises `BrokenReply`."""
        while (end := self._arrived.find(b"\n", 0, LONGEST_LINE)) >= 0:
            line = bytes(self._arrived[: end + 1])
            del self._arrived[: end + 1]
            if self._is_last(line):
                reply = Reply(self._code, tuple(self._texts))
                self._texts, self._taken_bytes = [], 0
                return reply
        if len(self._arrived) >= LONGEST_LINE:
            raise BrokenReply("a line without end")
        return None

    def _is_last(self, line: bytes) -> bool:
        match = _LINE.fullmatch(line)
        if match is None:
            raise BrokenReply("a line that is no reply")
        code = int(match[1])
        if self._texts and code != self._code:
            raise BrokenReply("a reply with two codes")
        self._code = code
        self._texts.append((match[3] or b"").decode("utf-8", "replace"))
        self._taken_bytes += len(line)
        if self._taken_bytes > LARGEST_REPLY or len(self._texts) > _MOST_LINES:
            raise BrokenReply("a reply without end")
        return match[2] != b"-"


def extensions_of(reply: Reply) -> frozenset[str]:
    """Return the keywords that a reply to EHLO offers, in capitals (RFC 5321 §4.1.1.1)."""
    return frozenset(words[0].upper() for text in reply.texts[1:] if (words := text.split()))


def takes_recipient(reply: Reply) -> bool | None:
    """Say what a reply to RCPT says of the address; None where it speaks of something else, or only of now."""
    if reply.code in _TAKEN:
        return True
    if reply.code not in _REFUSED:
        return None
    enhanced = _ENHANCED.match(reply.texts[0].lstrip())
    if enhanced is not None:
        is_of_it = enhanced[1] == "5" and (int(enhanced[2]), int(enhanced[3])) in _OF_THE_RECIPIENT
        return False if is_of_it else None
    said = " ".join(reply.texts).casefold()
    return None if any(word in said for word in _OF_US) else False

"""Masking: what must never be read in a log, an error report or a metric is made unreadable here.

In: any text. Out: the same text without e-mail addresses and passwords, on one line and printable. A keyed hash stands
for what has to be told apart without being named.
"""

import hashlib
import hmac
import re
from typing import Final

#: Hex digits of a reference; enough to tell two apart, too few to be an identity.
_REFERENCE_LENGTH: Final = 8
#: More of one text in one line helps nobody.
_LONGEST: Final = 2000
_URL_USER: Final = re.compile(r"://[^/\s@]{1,512}@")
#: Wider than any mail system takes, so that nothing slips through; bounded, so that it stays linear.
_EMAIL: Final = re.compile(r"[^\s@<>\"',;:()\[\]{}=|]{1,64}@[^\s@<>\"',;:()\[\]{}=|/]{1,255}")


class Masking:
    """Masks texts under one key; the same text gives the same reference in every process that has the key."""

    def __init__(self, key: bytes) -> None:
        if not key:
            raise ValueError("masking needs a key: without one, references could be guessed from a list of names")
        self._key = key

    def reference(self, text: str) -> str:
        """Return eight hex characters that stand for a text; case and surrounding space do not count."""
        folded = text.strip().casefold().encode("utf-8", "replace")
        return hmac.new(self._key, folded, hashlib.sha256).hexdigest()[:_REFERENCE_LENGTH]

    def scrub(self, text: str) -> str:
        """Return a text without user names and passwords of URLs, without e-mail addresses, printable, on one line."""
        cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        hidden = _URL_USER.sub("://[hidden]@", cut)
        masked = _EMAIL.sub(lambda found: f"[e-mail {self.reference(found[0])}]", hidden)
        return escape_controls(masked)


def escape_controls(text: str) -> str:
    """Return the text with every character that a terminal or a log reader may obey written out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written(char) for char in text)


def _written(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

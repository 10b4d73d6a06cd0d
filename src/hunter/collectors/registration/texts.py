"""Texts from registries made safe and comparable: bytes to lines, names, hosts, states.

In: bytes in UTF-8 or ISO-8859-9 (Turkish registries and registrars of old), any length. Out: text without control
characters, escape sequences of terminals or lone surrogates. Markup stays what it is, characters: pages escape it.
"""

import re
import unicodedata
from typing import Final

from hunter.core.names.domain_name import is_valid_domain, normalise_domain

#: Longest answer that is read; real ones have a few thousand bytes.
LARGEST_ANSWER: Final = 1 << 17
#: Most lines that are read; real answers have a few hundred.
MOST_LINES: Final = 4000
LONGEST_NAME: Final = 255
#: Stands in a line where a control character stood, so that what was apart from the rest does not pass for a name.
CONTROL: Final = "\x00"
#: Turkish letters to those that sentences are compared in.
FOLD: Final = str.maketrans("ıİşŞğĞçÇöÖüÜéÉ", "iissggccoouuee")
_LONGEST_HOST: Final = 253
_LONGEST_LABEL: Final = 63
#: Longer lines are no fields; what is behind is not looked at.
_LONGEST_LINE: Final = 1000

_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])|\x9b[0-?]*[ -/]*[@-~]")
#: What registries write where they tell nothing.
_WITHHELD: Final = re.compile(
    r"[-.*_/ ]*|n/?a|none|null|nil|unknown|not (?:disclosed|available|applicable|provided)|<?no value>?|"
    r".*\bredacted\b.*|hidden upon user request|data protected.*|gdpr (?:masked|redacted|protected).*|"
    r"private|withheld.*|please query .*|bilgi yok|gizli(?:dir)?|kullanici istegi.*|"
    # A template that nobody filled in.
    r"%[\w. -]+%|\$?\{+[\w. -]*\}+|<\w+>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"\s*\[tag = [^\]]*\]\s*", re.IGNORECASE)
#: EPP writes `clientTransferProhibited`, often with an address behind that explains it.
_STATUS_END: Final = re.compile(r"\s*(?:\(?https?://|\().*")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def lines_of(answer: bytes, domain: str) -> list[str]:
    """Return the lines of an answer, each decoded by itself, with `CONTROL` for every control character.

    Of an answer that is too long the whole lines in front are read: the last one may be half a line.
    """
    # The two differ in six letters, which are Turkish in one and Icelandic in the other.
    fallback = "iso8859-1" if domain.endswith((".is", ".fo")) else "iso8859-9"
    if len(answer) > LARGEST_ANSWER:
        answer = answer[: answer.rfind(b"\n", 0, LARGEST_ANSWER) + 1]
    return [
        _marked(_decoded(line[:_LONGEST_LINE], fallback)) if line else ""
        for line in answer.removeprefix(b"\xef\xbb\xbf").splitlines()[:MOST_LINES]
    ]


def _marked(text: str) -> str:
    """Return a line with its indent, spaces for white space and a mark for what cannot be printed."""
    if not text.isascii():
        # Letters and their accents apart (NFD) are the same letters.
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        if "\x1b" in text or "\x9b" in text:
            text = _ESCAPE.sub(CONTROL, text)
        text = "".join(
            [c if c.isprintable() else " " if c in "\t\v\f" or (c.isspace() and c > "\x85") else CONTROL for c in text]
        )
    return text.rstrip(" " + CONTROL)


def _decoded(line: bytes, fallback: str) -> str:
    if line.isascii():
        return line.decode("ascii")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(fallback)


def clean(text: str) -> str:
    """Return a text on one line, without control characters and with single spaces."""
    if not text.isprintable():
        if "\x1b" in text or "\x9b" in text:
            text = _ESCAPE.sub(" ", text)
        text = "".join([c if c.isprintable() else " " for c in text])
    return " ".join(text.split())


def registrar_name(text: str) -> str | None:
    """Return a registrar's name fit to be shown; None where the text tells none."""
    name = _TAG.sub(" ", clean(text))[:LONGEST_NAME].strip()
    return None if _WITHHELD.fullmatch(name) else name


def host_name(text: str) -> str | None:
    """Return a host in canonical form; None where the text is none."""
    host = text.strip(",;()[]").rstrip(".").lower()
    # Long labels are sorted out first: to write one in ASCII costs time, and it only becomes longer.
    if len(host) > _LONGEST_HOST or max(map(len, host.split("."))) > _LONGEST_LABEL or not is_valid_domain(host):
        return None
    # An A-label form is what name servers are compared in; names as typed lose a `www.` label there, these may not.
    return host if host.isascii() else normalise_domain(host) or None


def same_domain(text: str, domain: str) -> bool:
    """Say whether a registry's spelling, in capitals, Unicode or with a final dot, is this canonical domain."""
    if len(text) > _LONGEST_HOST + 1:
        return False
    return text.rstrip(".").lower() == domain or normalise_domain(text) == domain


def status_word(text: str) -> str:
    """Return a state in the words of RFC 8056: `clientTransferProhibited https://…` is `client transfer prohibited`."""
    word = _HUMP.sub(" ", _STATUS_END.sub("", clean(text)))
    return word.replace("_", " ").strip(" .,").lower()[:LONGEST_NAME]

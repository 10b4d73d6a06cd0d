"""Texts from registries made safe and comparable: bytes to lines, names, hosts, states.

In: bytes in UTF-8 or ISO-8859-9 (Turkish registries and registrars of old), any length. Out: text without control
characters, escape sequences of terminals or lone surrogates. Markup stays what it is, characters: pages escape it.
"""

import re
from typing import Final

from hunter.core.domain_name import is_valid_domain, normalise_domain

#: Longest answer that is read; real ones have a few thousand bytes.
LARGEST_ANSWER: Final = 1 << 20
LONGEST_NAME: Final = 255
_MOST_LINES: Final = 100_000
#: Longer lines are no fields; what is behind is not looked at.
_LONGEST_LINE: Final = 1000

_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])|\x9b[0-?]*[ -/]*[@-~]")
#: What registries write where they tell nothing.
_WITHHELD: Final = re.compile(
    r"[-.*_/ ]*|n/?a|none|null|nil|unknown|not (?:disclosed|available|applicable|provided)|<?no value>?|"
    r".*\bredacted\b.*|hidden upon user request|data protected.*|gdpr (?:masked|redacted|protected).*|"
    r"private|withheld.*|please query .*|bilgi yok|gizli(?:dir)?|kullanici istegi.*",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"\s*\[tag = [^\]]*\]\s*", re.IGNORECASE)
#: EPP writes `clientTransferProhibited`, often with an address behind that explains it.
_STATUS_END: Final = re.compile(r"\s*(?:\(?https?://|\().*")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def lines_of(answer: bytes, domain: str) -> list[str]:
    """Return the lines of an answer, each decoded by itself, without control characters at all."""
    # The two differ in six letters, which are Turkish in one and Icelandic in the other.
    fallback = "iso8859-1" if domain.endswith((".is", ".fo")) else "iso8859-9"
    return [
        clean(_decoded(line[:_LONGEST_LINE], fallback), keep_indent=True) if line else ""
        for line in answer[:LARGEST_ANSWER].removeprefix(b"\xef\xbb\xbf").splitlines()[:_MOST_LINES]
    ]


def _decoded(line: bytes, fallback: str) -> str:
    if line.isascii():
        return line.decode("ascii")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(fallback)


def clean(text: str, *, keep_indent: bool = False) -> str:
    """Return a text on one line, without control characters and with single spaces."""
    if not text.isprintable():
        if "\x1b" in text or "\x9b" in text:
            text = _ESCAPE.sub(" ", text)
        text = "".join([c if c.isprintable() else " " for c in text])
    if keep_indent:
        return text.rstrip()
    return " ".join(text.split())


def registrar_name(text: str) -> str | None:
    """Return a registrar's name fit to be shown; None where the text tells none."""
    name = _TAG.sub(" ", clean(text))[:LONGEST_NAME].strip()
    return None if _WITHHELD.fullmatch(name) else name


def host_name(text: str) -> str | None:
    """Return a host in canonical form; None where the text is none."""
    host = text.strip(",;()[]").rstrip(".").lower()
    if not is_valid_domain(host):
        return None
    # An A-label form is what name servers are compared in; names as typed lose a `www.` label there, these may not.
    return host if host.isascii() else normalise_domain(host) or None


def same_domain(text: str, domain: str) -> bool:
    """Say whether a registry's spelling, in capitals, Unicode or with a final dot, is this canonical domain."""
    return text.rstrip(".").lower() == domain or normalise_domain(text) == domain


def status_word(text: str) -> str:
    """Return a state in the words of RFC 8056: `clientTransferProhibited https://…` is `client transfer prohibited`."""
    word = _HUMP.sub(" ", _STATUS_END.sub("", clean(text)))
    return word.replace("_", " ").strip(" .,").lower()[:LONGEST_NAME]

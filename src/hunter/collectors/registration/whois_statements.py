"""What a WHOIS server says in a sentence instead of a record: not found, asked too often, not here.

In: lines of an answer that held no record. Out: an outcome. Limits, refusals and trouble are looked for first, so that
neither makes a domain free. Terms of use speak of limits too, so a limit counts only as something that has happened.
"""

import re
from collections.abc import Sequence
from typing import Final

from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.collectors.registration.texts import FOLD
from hunter.collectors.registration.whois_absence import Statement, statement_of

_MOST_LINES: Final = 200
_LONGEST_SENTENCE: Final = 240
_MOST_CHARACTERS: Final = 12_000

_ASKED_TOO_OFTEN: Final = re.compile(
    r"exceed(?:ed|s)\b.{0,60}\b(?:limit|quota|rate|number|maximum|allowed|queries|requests|lookups)|"
    r"\b(?:limit|quota|quotas|rate|queries|requests|lookups?)\b.{0,40}\b(?:exceeded|reached|depasse|is over)|"
    r"\bquota\b.{0,20}\b(?:error|full)|too many (?:requests|queries|connections|simultaneous|lookups|attempts|whois)|"
    r"(?:because of|due to)\b.{0,40}\bexcessive|black ?listed|throttled|"
    r"(?:temporarily|permanently) (?:denied|blocked|banned)|"
    r"(?:try|retry|query|come back)(?: it)? (?:again )?(?:later|after|in \d)|"
    r"(?:your|this|the) (?:ip|ip address|address|host|client|network)\b.{0,40}\b(?:blocked|banned|denied|restricted)|"
    r"access (?:control limit|denied for|from your host)|please slow down|"
    r"\b(?:sorgu|sorgulama|istek|gunluk)\b.{0,30}\b(?:limit|sinir|kota|hak)\w*|\bkota\w*\b.{0,30}\b(?:as|dol)\w+|"
    r"\b(?:limit|sinir|sayisi)\w*\b.{0,30}\b(?:as(?:il|ti|tin|mis)\w*|dol\w+)|"
    r"\b(?:ip|adresiniz)\b.{0,30}\bengellen\w+|\basiri (?:sayida )?(?:sorgu|istek)|"
    r"\bfazla (?:sayida )?(?:sorgu|istek)|daha sonra (?:tekrar|yeniden)"
)
_CLOSED: Final = re.compile(
    r"(?:whois|service|server).{0,60}\b(?:retired|discontinued|decommissioned|shut ?down|has been (?:replaced|closed)|"
    r"no longer (?:available|supported|provided))|(?:please )?use rdap|"
    r"\btld\b.{0,40}\b(?:not supported|unsupported|not found|does not exist)|unsupported tld|"
    r"no whois server|(?:whois )?server not found|not (?:authoritative|responsible) for"
)
_NOT_TOLD: Final = re.compile(
    r"\b(?:domain|name|string|object|label)\b.{0,60}\b(?:is|are|has been) "
    r"(?:reserved|blocked|withheld|not allowed|not available for registration)|"
    r"^\W*reserved\b|cannot be registered|access denied|tahsise kapali|erisim\w*\b.{0,20}\bengellen\w+|"
    r"(?:invalid|bad|malformed|unknown) (?:query|request|input|domain|syntax|parameter)|kisitli (?:alan )?ad"
)
#: Refusals in words that terms of use are full of: they count only where nothing else was said.
_FORBIDDEN: Final = re.compile(
    r"\b(?:domain|name|string|object|label)\b.{0,60}\b(?:is|are|has been) (?:prohibited|restricted|forbidden)|"
    r"not authori[sz]ed|permission denied"
)
_BUSY: Final = re.compile(
    r"(?:internal|server|database|system) (?:server )?(?:error|failure)|(?:service|server|database|system) "
    r"(?:is )?(?:temporarily |currently )?(?:unavailable|down|busy|under maintenance|being \w+)|timed? ?out|"
    r"please (?:re)?try|try again|temporary (?:failure|error)|"
    r"gecici olarak|bakim calismasi|sistem hatasi|(?:sunucu|sistem|servis)\w* mesgul"
)
#: By severity: the first that is heard is the reason.
_TROUBLES: Final = (
    (_ASKED_TOO_OFTEN, "rate_limited"),
    (_CLOSED, "no_server"),
    (_NOT_TOLD, "refused"),
    (_BUSY, "server_error"),
)
_ERROR: Final = ("error", "hata", "% error", "%error", "** error")
_PAGE: Final = re.compile(rb"^[ \t]*HTTP/\d|<(?:!doctype|\?xml|/?html|/?head|/?body)\b", re.IGNORECASE | re.MULTILINE)


def is_web_page(answer: bytes) -> bool:
    """Say whether the answer is a page for browsers, as captive portals and filters send, or HTTP at all."""
    return _PAGE.search(answer) is not None


def whois_trouble_of(lines: Sequence[str]) -> str | None:
    """Return why an answer without a record tells nothing, in a word of `REASONS`; None where it claims no trouble."""
    # A sentence may be broken over two lines.
    sentences = _sentences(lines)
    text = " ".join(sentences)
    for pattern, reason in _TROUBLES:
        heard = pattern.search(text) if reason == "rate_limited" else any(map(pattern.search, sentences))
        if heard:
            return reason
    return None


def is_quota_error(lines: Sequence[str]) -> bool:
    """Say whether a line that calls itself an error speaks of a limit: what stands around it is no record then."""
    spoken = [line for line in lines if line.lower().startswith(_ERROR)]
    return any(map(_ASKED_TOO_OFTEN.search, _sentences(spoken)))


def read_statement(lines: Sequence[str], domain: str) -> Registration:
    """Return what lines without a record and without trouble say of a domain; `malformed` where they say nothing."""
    said = statement_of([line for line in lines if line][:_MOST_LINES], domain)
    if said is Statement.FREE:
        return Registration(Outcome.NOT_REGISTERED)
    is_forbidden = said is Statement.NOTHING and any(map(_FORBIDDEN.search, _sentences(lines)))
    return unavailable("refused" if is_forbidden else "malformed")


def _sentences(lines: Sequence[str]) -> list[str]:
    """Return the lines folded and in lower case, as far as anybody would read them."""
    spoken: list[str] = []
    left = _MOST_CHARACTERS
    for line in lines:
        if line and left > 0 and len(spoken) < _MOST_LINES:
            spoken.append(" ".join(line[:_LONGEST_SENTENCE].translate(FOLD).lower().split()))
            left -= len(spoken[-1])
    return spoken

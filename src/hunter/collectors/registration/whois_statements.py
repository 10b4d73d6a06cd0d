"""What a WHOIS server says in a sentence instead of a record: not found, asked too often, not here.

In: lines of an answer that held no record. Out: an outcome. Terms of use speak of limits too, so a limit counts only as
something that has happened ("exceeded"), and it wins over "not found": a quota never makes a domain free.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.collectors.registration.texts import same_domain

_FOLD: Final = str.maketrans("ıİşŞğĞçÇöÖüÜéÉ", "iissggccoouuee")
_MOST_LINES: Final = 400
_LONGEST_SENTENCE: Final = 240

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
    r"\b(?:limit|sinir)\w*\b.{0,30}\b(?:as(?:il|ti|tin)\w*|dol\w+)|"
    r"cok fazla (?:sorgu|istek)|daha sonra (?:tekrar|yeniden)"
)
_CLOSED: Final = re.compile(
    r"(?:whois|service|server).{0,60}\b(?:retired|discontinued|decommissioned|shut ?down|has been (?:replaced|closed)|"
    r"no longer (?:available|supported|provided))|(?:please )?use rdap|"
    r"\btld\b.{0,40}\b(?:not supported|unsupported|not found|does not exist)|unsupported tld|"
    r"no whois server|(?:whois )?server not found|not (?:authoritative|responsible) for"
)
_NOT_TOLD: Final = re.compile(
    r"\b(?:domain|name|string|object|label)\b.{0,60}\b(?:is|are|has been) "
    r"(?:reserved|blocked|prohibited|restricted|withheld|forbidden|not allowed|not available for registration)|"
    r"^\W*reserved\b|cannot be registered|not authori[sz]ed|access denied|permission denied|tahsise kapali|"
    r"(?:invalid|bad|malformed|unknown) (?:query|request|input|domain|syntax|parameter)|kisitli (?:alan )?ad"
)
_BUSY: Final = re.compile(
    r"(?:internal|server|database|system) (?:server )?(?:error|failure)|(?:service|server|database|system) "
    r"(?:is )?(?:temporarily |currently )?(?:unavailable|down|busy|under maintenance)|timed? ?out|"
    r"gecici olarak|bakim calismasi|sistem hatasi"
)
_NO_SUCH_NAME: Final = re.compile(
    r"no match(?:es|ing)?\b(?! all)|(?<!server )(?<!page )(?<!host )(?<!service )not found\b|"
    r"no (?:data|entries|objects?|records?|information|domains?|results?) "
    r"(?:was |were |is )?(?:found|available|exist|match)|"
    r"nothing (?:was )?found|no found\b|no such (?:domain|object|name)|"
    r"(?:domain|name|object|entry|record)\b.{0,80}\b(?:do not exist|does not exist|doesn't exist|not exist)|"
    r"(?:is|are|was|has) (?:not (?:been )?|un)registered|not (?:been )?registered\b|"
    r"(?:\bdomain|\bname|[\w-]\.[a-z]{2,63})[\"']? is (?:still |currently )?(?:free|available)\b"
    r"(?! (?:at|from|on|in|via))|"
    r"available for (?:registration|purchase)|"
    r"status\W+(?:free|available|no object found|not registered)\b|object_not_found|no_se_encontro|"
    r"no se encuentra registrado|^\W*(?:free|available)\W*$|\d{3} available|"
    r"kayit(?:li)? (?:degil|bulunamadi|bulunmamakta|bulunmuyor)|bulunamadi|bulunamamistir|tescilli degil"
)
_NAME: Final = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_PAGE: Final = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body)", re.IGNORECASE)


def is_web_page(lines: Sequence[str]) -> bool:
    """Say whether the answer is a page for browsers, as captive portals and filters send."""
    return any(_PAGE.match(line) for line in lines[:5])


def read_statement(lines: Sequence[str], domain: str) -> Registration:
    """Return what the lines of an answer without a record say of a domain; `malformed` where they say nothing."""
    if is_web_page(lines):
        return unavailable("malformed")
    spoken = [line for line in lines if line][:_MOST_LINES]
    sentences = [" ".join(line[:_LONGEST_SENTENCE].translate(_FOLD).lower().split()) for line in spoken]
    # A sentence about limits may be broken over two lines.
    pairs = [f"{one} {next_one}" for one, next_one in pairwise(sentences)]
    if any(_ASKED_TOO_OFTEN.search(sentence) for sentence in (*sentences, *pairs)):
        return unavailable("rate_limited")
    if any(_CLOSED.search(sentence) for sentence in sentences):
        return unavailable("no_server")
    for sentence, line in zip(sentences, spoken, strict=True):
        if _NO_SUCH_NAME.search(sentence):
            return Registration(Outcome.NOT_REGISTERED) if _is_about(line, domain) else unavailable("malformed")
    for pattern, reason in ((_NOT_TOLD, "refused"), (_BUSY, "server_error")):
        if any(pattern.search(sentence) for sentence in sentences):
            return unavailable(reason)
    return unavailable("malformed")


def _is_about(line: str, domain: str) -> bool:
    """Say whether a sentence speaks of the domain that was asked for; it may do without a name."""
    top = domain.rpartition(".")[2]
    names = [name for name in _NAME.findall(line) if name.rpartition(".")[2].lower() == top]
    names = [name for name in names if not name.lower().startswith(("whois.", "www."))]
    return not names or any(same_domain(name, domain) for name in names)

"""What a WHOIS server says in a sentence instead of a record: not found, asked too often, not here.

In: lines of an answer that held no record. Out: an outcome. Terms of use speak of limits too, so a limit counts only as
something that has happened ("exceeded"), and it wins over "not found": a quota never makes a domain free.
"""

import re
from collections.abc import Sequence
from typing import Final

from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.collectors.registration.texts import same_domain

_FOLD: Final = str.maketrans("ıİşŞğĞçÇöÖüÜéÉ", "iissggccoouuee")
_MOST_LINES: Final = 400

_ASKED_TOO_OFTEN: Final = re.compile(
    r"exceed(?:ed|s)\b.{0,60}\b(?:limit|quota|rate|number|maximum|allowed|queries|requests|lookups)|"
    r"\b(?:limit|quota|quotas|rate|queries|requests|lookups?)\b.{0,40}\b(?:exceeded|reached|depasse|is over)|"
    r"\bquota\b.{0,20}\b(?:error|full)|too many (?:requests|queries|connections|simultaneous|lookups|attempts|whois)|"
    r"excessive(?:ly)? (?:querying|queries|access|number)|black ?listed|throttled|"
    r"(?:temporarily|permanently) (?:denied|blocked|banned|unavailable)|"
    r"(?:try|retry|query|come back)(?: it)? (?:again )?(?:later|after|in \d)|"
    r"(?:your|this|the) (?:ip|ip address|address|host|client|network)\b.{0,40}\b(?:blocked|banned|denied|restricted)|"
    r"access (?:control limit|denied for|from your host)|please (?:slow down|wait)|"
    r"\b(?:sorgu|sorgulama|istek|gunluk)\b.{0,30}\b(?:limit|sinir|kota|hak)\w*|\bkota\w*\b.{0,30}\b(?:as|dol)\w+|"
    r"\b(?:limit|sinir)\w*\b.{0,30}\b(?:as(?:il|ti|tin)\w*|dol\w+)|cok fazla (?:sorgu|istek)|daha sonra (?:tekrar|yeniden)"
)
_CLOSED: Final = re.compile(
    r"(?:whois|service|server).{0,60}\b(?:retired|discontinued|decommissioned|shut ?down|has been (?:replaced|closed)|"
    r"no longer (?:available|supported|provided))|(?:please )?use rdap|"
    r"tld (?:is )?not supported|unsupported tld|(?:this|no) (?:tld|registry|server).{0,40}\bno whois|"
    r"no whois server (?:is )?known|not (?:authoritative|responsible) for"
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
    r"no match(?:es|ing)?\b(?! all)|not found\b|no (?:data|entries|objects?|records?|information|domain|domains|results?) "
    r"(?:was |were |is )?(?:found|available|exist|match)|nothing (?:was )?found|no found\b|no such (?:domain|object|name)|"
    r"(?:does|do) not exist|doesn't exist|not exist in|(?:is|are|was|has) (?:not (?:been )?|un)registered|"
    r"not registered\b|not been registered|is (?:still )?(?:free|available)\b|available for (?:registration|purchase)|"
    r"(?:domain )?status\W+(?:free|available|no object found|not registered)\b|object_not_found|no_se_encontro|"
    r"no se encuentra registrado|^\W*(?:free|available)\W*$|\d{3} available|"
    r"kayit(?:li)? (?:degil|bulunamadi|bulunmamakta|bulunmuyor)|bulunamadi|bulunamamistir|tescilli degil"
)
_NAME: Final = re.compile(r"[\"'“<\[(]?((?:[\w-]+\.)+[\w-]{2,63})\.?[\"'”>\])]?", re.UNICODE)
_PAGE: Final = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body)", re.IGNORECASE)


def is_web_page(lines: Sequence[str]) -> bool:
    """Say whether the answer is a page for browsers, as captive portals and filters send."""
    return any(_PAGE.match(line) for line in lines[:5])


def read_statement(lines: Sequence[str], domain: str) -> Registration:
    """Return what the lines of an answer without a record say of a domain; `malformed` where they say nothing."""
    sentences = [" ".join(line.translate(_FOLD).lower().split()) for line in lines[:_MOST_LINES] if line]
    if is_web_page(lines):
        return unavailable("malformed")
    for pattern, reason in ((_ASKED_TOO_OFTEN, "rate_limited"), (_CLOSED, "no_server")):
        if any(pattern.search(sentence) for sentence in sentences):
            return unavailable(reason)
    for sentence, line in zip(sentences, [line for line in lines[:_MOST_LINES] if line], strict=True):
        if _NO_SUCH_NAME.search(sentence):
            return Registration(Outcome.NOT_REGISTERED) if _is_about(line, domain) else unavailable("malformed")
    for pattern, reason in ((_NOT_TOLD, "refused"), (_BUSY, "server_error")):
        if any(pattern.search(sentence) for sentence in sentences):
            return unavailable(reason)
    return unavailable("malformed")


def _is_about(line: str, domain: str) -> bool:
    """Say whether the first name in a sentence is the domain that was asked for; a sentence may do without a name."""
    top = domain.rpartition(".")[2]
    names = [found for found in _NAME.findall(line) if found.rpartition(".")[2].lower() == top]
    return not names or any(same_domain(name, domain) for name in names)

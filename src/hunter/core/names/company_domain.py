"""Which domain stands for a company, from what a person, a list or a program says of it (decision D-5).

In: texts of domain, web site and e-mail address, each holding none, one or several names. Out: the domains, or the code
of the refusal. Free-mail names and shared hosts never become a company, wherever they come from.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Final, NamedTuple, Protocol

from hunter.core.names.domain_name import domain_from_email, normalise_domain

#: Why a text names no company; `empty` where there is no text at all.
DOMAIN_REFUSALS: Final = ("empty", "has_space", "is_address", "no_dot", "not_a_domain", "free_mail", "shared_host")
#: Words that people and programs write where there is nothing to say.
PLACEHOLDERS: Final = frozenset(
    (
        # The second is how Python writes the capitals `WEB SİTESİ` in lower case: each dot becomes a character.
        *("", "web sitesi", "web si\u0307tesi\u0307", "web s\u0131tes\u0131"),
        *("-", "--", "---", ".", "/", "nan", "nat", "n/a", "#n/a", "na", "none", "null", "nil", "<na>"),
        *("yok", "#yok", "bilinmiyor"),
        *("website", "web", "www", "http", "https", "http://", "https://"),
    )
)
_SEPARATORS: Final = re.compile(r"[\s,;|]+")
#: What may stand beside a name in a cell without making it doubtful.
_JOINERS: Final = frozenset(
    ("/", "-", "&", "+", "ve", "veya", "and", "or", "web:", "www:", "site:", "e-posta:", "mail:")
)
#: Ends of names that somebody tore off with a space: `firma.com tr` is not firma.com.
_TORN: Final = frozenset(("tr", "com", "net", "org", "gov", "edu", "com.tr", "net.tr", "org.tr"))
_MOST_NAMES: Final = 20
_LONGEST_PLACEHOLDER: Final = 12
#: The URL that most cells hold, its host in a group; what it does not match is read word by word.
_USUAL_URL: Final = re.compile(r"https?://([A-Za-z0-9.-]+)(?:/[^\s,;|]*)?")
#: A text without one of the dots that IDNA knows names nothing.
_DOT: Final = re.compile("[.\u3002\uff0e\uff61]")
_LONGEST_CELL: Final = 4_096


class NameFilter(Protocol):
    """Knows the names that are never a company: satisfied by the rulebook."""

    def is_free_mail(self, domain: str) -> bool:
        """Tell whether anybody can open a mailbox under this name."""
        ...

    def is_shared_host(self, domain: str) -> bool:
        """Tell whether many companies have pages under this name."""
        ...


class Source(StrEnum):
    """From which of the three texts a domain was read."""

    DOMAIN = "domain"
    WEBSITE = "website"
    EMAIL = "email"


class CompanyDomain(NamedTuple):
    """The answer: the domains of the company, or why there is none."""

    #: Canonical names, the first one leading; more than one only where the domain text holds several names.
    domains: tuple[str, ...]
    #: Where they were read; None without a domain.
    source: Source | None
    #: One of `DOMAIN_REFUSALS`; empty with a domain.
    refusal: str
    #: Every usable name of all three texts, in the order of precedence.
    candidates: tuple[str, ...]
    #: True where domain, web site and e-mail address name different companies.
    has_conflict: bool


class Names(NamedTuple):
    """What one text names. Made for every cell, hence a tuple."""

    #: Usable canonical names: those of bare names and URLs, or the first one of the e-mail addresses.
    domains: tuple[str, ...]
    #: True where they were read from e-mail addresses.
    is_email: bool = False
    #: One of `DOMAIN_REFUSALS`; empty with a name.
    refusal: str = ""


_NOTHING: Final = Names((), refusal="empty")


def find_company_domain(domain: str, website: str, email: str, names: NameFilter) -> CompanyDomain:
    """Choose: a valid domain wins; without one the web site's, then the e-mail address's domain."""
    found: list[tuple[Source, Names]] = []
    refusal = ""
    for source, text in ((Source.DOMAIN, domain), (Source.WEBSITE, website), (Source.EMAIL, email)):
        seen = read_names(text, names) if text else _NOTHING
        if seen.domains:
            found.append((source, seen))
        elif not refusal and seen.refusal != "empty":
            refusal = seen.refusal
    if not found:
        return CompanyDomain((), None, refusal or "empty", (), has_conflict=False)
    source, best = found[0]
    others = [seen for _, seen in found if seen.domains != best.domains]
    if not others:
        return CompanyDomain(best.domains, source, "", best.domains, has_conflict=False)
    candidates = tuple(dict.fromkeys(name for seen in (best, *others) for name in seen.domains))
    conflict = any(not set(seen.domains) & set(best.domains) for seen in others)
    return CompanyDomain(best.domains, source, "", candidates, has_conflict=conflict)


def read_names(text: str, names: NameFilter) -> Names:
    """Read one text: a name, a URL, an address, or several of them; of addresses only the first usable counts."""
    domain, is_email = _read_one(text)
    if domain:
        refusal = _never_a_company(domain, names)
        return Names((), refusal=refusal) if refusal else Names((domain,), is_email)
    if is_placeholder(text):
        return _NOTHING
    if not _DOT.search(text):
        return Names((), refusal=_why_not(text[:_LONGEST_CELL]))
    return _read_several(text[:_LONGEST_CELL], names)


def is_placeholder(text: str) -> bool:
    """Tell whether a cell says that there is nothing: empty, `nan`, `None`, `yok`, a dash."""
    text = text.strip()
    return len(text) <= _LONGEST_PLACEHOLDER and text.lower() in PLACEHOLDERS


def _read_one(text: str) -> tuple[str, bool]:
    """Read what most cells hold, one name, URL or address; returns it with whether it was an address, "" if several."""
    usual = _USUAL_URL.fullmatch(text)
    if usual:
        return normalise_domain(usual[1]), False
    if _SEPARATORS.search(text):
        return "", False
    if "@" in text and "/" not in text:
        return domain_from_email(text), True
    return normalise_domain(text), False


def _read_several(text: str, names: NameFilter) -> Names:
    found = _Found({}, {}, [], [])
    for word in filter(None, _SEPARATORS.split(text)):
        _sort_word(word, found, names)
    # What follows a path belongs to the path: `https://firma.example/iletisim sayfası`.
    whole = normalise_domain(text)
    is_doubtful = any(word.lower() not in _JOINERS for word in found.left) and whole not in found.domains
    if is_doubtful:
        found.domains.clear()
        if any(word.lower().strip(".") in _TORN for word in found.left):
            found.addresses.clear()
    if found.domains:
        return Names(tuple(found.domains)[:_MOST_NAMES])
    if found.addresses:
        return Names(tuple(found.addresses)[:1], is_email=True)
    return Names((), refusal=found.refusals[0] if found.refusals else _why_not(text))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the words of one text turned out to be; dictionaries as ordered sets."""

    domains: dict[str, None]
    addresses: dict[str, None]
    left: list[str]
    refusals: list[str]


def _sort_word(word: str, found: _Found, names: NameFilter) -> None:
    is_address = "@" in word
    domain = (domain_from_email(word) if is_address else normalise_domain(word)) if _DOT.search(word) else ""
    refusal = _never_a_company(domain, names) if domain else ""
    if refusal:
        found.refusals.append(refusal)
    elif domain:
        (found.addresses if is_address else found.domains)[domain] = None
    else:
        found.left.append(word)


def _never_a_company(domain: str, names: NameFilter) -> str:
    if names.is_free_mail(domain):
        return "free_mail"
    return "shared_host" if names.is_shared_host(domain) else ""


def _why_not(text: str) -> str:
    text = text.strip()
    if len(text.split()) > 1:
        return "has_space"
    if "." not in text and ":" not in text:
        return "no_dot"
    return "is_address" if _is_address(text) else "not_a_domain"


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True

"""What WHOIS answers call their fields. WHOIS (RFC 3912) fixes no format, so each registry has its own words.

In: a label as it stands before the colon. Out: which field it names. Labels are compared in ASCII lower case, without
the dots that some registries pad them with, without numbers (`Name Server 2`) and with single spaces.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Label(StrEnum):
    """The fields that are read; every other label is `other`."""

    DOMAIN = "domain"
    REGISTRAR = "registrar"
    #: Inside a section about the registrar: its name, better and worse.
    ORGANISATION = "organisation"
    NAME = "name"
    EXPIRY = "expiry"
    NAMESERVER = "nameserver"
    #: Name servers in `.dk`'s word, which also repeats the domain itself there.
    DNS = "dns"
    STATUS = "status"
    FROZEN = "frozen"
    TRANSFER = "transfer"
    REFERRAL = "referral"
    #: Where IANA says that a registry answers, as against what a registry says of a registrar.
    REGISTRY_REFERRAL = "registry referral"
    OTHER = "other"


_WORDS: Final[dict[Label, tuple[str, ...]]] = {
    Label.DOMAIN: ("domain name", "domain", "domainname", "complete domain name", "alan adi"),
    Label.REGISTRAR: (
        *("registrar", "registrar name", "sponsoring registrar", "current registrar", "registrar organization"),
        *("registration service provider", "authorized agency", "registered by", "registered through"),
        *("kayit kurulusu", "kayit firmasi", "kayit operatoru"),
    ),
    Label.ORGANISATION: (
        *("organization name", "organization", "organisation", "organisation name", "org", "organization loc"),
        *("company", "company name", "kurum adi", "kurulus adi", "firma adi", "organizasyon adi", "unvan"),
    ),
    Label.NAME: ("name", "ad", "adi"),
    Label.EXPIRY: (
        *("registry expiry date", "registrar registration expiration date", "expiry date", "expiration date"),
        *("expiration time", "expires on", "expires", "expires at", "expire", "expire date", "expiry", "expiration"),
        *("exp date", "paid till", "renewal date", "valid until", "valid to", "valid till", "validity", "renew date"),
        *("record expires on", "record expires", "domain expires", "domain expiration date", "domain expiry date"),
        *("registration expiration date", "registration expires", "registry expiration date", "end of validity"),
        *("bitis tarihi", "son kullanma tarihi", "sona erme tarihi", "gecerlilik tarihi", "gecerlilik bitis tarihi"),
    ),
    Label.NAMESERVER: (
        *("name server", "nameserver", "nserver", "name servers", "nameservers", "nservers", "domain servers"),
        *("domain nameservers", "domain name servers", "domain servers in listed order", "dns servers", "dns server"),
        *("host name", "hostname", "ns", "primary server", "secondary server", "primary name server"),
        *("secondary name server", "nameserver name", "ns name"),
        *("alan adi sunuculari", "ad sunuculari", "isim sunuculari", "dns sunuculari"),
    ),
    Label.DNS: ("dns",),
    Label.STATUS: (
        *("domain status", "status", "state", "eppstatus", "domain state", "registration status", "query status"),
        *("alan adi durumu", "durum"),
    ),
    Label.FROZEN: ("frozen status", "dondurma durumu"),
    Label.TRANSFER: ("transfer status", "transfer durumu"),
    Label.REFERRAL: ("registrar whois server", "whois server", "registrar whois"),
    Label.REGISTRY_REFERRAL: ("whois", "refer", "referralserver"),
}
_LABELS: Final = {word: label for label, words in _WORDS.items() for word in words}

#: Headings that stand without a colon; what follows is about them until a blank line.
_HEADINGS: Final = frozenset(
    {
        *("registrar", "nameservers", "name servers", "domain servers in listed order", "domain servers", "dnssec"),
        *("registrant", "admin contact", "administrative contact", "technical contact", "technical contacts"),
        *("billing contact", "holder", "tech"),
    }
)
_FOLD: Final = str.maketrans("ıİşŞğĞçÇöÖüÜ_-", "iissggccoouu  ")
_NUMBER: Final = re.compile(r"(?<=\D)\d{1,2}$")


@lru_cache(maxsize=4096)
def label_of(text: str) -> Label:
    """Return the field that a label names."""
    return _LABELS.get(_plain(text), Label.OTHER)


def is_heading(text: str) -> bool:
    """Say whether a line without a colon is the heading of a section."""
    return len(text) < 40 and _plain(text) in _HEADINGS


def _plain(text: str) -> str:
    folded = " ".join(text.translate(_FOLD).lower().replace(".", " ").split())
    return _NUMBER.sub("", folded).strip()

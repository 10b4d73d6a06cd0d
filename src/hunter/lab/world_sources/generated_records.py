"""A profile -> the records of one domain of the generated world.

The number of the domain is handed in as text, so that it may be a mark which answers replace later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from hunter.lab.world_sources.dkim_keys import expand_keys, key_record
from hunter.lab.world_sources.generated_facts import DKIMKind, DMARCKind, NameServerKind, SPFKind, TextKind
from hunter.lab.world_sources.generated_profiles import Profile

#: Kinds of DKIM whose name server denies empty non-terminals.
LYING: Final = frozenset((DKIMKind.LYING_USUAL, DKIMKind.LYING_LISTED, DKIMKind.LYING_NONE))

_Records = dict[str, dict[str, tuple[str, ...]]]

_SENDERS: Final = ("include:sendgrid.net", "include:mailgun.org", "include:servers.mcsv.net", "include:amazonses.com")
_MANY: Final = "include:sendgrid.net include:servers.mcsv.net include:spf.mandrillapp.com include:spf.sendinblue.com"
# Four look-ups each for Google and Yandex, three for Mailgun: eleven, whatever the set-up adds.
_TOO_MANY: Final = "include:_spf.google.com include:_spf.yandex.net include:mailgun.org"
_SYNTAX_ERRORS: Final = ("ip4:203.0.113.300 -all", "include: -all", "mx ~al", "ip4 203.0.113.7/33 -all")
_MISSING: Final = ("include:spf.protection.outlok.com", "include:_spf.former-host.invalid")

_MANY_TOKENS: Final = (
    "google-site-verification=Qx3kTzv0uWb7nYpL2sRfJ8cHdE5mGaVt1oNiK6lBqMw",
    "facebook-domain-verification=h7d2k9s4m1x8c5v0b3n6q2w9e4r7t1",
    "MS=ms{number}7",
    "atlassian-domain-verification=R4tYpLq8sVn2kXzJ7wBcM5dHf1gTa9eU3oPiS6lQmNr0vCxKjW2yEbZuGhA7tDpF",
    "docusign=5f3a9c1e-7b2d-4e8f-a6c4-0d1b2e3f4a5c",
)


@dataclass(frozen=True, slots=True)
class GeneratedZone:
    """Everything that the name server of one generated domain, and its tenant, hold."""

    domain: str
    records: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Whether the server denies empty non-terminals.
    is_lying: bool


class Texts:
    """Fills the placeholders of a set-up's texts for one domain."""

    def __init__(self, number: str) -> None:
        self._number = number
        self.domain = f"f{number}.example"
        self._dashed = f"f{number}-example"

    def fill(self, text: str) -> str:
        """Return the text with the domain's own name and number."""
        filled = text.replace("{domain}", self.domain).replace("{dashed}", self._dashed)
        return filled.replace("{number}", self._number)


def zone_of(profile: Profile, number: str) -> GeneratedZone:
    """Return the zone of domain `f<number>.example` with this profile."""
    texts = Texts(number)
    records: _Records = {}
    _add_hosts(records, profile, texts)
    _add_mail(records, profile, texts)
    spf, helper = spf_records(profile, number)
    records[texts.domain]["TXT"] = (*spf, *_other_texts(profile.texts, texts))
    if helper is not None:
        records[f"_spf.{texts.domain}"] = {"TXT": (helper,)}
    _add_dmarc(records, profile.dmarc, texts)
    _add_dkim(records, profile, texts)
    if not records[texts.domain]["TXT"]:
        del records[texts.domain]["TXT"]
    return GeneratedZone(texts.domain, records, profile.dkim in LYING)


def _add_hosts(records: _Records, profile: Profile, texts: Texts) -> None:
    domain = texts.domain
    address = f"203.0.113.{profile.slot % 120 + 1}"
    records[domain] = {"A": (address,), "NS": name_servers(profile, domain)}
    records[f"www.{domain}"] = {"CNAME": (domain,)}
    for host in ("mail", "mx1", "mx2"):
        records[f"{host}.{domain}"] = {"A": (f"203.0.113.{profile.slot % 8 + 121}",)}
    if profile.name_servers is NameServerKind.OWN:
        for host in ("ns1", "ns2"):
            records[f"{host}.{domain}"] = {"A": (address,)}


def name_servers(profile: Profile, domain: str) -> tuple[str, ...]:
    """Return the name servers of the domain, sorted."""
    match profile.name_servers:
        case NameServerKind.NATRO:
            return ("ns1.natrohost.com", "ns2.natrohost.com")
        case NameServerKind.CLOUDFLARE:
            return ("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
        case NameServerKind.OWN:
            return (f"ns1.{domain}", f"ns2.{domain}")
        case _:
            assert_never(profile.name_servers)


def _add_mail(records: _Records, profile: Profile, texts: Texts) -> None:
    setup = profile.mail
    if setup.mx:
        records[texts.domain]["MX"] = tuple(texts.fill(host) for host in setup.mx)
    if setup.autodiscover:
        records[f"autodiscover.{texts.domain}"] = {"CNAME": (texts.fill(setup.autodiscover),)}
    if setup.autodiscover_srv:
        records[f"_autodiscover._tcp.{texts.domain}"] = {"SRV": (texts.fill(setup.autodiscover_srv),)}


def spf_records(profile: Profile, number: str) -> tuple[tuple[str, ...], str | None]:
    """Return the SPF texts at the domain, and the one at `_spf.<domain>` where there is one."""
    texts = Texts(number)
    own = texts.fill(profile.mail.spf)
    plain = " ".join(filter(None, ("v=spf1", own, "-all" if profile.slot % 2 or not own else "~all")))
    match profile.spf:
        case SPFKind.NONE:
            return (), None
        case SPFKind.PLAIN:
            return (plain,), None
        case SPFKind.WITH_SENDER:
            return (_with(own, _SENDERS[profile.slot % len(_SENDERS)], "~all"),), None
        case SPFKind.MANY_INCLUDES:
            return (_with(own, _MANY, "~all"),), None
        case SPFKind.REDIRECT:
            return (f"v=spf1 redirect=_spf.{texts.domain}",), plain
        case SPFKind.LEFT_OVER_OUTLOOK:
            return (_with(own, "include:spf.protection.outlook.com", "-all"),), None
        case SPFKind.PLUS_ALL:
            return (_with(own, "+all"),), None
        case SPFKind.MULTIPLE:
            return (plain, "v=spf1 include:sendgrid.net ~all"), None
        case SPFKind.SYNTAX:
            return (_with(own, _SYNTAX_ERRORS[profile.slot % len(_SYNTAX_ERRORS)]),), None
        case SPFKind.LOOP:
            return (_with(own, f"include:_spf.{texts.domain}", "-all"),), f"v=spf1 include:{texts.domain} -all"
        case SPFKind.MISSING_TARGET:
            return (_with(own, _MISSING[profile.slot % len(_MISSING)], "-all"),), None
        case SPFKind.LIMIT:
            return (_with(own, _TOO_MANY, "-all"),), None
        case _:
            assert_never(profile.spf)


def _with(*parts: str) -> str:
    return " ".join(filter(None, ("v=spf1", *parts)))


def _other_texts(kind: TextKind, texts: Texts) -> tuple[str, ...]:
    match kind:
        case TextKind.NO_TOKEN:
            return ()
        case TextKind.GOOGLE_TOKEN:
            return _MANY_TOKENS[:1]
        case TextKind.TENANT_TOKEN:
            return (texts.fill(_MANY_TOKENS[2]),)
        case TextKind.MANY_TOKENS:
            return tuple(texts.fill(token) for token in _MANY_TOKENS)
        case TextKind.HUGE:
            return tuple(f"vendor-{number:02}-domain-verification={'0123456789abcdef' * 4}" for number in range(16))
        case _:
            assert_never(kind)


def dmarc_texts(kind: DMARCKind) -> tuple[str, ...]:
    """Return what stands at `_dmarc.<domain>`; `ALIAS` gives the text at the end of the alias."""
    match kind:
        case DMARCKind.ABSENT:
            return ()
        case DMARCKind.NONE:
            return ("v=DMARC1; p=none; rua=mailto:dmarc@reports.example",)
        case DMARCKind.QUARANTINE | DMARCKind.ALIAS:
            return ("v=DMARC1; p=quarantine; rua=mailto:reports@dmarc-desk.example",)
        case DMARCKind.REJECT:
            return ("v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:dmarc@reports.example",)
        case DMARCKind.QUARANTINE_PCT:
            return ("v=DMARC1; p=quarantine; pct=25",)
        case DMARCKind.REJECT_PCT:
            return ("v=DMARC1; p=reject; pct=50",)
        case DMARCKind.REJECT_SP_NONE:
            return ("v=DMARC1; p=reject; sp=none",)
        case DMARCKind.REJECT_TESTING:
            return ("v=DMARC1; p=reject; t=y",)
        case DMARCKind.QUARANTINE_TESTING:
            return ("v=DMARC1; p=quarantine; t=y",)
        case DMARCKind.MULTIPLE:
            return ("v=DMARC1; p=none", "v=DMARC1; p=reject")
        case DMARCKind.NO_P_WITH_RUA:
            return ("v=DMARC1; rua=mailto:dmarc@reports.example",)
        case DMARCKind.NO_P:
            return ("v=DMARC1; sp=reject",)
        case DMARCKind.OTHER_TEXT:
            return ("owner-token=9f2c7d1b",)
        case _:
            assert_never(kind)


def _add_dmarc(records: _Records, kind: DMARCKind, texts: Texts) -> None:
    if kind is DMARCKind.ALIAS:
        records[f"_dmarc.{texts.domain}"] = {"CNAME": (texts.fill("{dashed}.dmarc-desk.example"),)}
    elif published := dmarc_texts(kind):
        records[f"_dmarc.{texts.domain}"] = {"TXT": published}


def unlisted_selector(profile: Profile) -> str:
    """Return the selector that nobody guesses."""
    return f"mta{profile.slot:04}x7"


def _add_dkim(records: _Records, profile: Profile, texts: Texts) -> None:
    below = f"_domainkey.{texts.domain}"
    key = key_record(f"{profile.slot} single")
    match profile.dkim:
        case DKIMKind.NONE | DKIMKind.LYING_NONE:
            pass
        case DKIMKind.USUAL | DKIMKind.LYING_USUAL | DKIMKind.DANGLING:
            _add_usual_keys(records, profile, texts)
        case DKIMKind.LISTED | DKIMKind.LYING_LISTED:
            records[f"{profile.listed_selector}.{below}"] = {"TXT": (key,)}
        case DKIMKind.UNLISTED:
            records[f"{unlisted_selector(profile)}.{below}"] = {"TXT": (key,)}
        case DKIMKind.NONE_BUT_ENT:
            records[f"_adsp.{below}"] = {"TXT": ("dkim=unknown",)}
        case DKIMKind.REVOKED:
            for selector in profile.mail.dkim:
                records[f"{selector}.{below}"] = {"TXT": (expand_keys("revoked", ""),)}
        case DKIMKind.WILDCARD_KEY:
            records[f"*.{below}"] = {"TXT": (key,)}
        case DKIMKind.WILDCARD_ZONE:
            records[f"*.{texts.domain}"] = {"CNAME": (texts.domain,)}
        case DKIMKind.WILDCARD_TEXT:
            records[f"*.{texts.domain}"] = {"TXT": ("owner-token=5d8e0a3c",)}
        case _:
            assert_never(profile.dkim)


def _add_usual_keys(records: _Records, profile: Profile, texts: Texts) -> None:
    for selector, publication in profile.mail.dkim.items():
        owner = f"{selector}._domainkey.{texts.domain}"
        alias = publication.removeprefix("cname:")
        if alias == publication:
            records[owner] = {"TXT": (expand_keys(publication, f"{profile.slot} {selector}"),)}
            continue
        target = texts.fill(alias)
        records[owner] = {"CNAME": (target,)}
        if target.endswith(".onmicrosoft.com") and profile.dkim is not DKIMKind.DANGLING:
            records[target] = {"TXT": (key_record(f"{profile.slot} {selector}", 1024),)}

"""What is true of a domain of the generated world, written down from its profile and not from any answer.

A benchmark compares what a client found with this: a false `found` or `absent` shows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hunter.lab.world_sources.generated_facts import DKIMKind, DMARCKind, SPFKind
from hunter.lab.world_sources.generated_profiles import Profile
from hunter.lab.world_sources.generated_records import Texts, name_servers, spf_records, unlisted_selector

#: Broken kinds of SPF and the stable code of each.
BROKEN_SPF: Final = {
    SPFKind.MULTIPLE: "multiple",
    SPFKind.SYNTAX: "syntax",
    SPFKind.LOOP: "loop",
    SPFKind.MISSING_TARGET: "missing_target",
    SPFKind.LIMIT: "limit",
}
_POLICIES: Final = {
    DMARCKind.NONE: "none",
    DMARCKind.NO_P_WITH_RUA: "none",
    DMARCKind.QUARANTINE: "quarantine",
    DMARCKind.ALIAS: "quarantine",
    DMARCKind.QUARANTINE_PCT: "quarantine",
    DMARCKind.QUARANTINE_TESTING: "quarantine",
    DMARCKind.REJECT: "reject",
    DMARCKind.REJECT_PCT: "reject",
    DMARCKind.REJECT_SP_NONE: "reject",
    DMARCKind.REJECT_TESTING: "reject",
}
_COVERAGES: Final = {DMARCKind.QUARANTINE_PCT: 25, DMARCKind.REJECT_PCT: 50}
_TESTING: Final = (DMARCKind.REJECT_TESTING, DMARCKind.QUARANTINE_TESTING)
# Kinds under which a question for `_domainkey` itself is denied.
_DENIED_PROBE: Final = (DKIMKind.NONE, DKIMKind.LYING_NONE, DKIMKind.LYING_USUAL, DKIMKind.LYING_LISTED)


@dataclass(frozen=True, slots=True)
class DomainTruth:
    """The facts of one generated domain. States are `found`, `absent`, `unknown`, as a faultless look-up gives them."""

    index: int
    domain: str
    #: Code of the mail set-up in `generated_world.toml`.
    mail: str
    #: Who keeps the mailboxes; behind some gateways nothing in DNS tells, and the provider is `Unknown`.
    provider: str
    gateway: str | None
    local_provider: str | None
    mail_service: str | None
    #: `found`, or `absent` where no mail is taken (null MX included).
    mx_state: str
    #: (preference, host), sorted; empty where MX is absent.
    mx: tuple[tuple[int, str], ...]
    spf_state: str
    #: Why a published SPF protects nobody: `multiple`, `syntax`, `loop`, `missing_target`, `limit`; else None.
    spf_reason: str | None
    #: The first SPF text at the domain, broken or not; None where there is none.
    spf_text: str | None
    dmarc_state: str
    dmarc_policy: str | None
    dmarc_coverage: int | None
    dmarc_testing: bool
    #: What asking all selectors of the list and `_domainkey` gives (`design/dns-engine.md`, "When DKIM is absent").
    dkim_state: str
    #: Selectors of the list that hold a working key, sorted; empty where a wildcard answers for all.
    dkim_selectors: tuple[str, ...]
    #: Every selector that holds a working key in its own name, guessable or not, sorted.
    dkim_published: tuple[str, ...]
    #: Whether a question for `_domainkey` itself is answered NXDOMAIN.
    dkim_probe_is_denied: bool
    #: First CNAME target of `autodiscover.<domain>`, and the target of its SRV record.
    autodiscover_cname: str | None
    autodiscover_srv: str | None
    #: Name servers, sorted.
    ns: tuple[str, ...]


def truth_of(profile: Profile, index: int, selectors: Collection[str]) -> DomainTruth:
    """Return the truth about the domain with this number; `selectors` is the list of those that can be guessed."""
    number = f"{index:07}"
    texts = Texts(number)
    setup = profile.mail
    spf_published, _ = spf_records(profile, number)
    policy = _POLICIES.get(profile.dmarc)
    published = _published_selectors(profile)
    listed = tuple(selector for selector in published if selector in selectors)
    return DomainTruth(
        index=index,
        domain=texts.domain,
        mail=setup.code,
        provider=setup.provider,
        gateway=setup.gateway,
        local_provider=setup.local_provider,
        mail_service=setup.mail_service,
        mx_state="found" if setup.takes_mail else "absent",
        mx=_mx_hosts(profile, texts) if setup.takes_mail else (),
        spf_state="found" if spf_published and profile.spf not in BROKEN_SPF else "absent",
        spf_reason=BROKEN_SPF.get(profile.spf),
        spf_text=spf_published[0] if spf_published else None,
        dmarc_state="found" if policy else "absent",
        dmarc_policy=policy,
        dmarc_coverage=_COVERAGES.get(profile.dmarc, 100) if policy else None,
        dmarc_testing=profile.dmarc in _TESTING,
        dkim_state=_dkim_state(profile, listed),
        dkim_selectors=listed,
        dkim_published=published,
        dkim_probe_is_denied=profile.dkim in _DENIED_PROBE,
        autodiscover_cname=_autodiscover(profile, texts),
        autodiscover_srv=setup.autodiscover_srv.split()[3] if setup.autodiscover_srv else None,
        ns=name_servers(profile, texts.domain),
    )


def _mx_hosts(profile: Profile, texts: Texts) -> tuple[tuple[int, str], ...]:
    hosts = (texts.fill(text).split() for text in profile.mail.mx)
    return tuple(sorted((int(preference), host) for preference, host in hosts))


def _autodiscover(profile: Profile, texts: Texts) -> str | None:
    if profile.mail.autodiscover:
        return texts.fill(profile.mail.autodiscover)
    return texts.domain if profile.dkim is DKIMKind.WILDCARD_ZONE else None


def _published_selectors(profile: Profile) -> tuple[str, ...]:
    match profile.dkim:
        case DKIMKind.USUAL | DKIMKind.LYING_USUAL:
            return tuple(sorted(profile.mail.dkim))
        case DKIMKind.LISTED | DKIMKind.LYING_LISTED:
            return (profile.listed_selector,)
        case DKIMKind.UNLISTED:
            return (unlisted_selector(profile),)
        case _:
            return ()


def _dkim_state(profile: Profile, listed: tuple[str, ...]) -> str:
    if listed:
        return "found"
    return "absent" if profile.dkim in _DENIED_PROBE else "unknown"

"""Builders of evidence for tests: say what matters to the test, everything else is a plain, valid default.

A value that is no signal is wrapped in `Found`; `ABSENT` and `UNKNOWN` are the other two answers.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from hunter.core.evidence import (
    DKIMTarget,
    Evidence,
    MailEvidence,
    MicrosoftEvidence,
    NetworkEvidence,
    RegistrationEvidence,
    Tenant,
)
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy, SPFTerm
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

T = TypeVar("T")

#: The answer "there is none".
ABSENT: Final = Absent("nodata")
#: The look-up that failed.
UNKNOWN: Final = Unknown("timeout")
#: When all look-ups of the tests were made.
COLLECTED_AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def signal(value: T | Signal[T]) -> Signal[T]:
    """Return a signal as it is, and any other value as found."""
    return value if isinstance(value, Found | Absent | Unknown) else Found(value)


def mx_hosts(*hosts: str) -> tuple[MXHost, ...]:
    """Return mail hosts with the preferences 10, 20, 30 ... in the order given."""
    return tuple(MXHost(10 * number, host) for number, host in enumerate(hosts, start=1))


def spf_policy(*includes: str, all_qualifier: str | None = "-", redirect: str | None = None) -> SPFPolicy:
    """Return a valid SPF policy of include mechanisms and an `all`, whose includes include nothing themselves."""
    terms = [SPFTerm("+", "include", name) for name in includes]
    words = [f"include:{name}" for name in includes]
    if redirect is not None:
        terms.append(SPFTerm("", "redirect", redirect))
        words.append(f"redirect={redirect}")
    if all_qualifier is not None:
        terms.append(SPFTerm(all_qualifier, "all", ""))
        words.append(f"{all_qualifier}all")
    names = tuple(dict.fromkeys((*includes, *((redirect,) if redirect else ()))))
    return SPFPolicy(
        text=" ".join(("v=spf1", *words)),
        terms=tuple(terms),
        includes=includes,
        redirect=redirect,
        all_qualifier=all_qualifier,
        lookups=len(includes) + (redirect is not None),
        void_lookups=0,
        names=names,
    )


def dkim_key(selector: str = "selector1", *, is_testing: bool = False) -> DKIMKey:
    """Return a working RSA key under the selector."""
    text = "v=DKIM1; k=rsa; t=y; p=MIIBIjANBgkq" if is_testing else "v=DKIM1; k=rsa; p=MIIBIjANBgkq"
    return DKIMKey(selector=selector, key_type="rsa", is_testing=is_testing, is_revoked=False, text=text)


def dmarc_policy(
    policy: str = "reject", *, coverage: int = 100, is_testing: bool = False, domain: str = "firma.example"
) -> DMARCPolicy:
    """Return a DMARC policy published at the domain itself, reporting to nobody."""
    tags = ["v=DMARC1", f"p={policy}"]
    if is_testing:
        tags.append("t=y")
    if coverage < 100:
        tags.append(f"pct={coverage}")
    return DMARCPolicy(
        policy=policy,
        coverage=coverage,
        is_testing=is_testing,
        domain=domain,
        text="; ".join(tags),
        published_policy=policy,
        subdomain_policy=None,
        nonexistent_policy=None,
        psd=None,
        rua=(),
        is_inherited=False,
    )


def mail_evidence(
    *,
    mx: Sequence[str] | Signal[tuple[MXHost, ...]] = ("mail.firma.example",),
    spf: SPFPolicy | Signal[SPFPolicy] = ABSENT,
    dkim: Sequence[DKIMKey] | Signal[tuple[DKIMKey, ...]] = ABSENT,
    dmarc: DMARCPolicy | Signal[DMARCPolicy] = ABSENT,
    autodiscover_cname: str | Signal[str] = ABSENT,
    autodiscover_srv: str | Signal[str] = ABSENT,
    dkim_targets: Sequence[tuple[str, str]] | Signal[tuple[DKIMTarget, ...]] = ABSENT,
    ns: Sequence[str] | Signal[tuple[str, ...]] = ("ns1.firma.example", "ns2.firma.example"),
    verifications: Sequence[str] | Signal[tuple[str, ...]] = ABSENT,
) -> MailEvidence:
    """Return what DNS says of a company with its own mail host and nothing else, but for what is given.

    `mx` takes host names, `dkim_targets` pairs of selector and target.
    """
    hosts = mx if isinstance(mx, Found | Absent | Unknown) else mx_hosts(*mx)
    targets = (
        dkim_targets
        if isinstance(dkim_targets, Found | Absent | Unknown)
        else tuple(DKIMTarget(selector, target) for selector, target in dkim_targets)
    )
    return MailEvidence(
        mx=signal(hosts),
        spf=signal(spf),
        dkim=dkim if isinstance(dkim, Found | Absent | Unknown) else Found(tuple(dkim)),
        dmarc=signal(dmarc),
        autodiscover_cname=signal(autodiscover_cname),
        autodiscover_srv=signal(autodiscover_srv),
        dkim_targets=signal(targets),
        ns=ns if isinstance(ns, Found | Absent | Unknown) else Found(tuple(ns)),
        verifications=(
            verifications if isinstance(verifications, Found | Absent | Unknown) else Found(tuple(verifications))
        ),
    )


def evidence(
    mail: MailEvidence | None = None,
    *,
    domain: str = "firma.example",
    collected_at: datetime = COLLECTED_AT,
    expires_at: date | Signal[date] = NOT_ASKED,
    tenant: Tenant | Signal[Tenant] = NOT_ASKED,
    network: NetworkEvidence | None = None,
) -> Evidence:
    """Return the evidence of one domain name; registration, tenant and network were not asked unless given."""
    return Evidence(
        domain=domain,
        collected_at=collected_at,
        mail=mail_evidence() if mail is None else mail,
        registration=RegistrationEvidence(expires_at=signal(expires_at)),
        microsoft=MicrosoftEvidence(tenant=signal(tenant)),
        network=NetworkEvidence() if network is None else network,
    )

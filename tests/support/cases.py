"""A grid of evidence: every kind of provider and every state of every signal, for tests of prose and shape."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from hunter.core.assessment import Assessment, assess
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Found, Signal, Unknown
from tests.support.builders import (
    ABSENT,
    COLLECTED_AT,
    UNKNOWN,
    dkim_key,
    dmarc_policy,
    evidence,
    mail_evidence,
    mx_hosts,
    spf_policy,
)
from tests.support.words import shipped_rules

#: Why a look-up fails, as the collector says it.
FAILURES: Final = (
    "timeout", "servfail", "refused", "formerr", "notimp", "rcode", "referral", "malformed", "network", "tcp", "name",
)  # fmt: skip
BROKEN_SPF: Final = ("multiple", "syntax", "loop", "missing_target", "limit")
#: One company of each kind that MX can show.
MAIL_HOSTS: Final[dict[str, Signal[tuple[MXHost, ...]]]] = {
    "microsoft": Found(mx_hosts("firma-example.mail.protection.outlook.com")),
    "google": Found(mx_hosts("aspmx.l.google.com", "alt1.aspmx.l.google.com")),
    "yandex": Found(mx_hosts("mx.yandex.net")),
    "zoho": Found(mx_hosts("mx.zoho.eu")),
    "amazon": Found(mx_hosts("inbound-smtp.eu-west-1.amazonaws.com")),
    "sendgrid": Found(mx_hosts("mx.sendgrid.net")),
    "mailgun": Found(mx_hosts("mxa.mailgun.org")),
    "host": Found(mx_hosts("mx00.ionos.de")),
    "service": Found(mx_hosts("mail.protonmail.ch")),
    "turkish": Found(mx_hosts("mx-in01.natrohost.com")),
    "own": Found(mx_hosts("mail.firma.example")),
    "unlisted": Found(mx_hosts("mx.baska-firma.example")),
    "gateway": Found(mx_hosts("eu-smtp-inbound-1.mimecast.com")),
    "forwarding": Found(mx_hosts("mx1.improvmx.com", "mx2.improvmx.com")),
    "parking": Found(mx_hosts("mail.h-email.net")),
    "null_mx": Absent("null_mx", ("0 .",)),
    "nodata": ABSENT,
    "nxdomain": Absent("nxdomain"),
    "unknown": UNKNOWN,
}
SPF: Final[tuple[Signal[SPFPolicy], ...]] = (
    Found(spf_policy("_spf.google.com"), ("v=spf1 include:_spf.google.com -all",)),
    Found(spf_policy("spf.protection.outlook.com")),
    Found(spf_policy("a.example", "b.example", "c.example", "d.example")),
    Found(spf_policy(all_qualifier="+")),
    ABSENT,
    UNKNOWN,
    *(Absent(reason, ("v=spf1 -all", "v=spf1 mx -all")) for reason in BROKEN_SPF),
)
DKIM: Final[tuple[Signal[tuple[DKIMKey, ...]], ...]] = (Found((dkim_key(),)), ABSENT, UNKNOWN)
DMARC: Final[tuple[Signal[DMARCPolicy], ...]] = (
    Found(dmarc_policy("none")),
    Found(dmarc_policy("quarantine")),
    Found(dmarc_policy("quarantine", coverage=25)),
    Found(dmarc_policy("reject", domain="grup.example")),
    Found(dmarc_policy("reject", is_testing=True)),
    ABSENT,
    Absent("multiple", ("v=DMARC1; p=none", "v=DMARC1; p=reject")),
    Absent("invalid", ("v=DMARC1; p=nichts",)),
    UNKNOWN,
)
#: Autodiscover and DKIM targets: none, at Microsoft, and a look-up that failed.
TRACES: Final = ("none", "microsoft", "unknown")


def mail_cases() -> Iterator[MailEvidence]:
    """Yield the grid: each kind of MX with each state of SPF, DKIM and DMARC, the traces taking turns."""
    for number, (mx, spf, dkim, dmarc) in enumerate(product(MAIL_HOSTS.values(), SPF, DKIM, DMARC)):
        yield _case(mx, TRACES[number % len(TRACES)], spf=spf, dkim=dkim, dmarc=dmarc)
    for reason in FAILURES:
        yield MailEvidence(mx=Unknown(reason))


def cases() -> Iterator[tuple[Assessment, Evidence]]:
    """Yield the grid, judged by the rules that come with the product."""
    for mail in mail_cases():
        yield judged(mail)


def judged(mail: MailEvidence, domain: str = "firma.example") -> tuple[Assessment, Evidence]:
    """Judge one mail evidence by the rules that come with the product."""
    seen = evidence(mail, domain=domain)
    return assess(seen, shipped_rules(), COLLECTED_AT), seen


def _case(
    mx: Signal[tuple[MXHost, ...]],
    traces: str,
    *,
    spf: Signal[SPFPolicy],
    dkim: Signal[tuple[DKIMKey, ...]],
    dmarc: Signal[DMARCPolicy],
) -> MailEvidence:
    if traces == "microsoft":
        return mail_evidence(
            mx=mx,
            spf=spf,
            dkim=dkim,
            dmarc=dmarc,
            autodiscover_cname=Found("autodiscover.outlook.com", ("autodiscover.outlook.com",)),
            dkim_targets=(("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),),
            verifications=("microsoft",),
        )
    if traces == "unknown":
        return mail_evidence(
            mx=mx, spf=spf, dkim=dkim, dmarc=dmarc, autodiscover_cname=UNKNOWN, autodiscover_srv=UNKNOWN, ns=UNKNOWN
        )
    return mail_evidence(mx=mx, spf=spf, dkim=dkim, dmarc=dmarc)

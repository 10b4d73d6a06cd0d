"""Classification: who keeps the mailboxes, who filters in front of them, and does the company use Microsoft 365.

In: an evidence and the signatures. Out: a `Classification` with the facts that prove it. The gateway is an answer of
its own; where only a gateway is seen the provider is Unknown, never Local.
"""

from dataclasses import dataclass
from functools import lru_cache

from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.m365_answer import M365_REASONS, M365Answer, answer_m365
from hunter.core.mail_hosts import MailHosts, owner_of, read_mail_hosts
from hunter.core.mail_traces import ProviderFact, Traces, read_traces
from hunter.core.mailbox_host import HostVerdict, judge_mailbox_host
from hunter.core.providers import Confidence, Provider
from hunter.core.public_suffix import PublicSuffixes
from hunter.core.signals import Absent, Found
from hunter.core.signatures import Signatures

__all__ = ["M365_REASONS", "Classification", "M365Answer", "ProviderFact", "classify", "mx_root"]


@dataclass(frozen=True, slots=True)
class Classification:
    """Who keeps the mailboxes, who filters in front, and what proves it."""

    provider: Provider
    confidence: Confidence
    #: Why the provider is Unknown: `behind_gateway`, `forwarding`, `no_mail`, `mx_unknown`; else None.
    reason: str | None
    #: What was seen, MX first; facts that contradict the verdict included.
    evidence: tuple[ProviderFact, ...]
    #: Brand of a mailbox service that has no provider value of its own.
    mail_service: str | None
    #: Short id of the filter in front.
    gateway: str | None
    #: Brand of the Turkish host, where the provider is Local and the host is known.
    local_provider: str | None
    m365: M365Answer


def classify(evidence: Evidence, signatures: Signatures) -> Classification:
    """Judge who keeps the mailboxes, by all evidence."""
    mx = evidence.mail.mx
    traces, facts = read_traces(evidence, signatures)
    if isinstance(mx, Found):
        domain, find, suffixes = evidence.domain, signatures.mail_hosts.find, signatures.suffixes
        owners = [owner_of(at.host, domain, find(at.host), suffixes) for at in mx.value]
        facts[:0] = [ProviderFact("mx", at.host, owner.label) for at, owner in zip(mx.value, owners, strict=True)]
        judgement = _judge(read_mail_hosts(mx.value, owners), traces)
    else:
        judgement = _judge("no_mail" if isinstance(mx, Absent) else "mx_unknown", traces)
    verdict, gateway, m365 = judgement
    owner = verdict.owner
    return Classification(
        provider=verdict.provider,
        confidence=verdict.confidence,
        reason=verdict.reason,
        evidence=tuple(facts),
        mail_service=owner.mail_service if owner is not None else None,
        gateway=gateway,
        local_provider=owner.local_provider if owner is not None else None,
        m365=m365,
    )


@lru_cache(maxsize=4096)
def _judge(hosts: MailHosts | str, traces: Traces) -> tuple[HostVerdict, str | None, M365Answer]:
    """Judge a case: the mail hosts, or the reason why there are none to go by. Equal cases have equal verdicts."""
    if isinstance(hosts, str):
        confidence = Confidence.HIGH if hosts == "no_mail" else Confidence.LOW
        verdict, hosts = HostVerdict(Provider.UNKNOWN, confidence, hosts), MailHosts()
    else:
        verdict = judge_mailbox_host(hosts, traces)
    gateway = hosts.gateway.label if hosts.gateway is not None else None
    return verdict, gateway, answer_m365(verdict, hosts, traces)


def mx_root(mail: MailEvidence, suffixes: PublicSuffixes) -> str | None:
    """Return the registrable domain of the first mail host; None when there is none or MX is unknown."""
    if not isinstance(mail.mx, Found) or not mail.mx.value:
        return None
    return suffixes.registrable_domain(mail.mx.value[0].host)

"""What was seen in DNS and what it means for the customer, signal by signal; and what could not be read, and why.

In: an assessment, its mail evidence and the wording. Out: findings, the worst first, and the unread signals. "There is
none" is said of absent signals alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hunter.core.assessment import Assessment
from hunter.core.evidence import MailEvidence, autodiscover_of
from hunter.core.providers import M365State, Provider
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.sales.reason import lets_everybody_send, unknown_cause
from hunter.sales.wording import RELAYS, Wording, brand_of, is_own_server


class Mark(StrEnum):
    """How a finding is to be taken, worst first."""

    BAD = "bad"
    WEAK = "weak"
    PLAIN = "plain"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen."""

    mark: Mark
    #: States the finding.
    title: str
    #: One sentence: what it means for the customer or the call.
    meaning: str
    #: The record's text, for DKIM the selectors; "" where there is none.
    raw: str


@dataclass(frozen=True, slots=True)
class Unread:
    """One signal that could not be read."""

    #: Names the signal.
    title: str
    #: Why.
    cause: str


def findings(assessment: Assessment, mail: MailEvidence, wording: Wording) -> tuple[Finding, ...]:
    """Say what was seen; unknown signals are left to `unread`."""
    seen = (
        _mx(assessment, mail.mx, wording),
        _spf(assessment, mail.spf, wording),
        _dkim(mail, wording),
        _dmarc(assessment.domain, mail.dmarc, wording),
        _autodiscover(mail, wording),
        _name_servers(mail.ns, wording),
    )
    order = tuple(Mark)
    return tuple(sorted((one for one in seen if one is not None), key=lambda one: order.index(one.mark)))


def unread(mail: MailEvidence, wording: Wording) -> tuple[Unread, ...]:
    """Say what is unknown and why; where there is no mail, what nobody asked for is left out."""
    signals = (
        ("mx", mail.mx),
        ("spf", mail.spf),
        ("dkim", mail.dkim),
        ("dmarc", mail.dmarc),
        ("autodiscover", autodiscover_of(mail)),
        ("ns", mail.ns),
    )
    return tuple(
        Unread(wording.say(f"signal.{name}"), unknown_cause(signal.reason, wording))
        for name, signal in signals
        if isinstance(signal, Unknown) and not (signal.reason == "not_asked" and isinstance(mail.mx, Absent))
    )


def _mx(assessment: Assessment, mx: Signal[tuple[MXHost, ...]], wording: Wording) -> Finding | None:
    if isinstance(mx, Absent):
        return Finding(Mark.BAD, wording.say("finding.mx_absent"), wording.say(f"meaning.mx_{mx.reason}"), _raw(mx))
    if isinstance(mx, Unknown):
        return None
    first, others = mx.value[0].host, len(mx.value) - 1
    title = wording.say("finding.mx_more" if others else "finding.mx", {"host": first, "others": others})
    return Finding(Mark.PLAIN, title, wording.say(f"meaning.{_provider_meaning(assessment)}"), _raw(mx))


def _provider_meaning(assessment: Assessment) -> str:
    """Return the code of what the place of the mailboxes means for a call."""
    classification = assessment.classification
    provider = classification.provider
    if provider is Provider.UNKNOWN:
        return f"provider_{classification.reason}"
    if provider in RELAYS:
        return "provider_relay"
    if classification.mail_service:
        return "provider_service"
    if provider is Provider.LOCAL and is_own_server(classification):
        return "provider_own_server"
    if provider in (Provider.LOCAL, Provider.HOSTING):
        return "provider_host" if brand_of(classification) else "provider_unlisted"
    is_likely = provider is Provider.M365 and classification.m365.state is M365State.LIKELY
    return "provider_M365_likely" if is_likely else f"provider_{provider}"


def _spf(assessment: Assessment, spf: Signal[SPFPolicy], wording: Wording) -> Finding | None:
    if isinstance(spf, Unknown):
        return None
    if isinstance(spf, Absent):
        if spf.raw:
            title = wording.say("finding.spf_broken", {"why": wording.say(f"absent.{spf.reason}")})
            return Finding(Mark.BAD, title, wording.say("meaning.spf_broken"), _raw(spf))
        return Finding(Mark.BAD, wording.say("finding.spf_absent"), wording.say("meaning.spf_absent"), "")
    if lets_everybody_send(spf.value):
        return Finding(Mark.BAD, wording.say("finding.spf_open"), wording.say("meaning.spf_open"), _raw(spf))
    policy = spf.value
    steps = assessment.score.contributions if assessment.score else ()
    is_crowded = any(step.code == "spf_multiple_includes" for step in steps)
    case, mark = ("spf_crowded", Mark.WEAK) if is_crowded else ("spf", Mark.GOOD)
    title = wording.say(f"finding.{case}", {"includes": len(policy.includes)})
    return Finding(mark, title, wording.say(f"meaning.{case}", {"lookups": policy.lookups}), _raw(spf))


def _dkim(mail: MailEvidence, wording: Wording) -> Finding | None:
    dkim = mail.dkim
    if isinstance(dkim, Unknown):
        return None
    if isinstance(dkim, Absent):
        return Finding(Mark.BAD, wording.say("finding.dkim_absent"), wording.say("meaning.dkim_absent"), _raw(dkim))
    selectors = ", ".join(key.selector for key in dkim.value)
    return Finding(Mark.GOOD, wording.say("finding.dkim"), wording.say("meaning.dkim"), selectors)


def _dmarc(domain: str, dmarc: Signal[DMARCPolicy], wording: Wording) -> Finding | None:
    if isinstance(dmarc, Unknown):
        return None
    if isinstance(dmarc, Absent):
        if dmarc.raw:
            title = wording.say("finding.dmarc_broken", {"why": wording.say(f"absent_dmarc.{dmarc.reason}")})
            return Finding(Mark.BAD, title, wording.say("meaning.dmarc_broken"), _raw(dmarc))
        return Finding(Mark.BAD, wording.say("finding.dmarc_absent"), wording.say("meaning.dmarc_absent"), "")
    policy = dmarc.value
    case, mark = _dmarc_case(policy)
    title = wording.say(f"finding.{case}", {"policy": policy.policy, "coverage": policy.coverage})
    if policy.domain != domain:
        title = wording.say("finding.dmarc_inherited", {"title": title, "domain": policy.domain})
    return Finding(mark, title, wording.say(f"meaning.{case}"), _raw(dmarc))


def _dmarc_case(policy: DMARCPolicy) -> tuple[str, Mark]:
    if policy.policy == "none":
        return "dmarc_none", Mark.BAD
    if policy.is_testing:
        return "dmarc_testing", Mark.WEAK
    if policy.coverage < 100:
        return "dmarc_part", Mark.WEAK
    return f"dmarc_{policy.policy}", Mark.GOOD


def _autodiscover(mail: MailEvidence, wording: Wording) -> Finding | None:
    autodiscover = autodiscover_of(mail)
    if not isinstance(autodiscover, Found):
        return None
    title = wording.say("finding.autodiscover", {"host": autodiscover.value[0]})
    return Finding(Mark.PLAIN, title, wording.say("meaning.autodiscover"), _raw(autodiscover))


def _name_servers(ns: Signal[tuple[str, ...]], wording: Wording) -> Finding | None:
    if not isinstance(ns, Found):
        return None
    hosts = ", ".join(ns.value)
    return Finding(Mark.PLAIN, wording.say("finding.ns", {"hosts": hosts}), wording.say("meaning.ns"), _raw(ns))


def _raw(signal: Found[Any] | Absent) -> str:
    return " | ".join(signal.raw)

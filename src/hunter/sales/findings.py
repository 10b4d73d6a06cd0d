"""What was seen and what it means for the customer, signal by signal; and what could not be read, and why.

In: an assessment, its evidence and the wording. Out: findings, the worst first, and the unread signals. "There is
none" is said of absent signals alone.
"""

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence, MailEvidence, autodiscover_of
from hunter.core.provider.providers import M365State, Provider
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.sales.finding import Finding, Mark, Unread, raw_of
from hunter.sales.reason import lets_everybody_send, unknown_cause
from hunter.sales.surroundings import surrounding_findings, surrounding_unread
from hunter.sales.wording import RELAYS, Wording, brand_of, is_own_server


def findings(assessment: Assessment, evidence: Evidence, wording: Wording) -> tuple[Finding, ...]:
    """Say what was seen; unknown signals are left to `unread`."""
    mail = evidence.mail
    seen = (
        _mx(assessment, mail.mx, wording),
        _spf(assessment, mail.spf, wording),
        _dkim(mail, wording),
        _dmarc(assessment.domain, mail.dmarc, wording),
        _autodiscover(mail, wording),
        _name_servers(mail.ns, wording),
        *surrounding_findings(assessment, evidence, wording),
    )
    order = tuple(Mark)
    return tuple(sorted((one for one in seen if one is not None), key=lambda one: order.index(one.mark)))


def unread(evidence: Evidence, wording: Wording) -> tuple[Unread, ...]:
    """Say what is unknown and why; where there is no mail, what nobody asked for is left out."""
    mail = evidence.mail
    signals = (
        ("mx", mail.mx),
        ("spf", mail.spf),
        ("dkim", mail.dkim),
        ("dmarc", mail.dmarc),
        ("autodiscover", autodiscover_of(mail)),
        ("ns", mail.ns),
    )
    by_dns = [
        Unread(wording.say(f"signal.{name}"), unknown_cause(signal.reason, wording))
        for name, signal in signals
        if isinstance(signal, Unknown) and not (signal.reason == "not_asked" and isinstance(mail.mx, Absent))
    ]
    return (*by_dns, *surrounding_unread(evidence, wording))


def _mx(assessment: Assessment, mx: Signal[tuple[MXHost, ...]], wording: Wording) -> Finding | None:
    if isinstance(mx, Absent):
        return Finding(Mark.BAD, wording.say("finding.mx_absent"), wording.say(f"meaning.mx_{mx.reason}"), raw_of(mx))
    if isinstance(mx, Unknown):
        return None
    first, others = mx.value[0].host, len(mx.value) - 1
    title = wording.say("finding.mx_more" if others else "finding.mx", {"host": first, "others": others})
    return Finding(Mark.PLAIN, title, wording.say(f"meaning.{_provider_meaning(assessment)}"), raw_of(mx))


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
            return Finding(Mark.BAD, title, wording.say("meaning.spf_broken"), raw_of(spf))
        return Finding(Mark.BAD, wording.say("finding.spf_absent"), wording.say("meaning.spf_absent"), "")
    if lets_everybody_send(spf.value):
        return Finding(Mark.BAD, wording.say("finding.spf_open"), wording.say("meaning.spf_open"), raw_of(spf))
    policy = spf.value
    steps = assessment.score.contributions if assessment.score else ()
    is_crowded = any(step.code == "spf_multiple_includes" for step in steps)
    case, mark = ("spf_crowded", Mark.WEAK) if is_crowded else ("spf", Mark.GOOD)
    title = wording.say(f"finding.{case}", {"includes": len(policy.includes)})
    return Finding(mark, title, wording.say(f"meaning.{case}", {"lookups": policy.lookups}), raw_of(spf))


def _dkim(mail: MailEvidence, wording: Wording) -> Finding | None:
    dkim = mail.dkim
    if isinstance(dkim, Unknown):
        return None
    if isinstance(dkim, Absent):
        return Finding(Mark.BAD, wording.say("finding.dkim_absent"), wording.say("meaning.dkim_absent"), raw_of(dkim))
    selectors = ", ".join(key.selector for key in dkim.value)
    return Finding(Mark.GOOD, wording.say("finding.dkim"), wording.say("meaning.dkim"), selectors)


def _dmarc(domain: str, dmarc: Signal[DMARCPolicy], wording: Wording) -> Finding | None:
    if isinstance(dmarc, Unknown):
        return None
    if isinstance(dmarc, Absent):
        if dmarc.raw:
            title = wording.say("finding.dmarc_broken", {"why": wording.say(f"absent_dmarc.{dmarc.reason}")})
            return Finding(Mark.BAD, title, wording.say("meaning.dmarc_broken"), raw_of(dmarc))
        return Finding(Mark.BAD, wording.say("finding.dmarc_absent"), wording.say("meaning.dmarc_absent"), "")
    policy = dmarc.value
    case, mark = _dmarc_case(policy)
    title = wording.say(f"finding.{case}", {"policy": policy.policy, "coverage": policy.coverage})
    if policy.domain != domain:
        title = wording.say("finding.dmarc_inherited", {"title": title, "domain": policy.domain})
    return Finding(mark, title, wording.say(f"meaning.{case}"), raw_of(dmarc))


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
    return Finding(Mark.PLAIN, title, wording.say("meaning.autodiscover"), raw_of(autodiscover))


def _name_servers(ns: Signal[tuple[str, ...]], wording: Wording) -> Finding | None:
    if not isinstance(ns, Found):
        return None
    hosts = ", ".join(ns.value)
    return Finding(Mark.PLAIN, wording.say("finding.ns", {"hosts": hosts}), wording.say("meaning.ns"), raw_of(ns))

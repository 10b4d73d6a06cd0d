"""The reason of an assessment: one or two sentences that every lead carries.

In: an assessment, its evidence and the wording. Out: what was found, why this segment, the strongest facts, what is
unknown, and the score with the provider at the end (engine specification 4.4). A hard fail begins with `Hard-fail:`.
"""

from typing import Final

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Found
from hunter.sales.wording import Wording, provider_sentence

#: Reasons that speak of the name or its mail as a whole; single signals add nothing to them.
_WHOLE: Final = frozenset(("invalid_domain", "mx_missing", "mx_unknown"))


def reason(assessment: Assessment, evidence: Evidence, wording: Wording) -> str:
    """Render the reason; never empty, no score where there is none."""
    code = assessment.reason_code
    score = assessment.score
    if code in _WHOLE:
        opening = _whole_sentence(assessment, wording)
    else:
        uses = provider_sentence(wording, assessment.classification, assessment.mx_root)
        opening = _joined(wording.say(f"reason.{code}", {"uses": uses}), _details(assessment, evidence.mail, wording))
    if score is None:
        return opening
    tail = wording.say("reason.tail", {"score": score.points, "provider": assessment.classification.provider})
    return f"{opening} {tail}"


def named_facts(assessment: Assessment, mail: MailEvidence, wording: Wording) -> tuple[str, ...]:
    """Return the one or two strongest facts as phrases, the strongest first; none when nothing is known."""
    codes = str(dict(assessment.reason_params).get("facts", ""))
    return tuple(fact_phrase(code, mail, wording) for code in codes.split(",") if code)


def fact_phrase(code: str, mail: MailEvidence, wording: Wording) -> str:
    """Return one fact in words, with the number or the cause that makes it checkable."""
    spf, dmarc = mail.spf, mail.dmarc
    if code == "broken_spf" and isinstance(spf, Absent):
        return wording.say("fact.broken_spf", {"why": wording.say(f"absent.{spf.reason}")})
    if code == "spf" and isinstance(spf, Found) and lets_everybody_send(spf.value):
        return wording.say("fact.spf_open")
    if code == "spf_multiple_includes" and isinstance(spf, Found):
        return wording.say("fact.spf_multiple_includes", {"includes": len(spf.value.includes)})
    if code == "no_dmarc" and isinstance(dmarc, Absent) and dmarc.raw:
        return wording.say("fact.broken_dmarc")
    if isinstance(dmarc, Found) and code in ("dmarc_reject", "dmarc_quarantine") and dmarc.value.coverage < 100:
        return wording.say(f"fact.{code}_part", {"coverage": dmarc.value.coverage})
    return wording.say(f"fact.{code}")


def lets_everybody_send(policy: SPFPolicy) -> bool:
    """True for a policy that ends in `+all`: it names no unwanted sender."""
    return policy.all_qualifier == "+"


def unknown_cause(reason_code: str, wording: Wording) -> str:
    """Return why a look-up failed, in words."""
    return wording.say(f"unknown.{reason_code}")


def _whole_sentence(assessment: Assessment, wording: Wording) -> str:
    params = dict(assessment.reason_params)
    code = assessment.reason_code
    if code == "invalid_domain":
        return wording.say("reason.invalid_domain", {"domain": params.get("domain", assessment.domain)})
    cause = str(params.get("mx", ""))
    if code == "mx_missing":
        return wording.say("reason.mx_missing", {"why": wording.say(f"absent_mx.{cause}")})
    return wording.say("reason.mx_unknown", {"why": unknown_cause(cause, wording)})


def _details(assessment: Assessment, mail: MailEvidence, wording: Wording) -> str:
    facts = ", ".join(named_facts(assessment, mail, wording))
    unknown = wording.listed("signal", assessment.signals_unknown)
    if facts and unknown:
        return wording.say("reason.facts_and_unknown", {"facts": facts, "unknown": unknown})
    if unknown:
        return wording.say("reason.unknown", {"unknown": unknown})
    return wording.say("reason.facts", {"facts": facts}) if facts else ""


def _joined(first: str, second: str) -> str:
    return f"{first} {second}" if second else first

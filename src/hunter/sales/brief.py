"""The brief of one company, ready to be laid out: verdict first, then answers, score, findings, what is unknown.

In: an assessment, its evidence and the wording. Out: a `Brief` of finished phrases, in the order in which they are
read (interface design 5.2). Nothing here knows a terminal or a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.judgement.segmentation import Segment
from hunter.core.provider.providers import M365State, Provider
from hunter.core.provider.tenant_size import TenantSize
from hunter.core.signals import Found
from hunter.sales.finding import Finding, Unread
from hunter.sales.findings import findings, unread
from hunter.sales.reason import named_facts, unknown_cause
from hunter.sales.wording import RELAYS, Wording, provider_name, provider_sentence

#: The two axes are explained where they stand further apart than this many steps (engine specification 4.6).
EXPLAINED_ABOVE: Final = 2
#: Letters of a verdict, so that it is taken in at a glance.
LONGEST_VERDICT: Final = 190
#: How many reasons stand behind the answer for Microsoft 365: what decided comes first.
NAMED_REASONS: Final = 2
#: Codes that a reader takes for one line: no key, and nothing that signs at all.
MERGED: Final = {"dkim_none": "no_dkim"}
#: M365 reasons that lead to Microsoft by themselves; beside a tenant they look like a migration half done.
TRACES: Final = ("mx_exchange_online", "autodiscover_outlook", "dkim_microsoft")
#: M365 reasons that show a foot at Microsoft and no mailbox.
REMAINS: Final = frozenset(("spf_left_over", "tenant_found", "tenant_only", "ms_token", "ms_token_only"))


@dataclass(frozen=True, slots=True)
class BriefVerdict:
    """The result as a sentence or two."""

    #: What holds, to be printed strongly.
    lead: str
    #: What it means for the call.
    rest: str


@dataclass(frozen=True, slots=True)
class BriefAnswer:
    """One question of a salesperson, answered in a few words."""

    question: str
    answer: str
    #: One line of why or of what to do; may be empty.
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """One line of the score."""

    label: str
    points: int


@dataclass(frozen=True, slots=True)
class Brief:
    """All phrases of one company's brief."""

    domain: str
    verdict: BriefVerdict
    #: None where there is no score, as is the priority.
    score: int | None
    priority: int | None
    answers: tuple[BriefAnswer, ...]
    #: Sum to the score; empty after a hard fail and where there is no score.
    steps: tuple[ScoreStep, ...]
    rulebook: str
    #: What was seen and what it means, the worst first.
    findings: tuple[Finding, ...]
    #: What is unknown and why.
    unread: tuple[Unread, ...]


def compose_brief(assessment: Assessment, evidence: Evidence, wording: Wording) -> Brief:
    """Put an assessment into words."""
    return Brief(
        domain=assessment.domain,
        verdict=compose_verdict(assessment, evidence, wording),
        score=assessment.score.points if assessment.score else None,
        priority=assessment.priority,
        answers=_answers(assessment, wording),
        steps=_steps(assessment, evidence.mail, wording),
        rulebook=wording.say("brief.rulebook", {"version": assessment.rulebook_version}),
        findings=findings(assessment, evidence, wording),
        unread=unread(evidence, wording),
    )


def compose_verdict(assessment: Assessment, evidence: Evidence, wording: Wording) -> BriefVerdict:
    """Say in at most two sentences what holds and what it means."""
    code = assessment.reason_code
    params = dict(assessment.reason_params)
    if code == "invalid_domain":
        return _verdict(wording, code, {"domain": params.get("domain", assessment.domain)})
    if code == "mx_unknown":
        return _verdict(wording, code, {"why": unknown_cause(str(params.get("mx", "")), wording)})
    if code == "mx_missing":
        return _verdict(wording, code, {"why": wording.say(f"absent_mx.{params.get('mx', '')}")})
    classification = assessment.classification
    if classification.provider is Provider.UNKNOWN:
        return _verdict(wording, str(classification.reason), {"gateway": wording.gateway(classification)})
    if classification.provider is Provider.M365 and classification.m365.state is not M365State.YES:
        case = "m365_behind" if classification.gateway else "m365_likely"
        return _verdict(wording, case, {"gateway": wording.gateway(classification)})
    return _provider_verdict(assessment, evidence.mail, wording)


def _verdict(wording: Wording, case: str, values: Mapping[str, str | int]) -> BriefVerdict:
    return BriefVerdict(wording.say(f"verdict.{case}", values), wording.say(f"verdict_rest.{case}", values))


def _provider_verdict(assessment: Assessment, mail: MailEvidence, wording: Wording) -> BriefVerdict:
    """Name the provider, then the case with its strongest facts, as many as the verdict has room for."""
    classification = assessment.classification
    traces = [code for code in classification.m365.reasons if code in TRACES]
    uses = provider_sentence(wording, classification, assessment.mx_root)
    if classification.provider is Provider.M365:
        lead, case = wording.say("verdict.m365", {"uses": uses}), "m365"
    elif traces:
        return BriefVerdict(
            wording.say("verdict.elsewhere_traces", {"uses": uses}), _traces_sentence(assessment, traces, wording)
        )
    else:
        state = "relay" if classification.provider in RELAYS else f"elsewhere_{classification.m365.state}"
        lead, case = wording.say(f"verdict.{state}", {"uses": uses}), _case(assessment)
    facts = () if case == "left_at_microsoft" else named_facts(assessment, mail, wording)
    for count in range(len(facts), 0, -1):
        rest = _with_facts(wording, f"verdict_rest.{case}", facts[:count])
        if len(lead) + 1 + len(rest) <= LONGEST_VERDICT:
            return BriefVerdict(lead, rest)
    return BriefVerdict(lead, wording.say(f"verdict_rest.{case}"))


def _traces_sentence(assessment: Assessment, traces: Sequence[str], wording: Wording) -> str:
    """A migration half done needs the tenant and a second trace; a trace alone is a question to ask."""
    case = "half_finished" if "tenant_found" in assessment.classification.m365.reasons else "traces"
    return wording.say(f"verdict_rest.{case}", {"traces": wording.listed("m365_reason", traces)})


def _case(assessment: Assessment) -> str:
    """Return how strong the case is, or that only remains stand at Microsoft."""
    has_remains = REMAINS.intersection(assessment.classification.m365.reasons)
    return "left_at_microsoft" if has_remains else strength(assessment)


def strength(assessment: Assessment) -> str:
    """Return `strong`, `medium`, `weak` or `none`: how strong the case for a migration is."""
    match assessment.segment:
        case Segment.MIGRATION:
            return "strong" if assessment.priority is not None and assessment.priority <= 2 else "medium"
        case Segment.COLD:
            return "weak"
        case Segment.EXISTING | Segment.SKIP | None:
            return "none"


def _with_facts(wording: Wording, key: str, facts: Sequence[str]) -> str:
    return wording.say(f"{key}_facts", {"facts": ", ".join(facts)}) if facts else wording.say(key)


def _answers(assessment: Assessment, wording: Wording) -> tuple[BriefAnswer, ...]:
    return tuple(
        answer
        for answer in (
            _m365_answer(assessment, wording),
            _gateway_answer(assessment, wording),
            _segment_answer(assessment, wording),
            _priority_answer(assessment, wording),
            _play_answer(assessment, wording),
            _size_answer(assessment.tenant_size, wording),
            _tags_answer(assessment, wording),
        )
        if answer is not None
    )


def _m365_answer(assessment: Assessment, wording: Wording) -> BriefAnswer:
    m365 = assessment.classification.m365
    answer = f"{wording.say(f'm365.{m365.state}')} ({wording.say(f'confidence.{m365.confidence}')})"
    return BriefAnswer(
        wording.say("question.m365"), answer, wording.listed("m365_reason", m365.reasons[:NAMED_REASONS])
    )


def _gateway_answer(assessment: Assessment, wording: Wording) -> BriefAnswer:
    if assessment.classification.gateway:
        name = wording.gateway(assessment.classification)
        return BriefAnswer(wording.say("question.gateway"), name, wording.say("gateway.meaning"))
    answer = wording.say("gateway.unknown" if "mx" in assessment.signals_unknown else "gateway.none")
    return BriefAnswer(wording.say("question.gateway"), answer)


def _segment_answer(assessment: Assessment, wording: Wording) -> BriefAnswer:
    segment = assessment.segment or "none"
    is_likely = assessment.classification.m365.state is M365State.LIKELY and segment is Segment.EXISTING
    meaning = wording.say("segment_meaning.Existing_likely" if is_likely else f"segment_meaning.{segment}")
    return BriefAnswer(wording.say("question.segment"), wording.say(f"segment.{segment}"), meaning)


def _priority_answer(assessment: Assessment, wording: Wording) -> BriefAnswer:
    question = wording.say("question.priority")
    if assessment.priority is None:
        return BriefAnswer(question, wording.say("priority.none"))
    return BriefAnswer(question, f"{assessment.priority}/7", wording.say(f"priority.{assessment.priority}"))


def _play_answer(assessment: Assessment, wording: Wording) -> BriefAnswer | None:
    """The commercial play stands below the priority and never under its name."""
    if assessment.commercial is None or assessment.priority is None:
        return None
    play = assessment.commercial.priority_category
    detail = wording.say(f"play_action.{play}")
    if abs(assessment.priority - int(play[1:])) > EXPLAINED_ABOVE:
        detail = f"{detail} {wording.say('play.differs')}"
    return BriefAnswer(wording.say("question.play"), f"{play} {wording.say(f'play.{play}')}", detail)


def _size_answer(size: TenantSize | None, wording: Wording) -> BriefAnswer | None:
    if size is None:
        return None
    low, high = size.seats_from, size.seats_to
    seats = wording.say("size.range", {"low": low, "high": high}) if high else wording.say("size.from", {"low": low})
    return BriefAnswer(wording.say("question.size"), seats, wording.say(f"size_reason.{size.reason}"))


def _tags_answer(assessment: Assessment, wording: Wording) -> BriefAnswer | None:
    if not assessment.tags:
        return None
    return BriefAnswer(wording.say("question.tags"), ", ".join(wording.tag(tag) for tag in assessment.tags))


def _steps(assessment: Assessment, mail: MailEvidence, wording: Wording) -> tuple[ScoreStep, ...]:
    """Turn contributions into lines; those that a reader takes for one are added up, points of 0 say nothing."""
    points: dict[str, int] = {}
    for contribution in assessment.score.contributions if assessment.score else ():
        code = MERGED.get(contribution.code, contribution.code)
        points[code] = points.get(code, 0) + contribution.points
    return tuple(
        ScoreStep(_step_label(code, assessment, mail, wording), value) for code, value in points.items() if value
    )


def _step_label(code: str, assessment: Assessment, mail: MailEvidence, wording: Wording) -> str:
    if code == "provider":
        return provider_name(wording, assessment.classification, assessment.mx_root)
    if code == "no_spf" and mail.spf.raw:
        return wording.say("contribution.broken_spf")
    label = wording.say(f"contribution.{code}")
    is_testing = isinstance(mail.dmarc, Found) and mail.dmarc.value.is_testing
    return wording.say("contribution.testing", {"label": label}) if is_testing and code.startswith("dmarc_") else label

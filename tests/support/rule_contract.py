"""What the shipped rules promise, as checks of any rulebook against figures that no rule file holds.

`deviations(rulebook)` names every broken promise; the contract tests expect none of the shipped rulebook and at
least one of every mutated one. The figures stand in `tests/contract`: `regression_cases.json`, `rule_figures.json`
and `never_a_company.json`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from hunter.core.assessment import judge
from hunter.core.evidence import MailEvidence
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.scoring import Score
from hunter.core.judgement.verdict import Verdict
from hunter.core.names.domain_name import domain_from_email, domain_from_website
from hunter.core.provider.providers import Provider
from hunter.core.rulebook import Rulebook
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.rule_tables import boundary_deviations, figures, table_deviations

_CONTRACT = Path(__file__).parent.parent / "contract"


@dataclass(frozen=True)
class RegressionCase:
    """One of the 26 cases; it enters after classification, so its provider is given."""

    title: str
    provider: Provider
    mail: MailEvidence
    expected: Mapping[str, Any]


@cache
def regression_cases() -> tuple[RegressionCase, ...]:
    """Return the 26 regression cases in their order."""
    rows = json.loads((_CONTRACT / "regression_cases.json").read_text(encoding="utf-8"))
    return tuple(_case(row) for row in rows)


def _case(row: Mapping[str, Any]) -> RegressionCase:
    includes = [f"spf{number}.posta.example" for number in range(row["spf_includes"])]
    mail = mail_evidence(
        mx=row["mx"] or ABSENT,
        spf=spf_policy(*includes) if row["spf"] == "found" else ABSENT,
        dkim=(dkim_key(),) if row["dkim"] == "found" else ABSENT,
        dmarc=ABSENT if row["dmarc"] == "absent" else dmarc_policy(row["dmarc"]),
    )
    return RegressionCase(f"{row['number']} {row['name']}", Provider(row["provider"]), mail, row["expected"])


def outcome(verdict: Verdict) -> dict[str, Any]:
    """Return what a regression case states of a verdict."""
    assert verdict.score is not None
    assert verdict.commercial is not None
    return {
        "score": verdict.score.points,
        "segment": verdict.segment,
        "priority": verdict.priority,
        "technical_heat": verdict.commercial.technical_heat,
        "commercial_segment": verdict.commercial.commercial_segment,
        "commercial_heat": verdict.commercial.commercial_heat,
        "priority_category": verdict.commercial.priority_category,
    }


@cache
def never_a_company() -> Mapping[str, list[str]]:
    """Return addresses and pages that must never make a company."""
    content: Mapping[str, list[str]] = json.loads((_CONTRACT / "never_a_company.json").read_text(encoding="utf-8"))
    return content


def deviations(rulebook: Rulebook) -> Iterator[str]:
    """Name every promise that the rulebook breaks, one sentence each, as they are found."""
    yield from _regression(rulebook)
    yield from _crowded(rulebook)
    yield from _explanations(rulebook)
    yield from table_deviations(rulebook.rules)
    yield from boundary_deviations(rulebook.rules)
    yield from _names(rulebook)
    yield from _all_states(rulebook)


def _regression(rulebook: Rulebook) -> Iterator[str]:
    for case in regression_cases():
        if (found := outcome(judge(case.provider, case.mail, rulebook))) != case.expected:
            yield f"case {case.title}: {found}"
    invalid = judge(Provider.M365, mail_evidence(), rulebook, is_valid=False)
    if (invalid.reason_code, outcome(invalid)["score"], invalid.segment) != ("invalid_domain", 0, "Skip"):
        yield f"a name that is no domain: {invalid}"


def _crowded(rulebook: Rulebook) -> Iterator[str]:
    for includes, points in ((3, 60), (4, 55)):
        names = [f"spf{number}.posta.example" for number in range(includes)]
        verdict = judge(Provider.M365, mail_evidence(spf=spf_policy(*names), dkim=UNKNOWN, dmarc=UNKNOWN), rulebook)
        if outcome(verdict)["score"] != points:
            yield f"M365 with {includes} includes: {verdict.score}"


def _explanations(rulebook: Rulebook) -> Iterator[str]:
    order = [rule.contribution.code for rule in rulebook.rules.scoring.rules]
    if order != figures()["order"]:
        yield f"a score is told in the order {order}"
    for row in figures()["explanations"]:
        provider, spf, dkim, dmarc = row["facts"]
        facts = Facts(Standing.SCORED, Provider(provider), SPFState(spf), DKIMState(dkim), DMARCState(dmarc))
        scored = rulebook.verdicts[facts].score
        lines = [[line.code, line.points, line.signal] for line in scored.contributions] if scored else None
        if lines != row["lines"]:
            yield f"the score of {row['facts']} is explained by {lines}"


def _all_states(rulebook: Rulebook) -> Iterator[str]:
    """Compare score and tags of every provider with every state of every signal."""
    for provider, spf, dkim, dmarc in product(Provider, SPFState, DKIMState, DMARCState):
        verdict = rulebook.verdicts[Facts(Standing.SCORED, provider, spf, dkim, dmarc)]
        total = expected_total(provider, spf, dkim, dmarc)
        clamped = min(max(total, 0), 100)
        if verdict.score is None or (unclamped(verdict.score), verdict.score.points) != (total, clamped):
            yield f"{provider} {spf} {dkim} {dmarc}: {verdict.score}, not {total}"
        elif verdict.tags != (tags := expected_tags(provider, spf, dkim, dmarc, verdict.segment == "Migration")):
            yield f"{provider} {spf} {dkim} {dmarc}: tags {verdict.tags}, not {tags}"


def expected_total(provider: Provider, spf: SPFState, dkim: DKIMState, dmarc: DMARCState) -> int:
    """Return the points by the written figures, before floor and cap."""
    states = figures()["states"]
    points = figures()["providers"][provider] + states["spf"][spf] + states["dkim"][dkim] + states["dmarc"][dmarc]
    if provider is Provider.HOSTING and spf in {"absent", "broken"} and dkim == "absent":
        points -= 10
    return int(points)


def unclamped(score: Score) -> int:
    """Return what a score would be without floor and cap."""
    return sum(line.points for line in score.contributions if line.code not in {"floor", "cap"})


def expected_tags(
    provider: Provider, spf: SPFState, dkim: DKIMState, dmarc: DMARCState, is_migration: bool
) -> tuple[str, ...]:
    """Return the tags that hold whatever the day; in the shipped rules every Migration is ready."""
    holds = {
        "google-workspace": provider is Provider.GOOGLE,
        "local-mx": provider is Provider.LOCAL,
        "migration-ready": is_migration,
        "security-risk": spf in {"absent", "broken"} and dkim == "absent",
        "weak-spf": spf in {"found", "crowded"} and dmarc in {"none", "none_testing"},
    }
    return tuple(tag for tag, is_set in holds.items() if is_set)


def _names(rulebook: Rulebook) -> Iterator[str]:
    for address in never_a_company()["mailboxes"]:
        if not rulebook.is_free_mail(domain_from_email(address)):
            yield f"{address} would make a company"
    for page in never_a_company()["pages"]:
        if not rulebook.is_shared_host(domain_from_website(page)):
            yield f"{page} would make a company"

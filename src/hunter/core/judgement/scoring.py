"""Scoring: the readiness score of a domain and the contributions that sum to it.

In: facts and the points of `scoring.json`. Out: `Score`, or None when nobody knows whether the domain takes mail.
An unknown signal adds nothing on either side, because no rule can ask for it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

from hunter.core.judgement.facts import ASKABLE, PROVIDERS, DMARCState, Facts, Standing
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.decision_table import Condition, Space, read_condition
from hunter.core.rule_files.rule_reader import RuleReader

#: Codes of contributions that a signal or a risk may bear; each has its words in `sales`.
SIGNAL_CODES: Final = ("spf", "dkim", "dmarc_quarantine", "dmarc_reject")
RISK_CODES: Final = ("no_spf", "spf_multiple_includes", "no_dkim", "dkim_none", "dmarc_none", "hosting_mx_weak")
#: Every code of a contribution.
CONTRIBUTION_CODES: Final = ("base", "provider", *SIGNAL_CODES, *RISK_CODES, "floor", "cap")

_SPACE: Final[Space] = {"provider": PROVIDERS, **ASKABLE}
#: Policies from the weakest to the strictest.
_POLICIES: Final = (DMARCState.NONE, DMARCState.QUARANTINE, DMARCState.REJECT)
_MAX_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of a score."""

    #: One of `CONTRIBUTION_CODES`.
    code: str
    points: int
    #: What it rests on: `provider`, `spf`, `dkim` or `dmarc`; empty for base, floor and cap.
    signal: str


@dataclass(frozen=True, slots=True)
class Score:
    """The readiness score with the lines that sum to it."""

    #: 0 to 100.
    points: int
    #: In the order in which the rules fire; empty after a hard fail.
    contributions: tuple[Contribution, ...]
    #: `invalid_domain` or `mx_missing`, which end scoring; else None.
    hard_fail: str | None
    #: False when SPF, DKIM or DMARC could not be read, so that points may be missing.
    is_complete: bool


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Points that are added where a condition holds."""

    contribution: Contribution
    condition: Condition


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """The checked content of `scoring.json`."""

    base: int
    floor: int
    cap: int
    hard_fail_score: int
    providers: Mapping[Provider, int]
    #: SPF with more direct includes than this is crowded.
    crowded_above: int
    #: As what a policy counts while it is only tried out.
    testing: Mapping[DMARCState, DMARCState]
    #: Signals, then risks, in the order in which they are told.
    rules: tuple[PointsRule, ...]

    @property
    def scale(self) -> range:
        """Every score that can come out."""
        return range(self.floor, self.cap + 1)


def read_scoring(place: RuleReader) -> ScoringRules:
    """Read `scoring.json`; raises RulebookError."""
    parts = place.file(
        "base", "floor", "cap", "hard_fail_score", "providers", "spf_crowded_above", "dmarc_testing", "signals", "risks"
    )
    floor = parts["floor"].integer(0, _MAX_POINTS - 1)
    cap = parts["cap"].integer(floor + 1, _MAX_POINTS)
    providers = parts["providers"].table(tuple(PROVIDERS))
    signals = _read_rules(parts["signals"], SIGNAL_CODES, (1, _MAX_POINTS))
    risks = _read_rules(parts["risks"], RISK_CODES, (-_MAX_POINTS, -1))
    _refuse_double_praise(parts["signals"], signals)
    return ScoringRules(
        base=parts["base"].integer(floor, cap),
        floor=floor,
        cap=cap,
        hard_fail_score=parts["hard_fail_score"].integer(floor, cap),
        providers={PROVIDERS[name]: points.integer(0, _MAX_POINTS) for name, points in providers.items()},
        crowded_above=parts["spf_crowded_above"].integer(0, 10),
        testing=_read_testing(parts["dmarc_testing"]),
        rules=(*signals, *risks),
    )


def _read_rules(place: RuleReader, codes: tuple[str, ...], points: tuple[int, int]) -> tuple[PointsRule, ...]:
    rules: list[PointsRule] = []
    for row in place.rows():
        fields = row.table(("code", "points", "when"))
        code = fields["code"].word({code: code for code in codes})
        if any(rule.contribution.code == code for rule in rules):
            raise row.error(f'"{code}" stands there twice')
        condition = read_condition(fields["when"], _SPACE)
        if not condition.allowed.keys() & ASKABLE.keys():
            raise fields["when"].error("rests on no signal; points for a provider belong under providers")
        # The first thing a condition names is what the contribution is about.
        about = next(iter(condition.allowed))
        rules.append(PointsRule(Contribution(code, fields["points"].integer(*points), about), condition))
    return tuple(rules)


def _refuse_double_praise(place: RuleReader, rules: tuple[PointsRule, ...]) -> None:
    """Refuse two signal rules that add points for the same state of the same signal."""
    praised: dict[tuple[str, Hashable], str] = {}
    for row, rule in zip(place.rows(), rules, strict=True):
        for signal, states in rule.condition.allowed.items():
            for state in states if signal != "provider" else ():
                other = praised.setdefault((signal, state), rule.contribution.code)
                if other != rule.contribution.code:
                    raise row.error(f'{signal} {state} overlaps with "{other}"')


def _read_testing(place: RuleReader) -> Mapping[DMARCState, DMARCState]:
    """Read as what each policy counts under `t=y`; never as a stricter one."""
    states = {state.value: state for state in _POLICIES}
    testing: dict[DMARCState, DMARCState] = {}
    for name, below in place.table(tuple(states)).items():
        effective = below.word(states)
        if _POLICIES.index(effective) > _POLICIES.index(states[name]):
            raise below.error("a policy that is only tried out cannot count for more than it says")
        testing[DMARCState(f"{name}_testing")] = effective
    return testing


def score(rules: ScoringRules, facts: Facts) -> Score | None:
    """Score one case; None while it is unknown whether the domain takes mail."""
    is_complete = (facts.spf, facts.dkim, facts.dmarc).count("unknown") == 0
    if facts.standing is Standing.MX_UNKNOWN:
        return None
    if facts.standing is not Standing.SCORED:
        return Score(rules.hard_fail_score, (), facts.standing.value, is_complete)
    lines = _contributions(rules, facts)
    total = sum(line.points for line in lines)
    points = min(max(total, rules.floor), rules.cap)
    if points != total:
        lines.append(Contribution("floor" if points > total else "cap", points - total, ""))
    return Score(points, tuple(lines), None, is_complete)


def _contributions(rules: ScoringRules, facts: Facts) -> list[Contribution]:
    values = facts.values(rules.testing.get(facts.dmarc, facts.dmarc))
    return [
        Contribution("base", rules.base, ""),
        Contribution("provider", rules.providers[facts.provider], "provider"),
        *(rule.contribution for rule in rules.rules if rule.condition.holds(values)),
    ]

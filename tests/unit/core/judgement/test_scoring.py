"""Points and their lines, hard fails, clamping, and rules that are refused."""

from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.scoring import CONTRIBUTION_CODES, Score, ScoringRules, read_scoring, score
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.rule_reader import RuleReader
from tests.support.rulebooks import rule_files, shipped_rulebook


def scoring_file() -> Any:
    return rule_files()["scoring.json"]


def read(content: Any) -> ScoringRules:
    return read_scoring(RuleReader("scoring.json", content))


def refusal(content: Any) -> str:
    with pytest.raises(RulebookError) as caught:
        read(content)
    return str(caught.value)


def scored(
    provider: str = "Google",
    *,
    spf: str = "unknown",
    dkim: str = "unknown",
    dmarc: str = "unknown",
    standing: Standing = Standing.SCORED,
    rules: ScoringRules | None = None,
) -> Score | None:
    facts = Facts(standing, Provider(provider), SPFState(spf), DKIMState(dkim), DMARCState(dmarc))
    return score(rules or shipped_rulebook().rules.scoring, facts)


def lines(result: Score | None) -> list[tuple[str, int]]:
    assert result is not None
    return [(line.code, line.points) for line in result.contributions if line.code not in {"base", "provider"}]


def test_unknown_signals_add_nothing_and_the_score_says_that_it_is_incomplete() -> None:
    result = scored("Google")

    assert result is not None
    assert (result.points, lines(result), result.is_complete) == (50, [], False)


@pytest.mark.parametrize(
    ("spf", "dkim", "dmarc", "is_complete"),
    [
        ("found", "found", "reject", True),
        ("broken", "absent", "absent", True),
        ("unknown", "found", "reject", False),
        ("found", "unknown", "reject", False),
        ("found", "found", "unknown", False),
    ],
)
def test_one_unknown_signal_makes_a_score_incomplete(spf: str, dkim: str, dmarc: str, is_complete: bool) -> None:
    result = scored(spf=spf, dkim=dkim, dmarc=dmarc)

    assert result is not None
    assert result.is_complete is is_complete


def test_missing_dkim_costs_twice_as_its_two_risks_say() -> None:
    assert lines(scored(dkim="absent")) == [("no_dkim", -10), ("dkim_none", -5)]


def test_a_missing_dmarc_record_costs_nothing_and_the_policy_none_does() -> None:
    assert lines(scored(dmarc="absent")) == []
    assert lines(scored(dmarc="none")) == [("dmarc_none", -10)]


def test_broken_spf_costs_what_missing_spf_costs() -> None:
    assert lines(scored(spf="broken")) == lines(scored(spf="absent")) == [("no_spf", -10)]


def test_crowded_spf_earns_its_points_and_pays_for_the_crowd() -> None:
    assert lines(scored(spf="crowded")) == [("spf", 10), ("spf_multiple_includes", -5)]


@pytest.mark.parametrize(("policy", "counted"), [("reject", "quarantine"), ("quarantine", "none"), ("none", "none")])
def test_a_policy_that_is_only_tried_out_counts_one_step_weaker(policy: str, counted: str) -> None:
    assert lines(scored(dmarc=f"{policy}_testing")) == lines(scored(dmarc=counted))


@pytest.mark.parametrize(
    ("spf", "dkim", "is_weak"),
    [
        ("absent", "absent", True),
        ("broken", "absent", True),
        ("absent", "unknown", False),
        ("unknown", "absent", False),
        ("absent", "found", False),
    ],
)
def test_weak_hosting_needs_both_signals_to_be_absent(spf: str, dkim: str, is_weak: bool) -> None:
    assert (("hosting_mx_weak", -10) in lines(scored("Hosting", spf=spf, dkim=dkim))) is is_weak


def test_weak_hosting_is_said_of_hosters_only() -> None:
    assert ("hosting_mx_weak", -10) not in lines(scored("Local", spf="absent", dkim="absent"))


def test_a_score_below_the_floor_is_lifted_by_a_line_of_its_own() -> None:
    result = scored("Unknown", spf="absent", dkim="absent", dmarc="none")

    assert result is not None
    assert result.points == 0
    assert lines(result)[-1] == ("floor", 35)


def test_a_score_above_the_cap_is_lowered_by_a_line_of_its_own() -> None:
    content = scoring_file()
    content["providers"]["Google"] = 75
    result = scored(spf="found", dkim="found", dmarc="reject", rules=read(content))

    assert result is not None
    assert result.points == 100
    assert lines(result)[-1] == ("cap", -15)


@pytest.mark.parametrize("standing", [Standing.INVALID_DOMAIN, Standing.MX_MISSING])
def test_a_hard_fail_scores_nothing_and_explains_nothing(standing: Standing) -> None:
    result = scored("M365", spf="found", dkim="found", dmarc="reject", standing=standing)

    assert result == Score(0, (), standing.value, is_complete=True)


def test_unknown_mx_is_no_score_at_all() -> None:
    assert scored("M365", spf="found", dkim="found", dmarc="reject", standing=Standing.MX_UNKNOWN) is None


def test_every_line_bears_a_known_code() -> None:
    rules = shipped_rulebook().rules.scoring
    assert {rule.contribution.code for rule in rules.rules} <= set(CONTRIBUTION_CODES)


def test_rules_cannot_ask_for_what_is_unknown() -> None:
    content = scoring_file()
    content["risks"][0]["when"]["spf"] = ["absent", "unknown"]

    assert refusal(content).startswith('scoring.json: risks[0].when.spf[1]: unknown name "unknown"')


def test_points_for_a_provider_alone_are_refused_among_the_risks() -> None:
    content = scoring_file()
    content["risks"][5]["when"] = {"provider": ["Hosting"]}

    assert refusal(content).startswith("scoring.json: risks[5].when: rests on no signal")


def test_a_code_that_stands_there_twice_is_refused() -> None:
    content = scoring_file()
    content["signals"].append(content["signals"][0])

    assert refusal(content) == 'scoring.json: signals[4]: "spf" stands there twice'


def test_two_rules_that_praise_the_same_state_overlap() -> None:
    content = scoring_file()
    content["signals"][2]["when"]["dmarc"] = ["quarantine", "reject"]

    assert refusal(content) == 'scoring.json: signals[3]: dmarc reject overlaps with "dmarc_quarantine"'


@pytest.mark.parametrize(("group", "points"), [("signals", 0), ("signals", -5), ("risks", 0), ("risks", 5)])
def test_signals_earn_and_risks_cost(group: str, points: int) -> None:
    content = scoring_file()
    content[group][0]["points"] = points

    assert refusal(content).startswith(f"scoring.json: {group}[0].points: must be from")


def test_every_provider_has_its_points() -> None:
    content = scoring_file()
    del content["providers"]["Zoho"]

    assert refusal(content) == 'scoring.json: providers: "Zoho" is missing'


def test_an_unknown_provider_is_refused_by_name() -> None:
    content = scoring_file()
    content["providers"]["Googel"] = 50

    assert refusal(content) == 'scoring.json: providers: unknown key "Googel"'


def test_a_policy_that_is_tried_out_never_counts_for_more_than_it_says() -> None:
    content = scoring_file()
    content["dmarc_testing"]["quarantine"] = "reject"

    assert refusal(content).startswith("scoring.json: dmarc_testing.quarantine: ")

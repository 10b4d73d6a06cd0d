"""Segments at their bounds, per kind of provider."""

import pytest

from hunter.core.judgement.scoring import Score
from hunter.core.judgement.segmentation import read_segments, segment_of
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.rule_reader import RuleReader
from tests.support.rulebooks import rule_files, shipped_rulebook


def segment(provider: str, points: int) -> tuple[str, str]:
    decision = segment_of(shipped_rulebook().rules.segments, Provider(provider), Score(points, (), None, True))
    assert decision is not None
    return decision


@pytest.mark.parametrize("points", [0, 39, 100])
def test_a_company_on_microsoft_365_is_existing_at_any_score(points: int) -> None:
    assert segment("M365", points) == ("Existing", "existing")


@pytest.mark.parametrize("provider", ["Google", "Yandex", "Zoho", "Hosting", "Local"])
def test_sixty_points_make_a_migration_of_whom_keeps_mailboxes_elsewhere(provider: str) -> None:
    assert segment(provider, 60) == ("Migration", "migration")
    assert segment(provider, 59)[0] == "Cold"


@pytest.mark.parametrize("provider", ["Amazon", "SendGrid", "Mailgun", "Unknown"])
@pytest.mark.parametrize("points", [40, 60, 100])
def test_where_no_mailbox_is_seen_a_high_score_is_cold_never_skipped(provider: str, points: int) -> None:
    assert segment(provider, points) == ("Cold", "cold_other")


@pytest.mark.parametrize(("points", "expected"), [(4, "skip"), (5, "cold_local"), (59, "cold_local")])
def test_an_own_server_is_worth_a_look_from_five_points(points: int, expected: str) -> None:
    assert segment("Local", points)[1] == expected


@pytest.mark.parametrize(("points", "expected"), [(39, "skip"), (40, "cold_other")])
def test_others_are_worth_a_look_from_forty_points(points: int, expected: str) -> None:
    assert segment("Hosting", points)[1] == expected


def test_without_a_score_there_is_no_segment() -> None:
    assert segment_of(shipped_rulebook().rules.segments, Provider.M365, None) is None


def test_a_hard_fail_is_skipped_and_names_itself_as_the_rule() -> None:
    failed = Score(0, (), "mx_missing", True)

    assert segment_of(shipped_rulebook().rules.segments, Provider.M365, failed) == ("Skip", "mx_missing")


def test_an_operator_may_leave_a_gap_to_a_default_that_says_so() -> None:
    content = rule_files()["segments.json"]
    assert isinstance(content, dict)
    content["segments"]["rules"].pop()
    content["segments"]["default"] = {"segment": "Skip", "code": "no_rule"}
    rules = read_segments(RuleReader("segments.json", content), range(101))

    assert segment_of(rules, Provider.HOSTING, Score(39, (), None, True)) == ("Skip", "no_rule")
    assert segment_of(rules, Provider.HOSTING, Score(40, (), None, True)) == ("Cold", "cold_other")

"""Automatic tags, those of the facts and those of the day."""

from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.judgement.expiry import Expiry
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.segmentation import Segment
from hunter.core.judgement.tags import absent_tags, read_tags, standing_tags, undecided_tags
from hunter.core.provider.providers import Provider
from hunter.core.rule_files.rule_reader import RuleReader
from tests.support.rulebooks import shipped_rulebook

RULES = shipped_rulebook().rules.tags


def tags(
    provider: str = "M365",
    *,
    spf: str = "unknown",
    dkim: str = "unknown",
    dmarc: str = "unknown",
    segment: Segment | None = None,
    points: int | None = None,
) -> tuple[str, ...]:
    return standing_tags(RULES, facts_of(provider, spf, dkim, dmarc), segment, points)


def facts_of(provider: str, spf: str, dkim: str, dmarc: str) -> Facts:
    return Facts(Standing.SCORED, Provider(provider), SPFState(spf), DKIMState(dkim), DMARCState(dmarc))


def refusal(*rows: dict[str, Any]) -> str:
    with pytest.raises(RulebookError) as caught:
        read_tags(RuleReader("tags.json", {"version": "1", "tags": list(rows)}), range(101))
    return str(caught.value)


@pytest.mark.parametrize(
    ("signals", "undecided"),
    [
        (("absent", "absent", "reject"), ()),
        (("absent", "unknown", "reject"), ("migration-ready", "security-risk")),
        (("found", "unknown", "reject"), ("migration-ready",)),
        (("unknown", "absent", "none"), ("migration-ready", "security-risk", "weak-spf")),
        (("found", "found", "unknown"), ("migration-ready", "weak-spf")),
        (("unknown", "found", "reject"), ("migration-ready",)),
    ],
)
def test_what_is_unknown_may_make_a_tag_hold(signals: tuple[str, str, str], undecided: tuple[str, ...]) -> None:
    assert undecided_tags(RULES, facts_of("Google", *signals), Segment.MIGRATION, 50) == undecided


def test_a_tag_that_holds_is_decided_whatever_else_is_unknown() -> None:
    facts = facts_of("Google", "unknown", "found", "reject")
    assert undecided_tags(RULES, facts, Segment.MIGRATION, 60) == ()
    assert undecided_tags(RULES, facts, Segment.COLD, 50) == ()


def test_without_segment_and_score_only_the_facts_decide() -> None:
    facts = facts_of("Google", "found", "found", "reject")
    assert undecided_tags(RULES, facts, None, None) == ("migration-ready",)


@pytest.mark.parametrize("spf", ["absent", "broken"])
def test_neither_spf_nor_dkim_is_a_security_risk(spf: str) -> None:
    assert tags(spf=spf, dkim="absent") == ("security-risk",)


@pytest.mark.parametrize(("spf", "dkim"), [("unknown", "absent"), ("absent", "unknown"), ("found", "absent")])
def test_what_is_unknown_or_there_is_no_security_risk(spf: str, dkim: str) -> None:
    assert tags(spf=spf, dkim=dkim) == ()


@pytest.mark.parametrize("spf", ["found", "crowded"])
@pytest.mark.parametrize("dmarc", ["none", "none_testing"])
def test_spf_under_the_policy_none_is_weak(spf: str, dmarc: str) -> None:
    assert tags(spf=spf, dmarc=dmarc) == ("weak-spf",)


@pytest.mark.parametrize("dmarc", ["absent", "quarantine", "quarantine_testing", "unknown"])
def test_only_the_published_policy_none_makes_spf_weak(dmarc: str) -> None:
    assert tags(spf="found", dmarc=dmarc) == ()


def test_a_migration_is_ready_from_sixty_points() -> None:
    assert tags(segment=Segment.MIGRATION, points=60) == ("migration-ready",)
    assert tags(segment=Segment.MIGRATION, points=59) == ()
    assert tags(segment=Segment.EXISTING, points=90) == ()


@pytest.mark.parametrize(("provider", "tag"), [("Google", "google-workspace"), ("Local", "local-mx")])
def test_two_providers_have_a_tag_of_their_own(provider: str, tag: str) -> None:
    assert tags(provider) == (tag,)


def test_several_tags_are_handed_out_sorted() -> None:
    assert tags("Local", spf="absent", dkim="absent") == ("local-mx", "security-risk")


def test_a_registration_that_ends_soon_has_a_tag() -> None:
    assert RULES.dated[Expiry.SOON] == ("expire-soon",)


@pytest.mark.parametrize("expiry", [Expiry.ENDED, Expiry.LATER])
def test_a_registration_that_has_ended_or_runs_on_does_not_end_soon(expiry: Expiry) -> None:
    assert RULES.dated[expiry] == ()


@pytest.mark.parametrize("signals", [("found", "found", "reject"), ("unknown", "absent", "none")])
def test_a_tag_holds_or_does_not_or_cannot_be_told(signals: tuple[str, str, str]) -> None:
    case = (facts_of("Google", *signals), Segment.MIGRATION, 50)
    said = [*standing_tags(RULES, *case), *undecided_tags(RULES, *case), *absent_tags(RULES, *case)]
    assert sorted(said) == sorted(tag for tag, _ in RULES.standing)


def test_the_rules_name_all_tags_that_are_theirs() -> None:
    assert RULES.names == {
        "security-risk", "migration-ready", "expire-soon", "weak-spf", "google-workspace", "local-mx",
    }  # fmt: skip


def test_a_tag_that_stands_there_twice_is_refused() -> None:
    local = {"tag": "local-mx", "when": {"provider": ["Local"]}}

    assert refusal(local, local) == 'tags.json: tags[1]: "local-mx" stands there twice'


def test_the_expiry_and_facts_do_not_mix_in_one_tag() -> None:
    mixed = {"tag": "x", "when": {"provider": ["Local"], "expiry": ["soon"]}}

    assert refusal(mixed) == 'tags.json: tags[0].when: unknown key "provider"'

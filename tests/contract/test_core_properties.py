"""Promises of the judgement that hold for any evidence, whatever the numbers of the rulebook are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hunter.core.assessment import assess, judge
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.judgement.scoring import Score
from hunter.core.judgement.segmentation import SEGMENTS, Segment
from hunter.core.provider.providers import Provider
from hunter.core.records.dkim import DKIMKey
from hunter.core.signals import Found, Signal, Unknown
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, spf_policy
from tests.support.evidence_strategies import evidences, mail_evidences
from tests.support.rulebooks import shipped_rulebook

AS_OF = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PROVIDERS = st.sampled_from(Provider)

#: Each signal from its worst to its best answer.
SPF = (
    ABSENT,
    Found(spf_policy("a.posta.example", "b.posta.example", "c.posta.example", "d.posta.example")),
    Found(spf_policy("a.posta.example")),
)
DKIM: tuple[Signal[tuple[DKIMKey, ...]], ...] = (ABSENT, Found((dkim_key(),)))
DMARC = (Found(dmarc_policy("none")), ABSENT, Found(dmarc_policy("quarantine")), Found(dmarc_policy("reject")))
#: Segments from the least to the most worth of a call.
WORTH = ("Skip", "Cold", "Migration", "Existing")
PRIORITIES = {"Migration": {1, 2, 3}, "Existing": {3, 4, 5, 6}, "Cold": {5, 6, 7}, "Skip": {7}}


def scored(provider: Provider, mail: MailEvidence) -> Score:
    score = judge(provider, mail, shipped_rulebook()).score
    assert score is not None
    return score


def with_mail(mail: MailEvidence) -> MailEvidence:
    """Return the evidence as that of a domain that takes mail."""
    return replace(mail, mx=Found(())) if not isinstance(mail.mx, Found) else mail


@given(evidences())
def test_contributions_sum_to_the_score(seen: Evidence) -> None:
    score = assess(seen, shipped_rulebook(), AS_OF).score

    assert score is None or sum(line.points for line in score.contributions) == score.points
    assert score is None or 0 <= score.points <= 100


@given(PROVIDERS, mail_evidences())
def test_a_better_signal_never_lowers_the_score(provider: Provider, mail: MailEvidence) -> None:
    base = with_mail(mail)

    def points(better: Sequence[MailEvidence]) -> list[int]:
        return [scored(provider, one).points for one in better]

    for rising in (
        points([replace(base, spf=spf) for spf in SPF]),
        points([replace(base, dkim=dkim) for dkim in DKIM]),
        points([replace(base, dmarc=dmarc) for dmarc in DMARC]),
    ):
        assert rising == sorted(rising)


@given(PROVIDERS, mail_evidences())
def test_unknown_never_costs_points(provider: Provider, mail: MailEvidence) -> None:
    base = with_mail(mail)

    for name in ("spf", "dkim", "dmarc"):
        score = scored(provider, replace(base, **{name: UNKNOWN}))
        assert [line for line in score.contributions if line.signal == name] == []
        assert not score.is_complete


@given(PROVIDERS, mail_evidences())
def test_a_signal_that_turns_unknown_takes_only_its_own_lines_along(provider: Provider, mail: MailEvidence) -> None:
    base = with_mail(mail)

    for name in ("spf", "dkim", "dmarc"):
        kept = set(scored(provider, replace(base, **{name: UNKNOWN})).contributions)
        added = {line.code for line in kept - set(scored(provider, base).contributions)}
        assert added <= {"floor", "cap"}


@given(evidences())
def test_every_assessed_evidence_has_exactly_one_segment_and_all_that_follows(seen: Evidence) -> None:
    verdict = assess(seen, shipped_rulebook(), AS_OF)

    is_assessed = not isinstance(seen.mail.mx, Unknown) or verdict.scan_status == "invalid_domain"
    answers = (verdict.score, verdict.segment, verdict.segment_rule, verdict.priority, verdict.commercial)
    assert [answer is not None for answer in answers] == [is_assessed] * 5


@given(evidences())
def test_priorities_keep_to_their_segment(seen: Evidence) -> None:
    verdict = assess(seen, shipped_rulebook(), AS_OF)

    assert verdict.segment is None or verdict.priority in PRIORITIES[verdict.segment]


def test_every_priority_of_a_segment_occurs_at_the_scores_its_rules_reach() -> None:
    rules = shipped_rulebook().rules
    occurring: dict[str, set[int]] = {name: set() for name in SEGMENTS}
    for (_, points), (_, decision) in rules.segments.table.cells.items():
        occurring[decision.segment].add(rules.priority.table.decide(decision.segment, points))

    assert occurring == PRIORITIES


def test_a_higher_score_never_worsens_segment_or_priority_of_the_same_provider() -> None:
    rules = shipped_rulebook().rules

    for provider in Provider:
        segments: list[Segment] = [rules.segments.table.decide(provider, points).segment for points in range(101)]
        worth = [WORTH.index(segment) for segment in segments]
        priorities = [rules.priority.table.decide(segment, points) for points, segment in enumerate(segments)]
        assert all(lower <= higher for lower, higher in pairwise(worth)), provider
        assert all(higher <= lower for lower, higher in pairwise(priorities)), provider

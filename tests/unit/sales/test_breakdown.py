"""Scores taken apart into what a salesperson is shown."""

from datetime import UTC, datetime

import pytest

from hunter.core.assessment import assess
from hunter.core.evidence import MailEvidence
from hunter.core.judgement.scoring import RISK_CODES
from hunter.core.signals import Absent
from hunter.sales.breakdown import ScoreBreakdown, breakdown
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, evidence, mail_evidence, spf_policy
from tests.support.rule_contract import RegressionCase, regression_cases
from tests.support.rulebooks import shipped_rulebook

AS_OF = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def taken_apart(mail: MailEvidence) -> ScoreBreakdown:
    seen = evidence(mail)
    found = breakdown(assess(seen, shipped_rulebook(), AS_OF), seen)
    assert found is not None
    return found


def total(found: ScoreBreakdown) -> int:
    parts = (*found.signal_points.values(), *found.risk_points.values())
    return found.base_score + found.provider_points + sum(parts) + found.clamping_points


@pytest.mark.parametrize("case", regression_cases(), ids=lambda case: case.title)
def test_all_parts_sum_to_the_total_which_is_the_score(case: RegressionCase) -> None:
    seen = evidence(case.mail)
    assessment = assess(seen, shipped_rulebook(), AS_OF)
    found = breakdown(assessment, seen)

    assert found is not None
    assert assessment.score is not None
    assert total(found) == found.total_score == assessment.score.points


def test_a_full_house_shows_its_signals_and_no_risk() -> None:
    found = taken_apart(
        mail_evidence(
            mx=("aspmx.l.google.com",), spf=spf_policy(), dkim=(dkim_key("google"),), dmarc=dmarc_policy("reject")
        )
    )

    assert (found.base_score, found.provider, found.provider_points) == (0, "Google", 50)
    assert found.signal_points == {"spf": 10, "dkim": 10, "dmarc_reject": 20}
    assert (found.risk_points, found.clamping_points, found.total_score) == ({}, 0, 90)
    assert (found.dmarc_policy, found.dmarc_coverage) == ("reject", 100)


def test_the_policy_none_is_a_signal_without_points_and_a_risk_with_its_own() -> None:
    found = taken_apart(mail_evidence(mx=("aspmx.l.google.com",), dmarc=dmarc_policy("none", coverage=40)))

    assert found.signal_points == {"dmarc_none": 0}
    assert found.risk_points["dmarc_none"] == -10
    assert (found.dmarc_policy, found.dmarc_coverage) == ("none", 40)


def test_risks_stand_in_the_order_in_which_they_are_told() -> None:
    found = taken_apart(mail_evidence(mx=("mx1.hostinger.com",), dmarc=dmarc_policy("none")))

    assert list(found.risk_points) == [code for code in RISK_CODES if code in found.risk_points]
    assert found.risk_points["hosting_mx_weak"] == -10
    assert (found.clamping_points, found.total_score) == (25, 0)


def test_a_policy_that_is_only_tried_out_shows_as_published_and_counts_one_step_weaker() -> None:
    found = taken_apart(mail_evidence(mx=("aspmx.l.google.com",), dmarc=dmarc_policy("reject", is_testing=True)))

    assert found.dmarc_policy == "reject"
    assert found.signal_points == {"dmarc_quarantine": 15}


def test_after_a_hard_fail_all_points_are_empty_and_the_reason_is_named() -> None:
    found = taken_apart(mail_evidence(mx=Absent("null_mx"), spf=spf_policy()))

    assert (found.provider_points, found.signal_points, found.risk_points) == (0, {}, {})
    assert (found.total_score, found.hard_fail) == (0, "mx_missing")
    assert found.commercial.priority_category == "P6"


def test_unknown_signals_leave_no_points_and_are_named() -> None:
    found = taken_apart(mail_evidence(mx=("aspmx.l.google.com",), spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN))

    assert (found.signal_points, found.risk_points, found.is_complete) == ({}, {}, False)
    assert found.signals_unknown == ("spf", "dkim", "dmarc")
    assert (found.dmarc_policy, found.dmarc_coverage) == (None, None)


def test_a_turkish_host_and_a_size_are_shown_where_they_are_known() -> None:
    assert taken_apart(mail_evidence(mx=("mail.natrohost.com",))).local_provider == "Natro"
    assert taken_apart(mail_evidence(mx=("aspmx.l.google.com",))).tenant_size == "medium"
    assert taken_apart(mail_evidence(mx=ABSENT)).tenant_size is None


def test_without_a_score_there_is_nothing_to_take_apart() -> None:
    seen = evidence(mail_evidence(mx=UNKNOWN))

    assert breakdown(assess(seen, shipped_rulebook(), AS_OF), seen) is None

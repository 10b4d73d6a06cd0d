"""The 26 regression cases, end to end from provider and mail signals to the commercial play.

A case changes only with its reason, in the same commit as the rule.
"""

import pytest

from hunter.core.assessment import judge
from tests.support.rule_contract import RegressionCase, outcome, regression_cases
from tests.support.rulebooks import shipped_rulebook


def test_there_are_26_regression_cases() -> None:
    assert len(regression_cases()) == 26


@pytest.mark.parametrize("case", regression_cases(), ids=lambda case: case.title)
def test_regression_case_keeps_its_verdict(case: RegressionCase) -> None:
    verdict = judge(case.provider, case.mail, shipped_rulebook())

    assert outcome(verdict) == case.expected


@pytest.mark.parametrize("case", regression_cases(), ids=lambda case: case.title)
def test_regression_case_is_explained_to_the_point(case: RegressionCase) -> None:
    score = judge(case.provider, case.mail, shipped_rulebook()).score

    assert score is not None
    assert sum(line.points for line in score.contributions) == case.expected["score"]

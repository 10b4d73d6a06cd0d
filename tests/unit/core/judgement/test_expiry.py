"""The end of a registration: far, near, behind us."""

import pytest

from hunter.core.judgement.expiry import Expiry
from tests.support.rulebooks import shipped_rulebook

RULES = shipped_rulebook().rules.expiry


@pytest.mark.parametrize(
    ("days", "expiry"),
    [
        (-400, Expiry.ENDED),
        (-1, Expiry.ENDED),
        (0, Expiry.SOON),
        (29, Expiry.SOON),
        (30, Expiry.LATER),
        (400, Expiry.LATER),
    ],
)
def test_an_end_within_thirty_days_is_near_from_today_on(days: int, expiry: Expiry) -> None:
    assert RULES.state_of(days) is expiry

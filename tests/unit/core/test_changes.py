"""Changes between two looks: what counts, what does not, and what unknown never is."""

from datetime import date
from typing import Any

import pytest

from hunter.core.changes import Change, ChangeKind, ScanState, compare, expire_soon, is_undecided, scan_state_of
from hunter.core.expiry import Expiry
from tests.support.assessed import GOOGLE, judged
from tests.support.builders import ABSENT, UNKNOWN, evidence, mail_evidence

BEFORE: dict[str, Any] = {
    "spf": True,
    "dkim": True,
    "dmarc_policy": "none",
    "mx_root": "google.com",
    "provider": "Google",
    "score": 60,
    "segment": "Migration",
    "priority": 3,
}


def changed(**after: Any) -> tuple[Change, ...]:
    return compare(ScanState(**BEFORE), ScanState(**{**BEFORE, **after}))


def test_equal_states_have_no_change() -> None:
    assert changed() == ()


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ({"spf": False}, Change(ChangeKind.SPF, "true", "false")),
        ({"dkim": False}, Change(ChangeKind.DKIM, "true", "false")),
        ({"dmarc_policy": "reject"}, Change(ChangeKind.DMARC_ADDED, "none", "reject")),
        ({"dmarc_policy": None}, Change(ChangeKind.DMARC, "none", None)),
        ({"mx_root": "outlook.com"}, Change(ChangeKind.MX, "google.com", "outlook.com")),
        ({"mx_root": None}, Change(ChangeKind.MX, "google.com", None)),
        ({"gateway": "proofpoint"}, Change(ChangeKind.GATEWAY, None, "proofpoint")),
        ({"provider": "M365"}, Change(ChangeKind.PROVIDER, "Google", "M365")),
        ({"priority": 2, "segment": "Existing", "score": 75}, Change(ChangeKind.PRIORITY, "3", "2")),
        ({"segment": "Existing", "score": 61}, Change(ChangeKind.SEGMENT, "Migration", "Existing")),
        ({"score": 65}, Change(ChangeKind.SCORE, "60", "65")),
    ],
)
def test_one_difference_is_one_change(after: dict[str, Any], change: Change) -> None:
    assert changed(**after) == (change,)


@pytest.mark.parametrize(("old", "new"), [("quarantine", "reject"), ("reject", "quarantine"), ("reject", "none")])
def test_a_policy_that_was_enforced_is_changed_and_not_added(old: str, new: str) -> None:
    (change,) = compare(ScanState(dmarc_policy=old), ScanState(dmarc_policy=new))
    assert change.kind is ChangeKind.DMARC


@pytest.mark.parametrize("name", ["spf", "dkim", "dmarc", "mx", "provider"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_unknown_on_either_side_is_no_change(name: str, side: str) -> None:
    column = {"dmarc": "dmarc_policy", "mx": "mx_root"}.get(name, name)
    known, unknown = ScanState(**BEFORE), ScanState(**{**BEFORE, column: None}, unknown=frozenset((name,)))
    assert compare(*((unknown, known) if side == "before" else (known, unknown))) == ()


def test_a_score_that_is_not_there_is_no_change() -> None:
    assert changed(score=None, segment=None, priority=None) == ()


def test_only_provider_gateway_and_mx_need_a_second_look() -> None:
    doubted = {kind for kind in ChangeKind if kind.needs_confirmation}
    assert doubted == {ChangeKind.PROVIDER, ChangeKind.GATEWAY, ChangeKind.MX}


@pytest.mark.parametrize("expiry", [Expiry.ENDED, Expiry.LATER, None])
def test_an_end_that_is_far_or_behind_us_is_not_said(expiry: Expiry | None) -> None:
    assert expire_soon(date(2026, 3, 20), expiry, None) is None
    assert expire_soon(None, expiry, None) is None


def test_an_end_that_is_near_is_said_once_for_each_date() -> None:
    soon = date(2026, 3, 20)
    assert expire_soon(soon, Expiry.SOON, soon) is None
    assert expire_soon(soon, Expiry.SOON, date(2025, 3, 20)) == Change(ChangeKind.EXPIRE_SOON, None, "2026-03-20")


def test_a_failed_look_at_mx_leaves_the_provider_undecided() -> None:
    assert is_undecided(judged(evidence(mail_evidence(mx=UNKNOWN))).assessment)


def test_a_domain_without_mail_is_decided() -> None:
    assert not is_undecided(judged(evidence(mail_evidence(mx=ABSENT))).assessment)


@pytest.mark.parametrize(("autodiscover", "undecided"), [(UNKNOWN, True), (ABSENT, False)])
def test_a_filter_hides_the_provider_only_where_the_traces_were_answered(autodiscover: Any, undecided: bool) -> None:
    mail = mail_evidence(mx=["mx0a-001.pphosted.com"], autodiscover_cname=autodiscover)
    assert is_undecided(judged(evidence(mail)).assessment) is undecided


def test_the_state_of_a_look_names_what_is_unknown() -> None:
    one = judged(evidence(mail_evidence(mx=GOOGLE, spf=UNKNOWN, dmarc=UNKNOWN)))
    state = scan_state_of(one.evidence, one.assessment)
    assert state.unknown == {"spf", "dmarc"}
    assert (state.provider, state.mx_root, state.dkim) == ("Google", "google.com", False)

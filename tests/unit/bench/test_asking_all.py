"""Asking all: the state of DKIM that follows from the answers to every question."""

from bench.asking_all import judge
from hunter.collectors.mail.answer import Answer, unknown

KEY = b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7"
OTHER_KEY = b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD8"
REVOKED = b"v=DKIM1; p="
NXDOMAIN = Answer("absent", "nxdomain")
NODATA = Answer("absent", "nodata")


def text(value: bytes) -> Answer:
    return Answer("found", "", (value,))


def test_a_key_under_one_selector_is_found_even_where_the_name_above_is_denied() -> None:
    assert judge(NXDOMAIN, {"selector1": NXDOMAIN, "mail": text(KEY)}) == "found"


def test_nothing_below_a_denied_name_is_absent() -> None:
    assert judge(NXDOMAIN, {"selector1": NXDOMAIN, "mail": NODATA}) == "absent"


def test_nothing_found_below_a_name_that_exists_is_unknown() -> None:
    assert judge(NODATA, {"selector1": NXDOMAIN, "mail": NXDOMAIN}) == "unknown"


def test_the_same_text_under_all_selectors_is_a_wildcard_and_unknown() -> None:
    assert judge(NODATA, {"selector1": text(KEY), "mail": text(KEY)}) == "unknown"


def test_different_keys_under_all_selectors_are_found() -> None:
    assert judge(NODATA, {"selector1": text(KEY), "mail": text(OTHER_KEY)}) == "found"


def test_a_revoked_key_is_none_yet_somebody_may_use_another() -> None:
    assert judge(NODATA, {"selector1": text(REVOKED), "mail": NXDOMAIN}) == "unknown"


def test_a_text_that_is_no_key_is_none() -> None:
    assert judge(NODATA, {"selector1": text(b"owner-token=1"), "mail": NXDOMAIN}) == "unknown"


def test_one_failed_question_makes_it_unknown() -> None:
    assert judge(NXDOMAIN, {"selector1": unknown("timeout"), "mail": NXDOMAIN}) == "unknown"
    assert judge(unknown("servfail"), {"selector1": NXDOMAIN, "mail": NXDOMAIN}) == "unknown"

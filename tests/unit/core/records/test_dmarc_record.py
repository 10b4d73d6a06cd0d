"""A DMARC record is read by its tags, and judged as receivers judge it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.records.dmarc_record import POLICIES, DMARCRecord, parse_dmarc


def record(text: str) -> DMARCRecord:
    parsed = parse_dmarc(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("text", "policy", "coverage"),
    [
        ("v=DMARC1; p=reject; sp=none", "reject", 100),
        ("v=DMARC1; p=quarantine; sp=none; pct=25", "quarantine", 25),
        ("v=DMARC1; p = Reject", "reject", 100),
        ("v=DMARC1;p=none;pct=0", "none", 0),
        ("v=DMARC1; rua=mailto:a@b.c", "none", 100),
        ("v=DMARC1; p=reject; pct=150", "reject", 100),
        ("v=DMARC1; p=reject; pct=abc", "reject", 100),
    ],
)
def test_each_example_of_the_specification_is_read(text: str, policy: str, coverage: int) -> None:
    parsed = record(text)
    assert (parsed.policy, parsed.coverage, parsed.is_usable) == (policy, coverage, True)


@pytest.mark.parametrize(
    ("pct", "coverage"),
    [
        *(("-5", 0), ("+7", 7), ("007", 7), ("100", 100), ("9" * 5000, 100), ("-" + "9" * 5000, 0), ("0" * 5000, 0)),
        *(("50%", 100), ("5_0", 100), ("٥", 100), ("", 100), ("1.5", 100)),
    ],
)
def test_coverage_is_an_integer_between_0_and_100_or_else_100(pct: str, coverage: int) -> None:
    assert record(f"v=DMARC1; p=none; pct={pct}").coverage == coverage


@pytest.mark.parametrize(
    "text",
    ["v=DMARC1", "V=DMARC1", "v = DMARC1 ;", "v=DMARC1;p=none", "v=DMARC1\t; p=none", "v=DMARC1;;"],
)
def test_the_version_alone_or_before_a_semicolon_makes_a_dmarc_record(text: str) -> None:
    assert parse_dmarc(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", "v", "v=", "v=DMARC2; p=none", "v=dmarc1; p=reject", "v=DMARC1 p=none", "v=DMARC11", "v=DMARC1.0"),
        *("p=reject; v=DMARC1", " v=DMARC1; p=none", "v=spf1 -all", "v=DKIM1; p=", "dmarc; v=DMARC1", "vv=DMARC1"),
    ],
)
def test_anything_else_is_no_dmarc_record(text: str) -> None:
    assert parse_dmarc(text) is None


@pytest.mark.parametrize(
    "fault", ["", "p=", "p=block", "p=none p=reject", "p=reject; sp=no", "p=reject; np=no", "p=none; p=reject"]
)
def test_a_missing_or_invalid_policy_is_none_with_a_report_address_and_void_without(fault: str) -> None:
    saved = record(f"v=DMARC1; {fault}; rua=mailto:dmarc@firma.example")
    assert (saved.policy, saved.is_usable) == ("none", True)
    assert (saved.subdomain_policy, saved.nonexistent_policy) == (None, None)
    assert not record(f"v=DMARC1; {fault}").is_usable


@pytest.mark.parametrize(
    ("rua", "is_usable"),
    [
        ("mailto:a@b.example", True),
        ("MAILTO:a@b.example!10m", True),
        ("a@b.example, mailto:a@b.example", True),
        ("https://b.example/report", True),
        ("a@b.example", False),
        ("mailto:", False),
        ("mailto:b.example", False),
        ("mailto:a@b.example and more", False),
        (",", False),
        ("", False),
    ],
)
def test_only_a_well_formed_report_address_saves_a_record_without_policy(rua: str, is_usable: bool) -> None:
    assert record(f"v=DMARC1; rua={rua}").is_usable is is_usable


def test_every_tag_is_kept() -> None:
    text = "v=DMARC1; P=quarantine; sp=Reject; np=none; t=Y; psd=N; rua=mailto:a@b.example , mailto:c@d.example!5k; x=1"
    assert record(text) == DMARCRecord(
        text=text,
        policy="quarantine",
        subdomain_policy="reject",
        nonexistent_policy="none",
        psd="n",
        is_testing=True,
        coverage=100,
        rua=("mailto:a@b.example", "mailto:c@d.example!5k"),
        is_usable=True,
    )


def test_sp_is_never_taken_for_p() -> None:
    assert record("v=DMARC1; sp=reject; p=none").policy == "none"
    assert not record("v=DMARC1; sp=reject").is_usable


def test_values_that_no_tag_allows_are_passed_over() -> None:
    parsed = record("v=DMARC1; p=reject; sp=; t=maybe; psd=x; pct=; adkim=z; fo=9")
    assert (parsed.policy, parsed.subdomain_policy, parsed.is_testing, parsed.psd) == ("reject", None, False, None)


def test_a_repeated_tag_counts_only_where_it_says_the_same() -> None:
    assert record("v=DMARC1; p=reject; p=reject").policy == "reject"
    parsed = record("v=DMARC1; p=reject; t=n; t=y; pct=10; pct=20; psd=y; psd=n")
    assert (parsed.is_testing, parsed.coverage, parsed.psd) == (False, 100, None)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("v=DMARC1;psdt nonerejctquai%-\t").map("v=DMARC1;".__add__)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    parsed = parse_dmarc(text)
    assert parsed is None or (parsed.policy in POLICIES and 0 <= parsed.coverage <= 100 and parsed.text == text)


@settings(deadline=None)
@given(
    st.sampled_from(POLICIES), st.sampled_from(POLICIES), st.permutations(["p", "sp", "t", "rua", "pct", "fo", "psd"])
)
def test_the_order_of_the_tags_after_the_version_does_not_matter(policy: str, sub: str, order: list[str]) -> None:
    tags = {"p": policy, "sp": sub, "t": "y", "rua": "mailto:a@b.example", "pct": "30", "fo": "1", "psd": "u"}
    parsed = record(";".join(["v=DMARC1", *(f" {name} = {tags[name]} " for name in order)]))
    assert (parsed.policy, parsed.subdomain_policy, parsed.coverage, parsed.is_testing) == (policy, sub, 30, True)


def test_a_huge_record_is_read_and_not_remembered() -> None:
    text = "v=DMARC1; p=reject; x=" + "a" * 60_000
    assert record(text).policy == "reject"
    assert record(text) is not record(text)

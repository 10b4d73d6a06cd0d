"""One verdict per set of facts, and the reason it gives."""

from itertools import product

import pytest

from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.reason_codes import FACT_CODES, REASON_CODES, REASON_PARAMS, strongest_facts
from hunter.core.judgement.verdict import Verdict, Verdicts
from hunter.core.provider.providers import Provider
from tests.support.rulebooks import shipped_rulebook


def case(provider: str, spf: str, dkim: str, dmarc: str, standing: Standing = Standing.SCORED) -> Facts:
    return Facts(standing, Provider(provider), SPFState(spf), DKIMState(dkim), DMARCState(dmarc))


def verdict(provider: str, spf: str, dkim: str, dmarc: str, *, standing: Standing = Standing.SCORED) -> Verdict:
    return shipped_rulebook().verdicts[case(provider, spf, dkim, dmarc, standing)]


def test_equal_facts_share_one_verdict() -> None:
    verdicts = Verdicts(shipped_rulebook().rules)
    first = verdicts[case("Google", "found", "found", "reject")]

    assert verdicts[case("Google", "found", "found", "reject")] is first
    assert len(verdicts) == 1


def test_the_reason_names_provider_score_and_strongest_facts() -> None:
    assert verdict("Google", "found", "absent", "reject").reason_params == (
        ("provider", "Google"),
        ("score", 65),
        ("facts", "no_dkim,dmarc_reject"),
    )


def test_a_hard_fail_rests_on_no_other_fact() -> None:
    failed = verdict("Unknown", "absent", "absent", "absent", standing=Standing.MX_MISSING)

    assert (failed.reason_code, failed.segment_rule) == ("mx_missing", "mx_missing")
    assert failed.reason_params == (("provider", "Unknown"), ("score", 0))


def test_a_hard_fail_carries_the_commercial_values_of_skip() -> None:
    failed = verdict("M365", "found", "found", "reject", standing=Standing.INVALID_DOMAIN)

    assert failed.commercial is not None
    assert (failed.segment, failed.priority) == ("Skip", 7)
    assert failed.commercial.technical_heat == "Cold"
    assert failed.commercial.commercial_segment == "NO_GO"
    assert failed.commercial.commercial_heat == "LOW"
    assert failed.commercial.priority_category == "P6"


def test_unknown_mx_decides_nothing() -> None:
    open_case = verdict("M365", "found", "found", "reject", standing=Standing.MX_UNKNOWN)

    assert (open_case.score, open_case.segment, open_case.segment_rule) == (None, None, None)
    assert (open_case.priority, open_case.commercial) == (None, None)
    assert (open_case.reason_code, open_case.reason_params) == ("mx_unknown", (("provider", "M365"),))


@pytest.mark.parametrize(
    ("states", "facts"),
    [
        (("found", "found", "reject"), ("dmarc_reject", "dkim")),
        (("found", "found", "quarantine"), ("dmarc_quarantine", "dkim")),
        (("found", "found", "none"), ("dmarc_none", "dkim")),
        (("found", "found", "none_testing"), ("dmarc_none", "dkim")),
        (("found", "found", "reject_testing"), ("dmarc_testing", "dkim")),
        (("found", "found", "quarantine_testing"), ("dmarc_testing", "dkim")),
        (("found", "found", "absent"), ("no_dmarc", "dkim")),
        (("found", "absent", "absent"), ("no_dkim", "no_dmarc")),
        (("absent", "absent", "absent"), ("no_dkim", "no_spf")),
        (("broken", "found", "reject"), ("broken_spf", "dmarc_reject")),
        (("crowded", "found", "quarantine"), ("dmarc_quarantine", "spf_multiple_includes")),
        (("found", "unknown", "unknown"), ("spf",)),
        (("unknown", "unknown", "unknown"), ()),
    ],
)
def test_the_most_telling_facts_are_named(states: tuple[str, str, str], facts: tuple[str, ...]) -> None:
    assert strongest_facts(case("Local", *states)) == facts


def test_every_case_has_a_reason_of_known_words() -> None:
    for facts in product(Standing, Provider, SPFState, DKIMState, DMARCState):
        found = shipped_rulebook().verdicts[Facts(*facts)]
        params = dict(found.reason_params)
        assert found.reason_code in REASON_CODES
        assert params.keys() <= set(REASON_PARAMS)
        assert set(str(params.get("facts", "spf")).split(",")) <= set(FACT_CODES)

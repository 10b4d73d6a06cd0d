"""Evidence reduced to the words that rules may ask for."""

import pytest

from hunter.core.evidence import MailEvidence
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing, facts_of
from hunter.core.provider.providers import Provider
from hunter.core.signals import Absent, Unknown
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy


def facts(mail: MailEvidence, *, is_valid: bool = True) -> Facts:
    return facts_of(Provider.LOCAL, mail, is_valid=is_valid, crowded_above=3)


def test_mail_hosts_make_a_domain_that_is_scored() -> None:
    assert facts(mail_evidence()).standing is Standing.SCORED


@pytest.mark.parametrize("reason", ["nodata", "nxdomain", "null_mx"])
def test_absent_mx_is_a_hard_fail_whatever_made_it_absent(reason: str) -> None:
    assert facts(mail_evidence(mx=Absent(reason))).standing is Standing.MX_MISSING


def test_a_failed_mx_look_up_is_no_hard_fail() -> None:
    assert facts(mail_evidence(mx=UNKNOWN)).standing is Standing.MX_UNKNOWN


@pytest.mark.parametrize("mx", [ABSENT, UNKNOWN])
def test_a_name_that_is_no_domain_comes_before_its_missing_mail(mx: Absent | Unknown) -> None:
    assert facts(mail_evidence(mx=mx), is_valid=False).standing is Standing.INVALID_DOMAIN


@pytest.mark.parametrize(("includes", "state"), [(0, "found"), (3, "found"), (4, "crowded"), (9, "crowded")])
def test_spf_is_crowded_with_more_than_three_includes(includes: int, state: str) -> None:
    policy = spf_policy(*(f"spf{number}.posta.example" for number in range(includes)))

    assert facts(mail_evidence(spf=policy)).spf == state


def test_the_same_include_written_four_times_counts_four_times() -> None:
    assert facts(mail_evidence(spf=spf_policy(*["spf.posta.example"] * 4))).spf is SPFState.CROWDED


@pytest.mark.parametrize("reason", ["multiple", "syntax", "loop", "missing_target", "limit"])
def test_spf_that_is_void_is_broken_not_simply_absent(reason: str) -> None:
    assert facts(mail_evidence(spf=Absent(reason, ("v=spf1 ...",)))).spf is SPFState.BROKEN


@pytest.mark.parametrize("reason", ["nodata", "nxdomain"])
def test_spf_that_nobody_published_is_absent(reason: str) -> None:
    assert facts(mail_evidence(spf=Absent(reason))).spf is SPFState.ABSENT


@pytest.mark.parametrize("policy", ["none", "quarantine", "reject"])
def test_a_policy_that_is_only_tried_out_is_a_fact_of_its_own(policy: str) -> None:
    assert facts(mail_evidence(dmarc=dmarc_policy(policy))).dmarc == policy
    assert facts(mail_evidence(dmarc=dmarc_policy(policy, is_testing=True))).dmarc == f"{policy}_testing"


def test_failed_look_ups_are_unknown_not_absent() -> None:
    mail = mail_evidence(spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN)

    assert facts(mail)[2:] == (SPFState.UNKNOWN, DKIMState.UNKNOWN, DMARCState.UNKNOWN)


def test_answers_without_a_record_are_absent() -> None:
    assert facts(mail_evidence())[2:] == (SPFState.ABSENT, DKIMState.ABSENT, DMARCState.ABSENT)


def test_a_key_under_any_selector_is_dkim_found() -> None:
    assert facts(mail_evidence(dkim=(dkim_key("mail"),))).dkim is DKIMState.FOUND


def test_rules_see_broken_spf_as_absent_and_the_policy_as_they_count_it() -> None:
    case = Facts(Standing.SCORED, Provider.LOCAL, SPFState.BROKEN, DKIMState.FOUND, DMARCState.REJECT_TESTING)

    assert case.values(DMARCState.QUARANTINE) == {
        "provider": "Local", "spf": "absent", "dkim": "found", "dmarc": "quarantine",
    }  # fmt: skip

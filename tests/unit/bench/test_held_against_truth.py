"""Evidence held against the truth of the generated world: false statements and silence are told apart."""

from dataclasses import replace

import pytest

from bench.held_against_truth import Held, hold
from hunter.core.evidence import MailEvidence
from hunter.core.signals import Absent, Found, Unknown
from hunter.lab.world_sources.generated_truth import DomainTruth
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.support.builders import dkim_key, dmarc_policy, mail_evidence, mx_hosts, spf_policy

SPF = spf_policy("_spf.google.com")
TRUTH = replace(
    GeneratedWorld(1).truth(0),
    mx_state="found",
    mx=((10, "mx1.firma.example"),),
    spf_state="found",
    spf_reason=None,
    spf_text=SPF.text,
    dmarc_state="found",
    dmarc_policy="reject",
    dmarc_coverage=100,
    dmarc_testing=False,
    dkim_state="found",
    dkim_selectors=("google",),
    autodiscover_cname=None,
    autodiscover_srv=None,
    ns=("ns1.firma.example", "ns2.firma.example"),
)
TRUE = mail_evidence(mx=("mx1.firma.example",), spf=SPF, dmarc=dmarc_policy("reject"), dkim=(dkim_key("google"),))


def test_evidence_that_says_the_truth_is_neither_false_nor_silent() -> None:
    assert hold(TRUE, TRUTH) == Held(false=(), unknown=())


@pytest.mark.parametrize(
    ("evidence", "signal"),
    [
        (replace(TRUE, mx=Found(mx_hosts("mx2.firma.example"))), "mx"),
        (replace(TRUE, mx=Absent("nodata")), "mx"),
        (replace(TRUE, spf=Absent("nodata")), "spf"),
        (replace(TRUE, spf=Found(spf_policy("other.example"))), "spf"),
        (replace(TRUE, dmarc=Found(dmarc_policy("none"))), "dmarc"),
        (replace(TRUE, dmarc=Found(dmarc_policy("reject", coverage=50))), "dmarc"),
        (replace(TRUE, dmarc=Absent("nxdomain")), "dmarc"),
        (replace(TRUE, dkim=Absent("nxdomain")), "dkim"),
        (replace(TRUE, dkim=Found((dkim_key("mail"),))), "dkim"),
        (replace(TRUE, autodiscover_cname=Found("autodiscover.outlook.com")), "autodiscover_cname"),
        (replace(TRUE, autodiscover_srv=Found("mail.firma.example")), "autodiscover_srv"),
        (replace(TRUE, ns=Found(("ns1.other.example",))), "ns"),
    ],
)
def test_a_false_state_and_a_false_value_are_both_false(evidence: MailEvidence, signal: str) -> None:
    assert hold(evidence, TRUTH).false == (signal,)


def test_a_failed_look_up_is_silent_and_never_false() -> None:
    held = hold(replace(TRUE, mx=Unknown("timeout"), dkim=Unknown("servfail")), TRUTH)

    assert held.false == ()
    assert set(held.unknown) == {"mx", "dkim"}


def test_a_question_that_was_not_asked_is_no_silence() -> None:
    assert hold(replace(TRUE, autodiscover_srv=Unknown("not_asked")), TRUTH).unknown == ()


def test_a_broken_spf_must_be_broken_for_the_true_reason() -> None:
    broken: DomainTruth = replace(TRUTH, spf_state="absent", spf_reason="loop")

    assert hold(replace(TRUE, spf=Absent("loop")), broken).false == ()
    assert hold(replace(TRUE, spf=Absent("multiple")), broken).false == ("spf",)
    assert hold(replace(TRUE, spf=Absent("nodata")), broken).false == ("spf",)


def test_doubt_about_dkim_is_honest_only_where_nobody_can_know() -> None:
    doubt = replace(TRUE, dkim=Unknown("selector_not_known"))

    assert hold(doubt, replace(TRUTH, dkim_state="unknown")).unknown == ()
    assert hold(doubt, TRUTH).unknown == ("dkim",)
    assert hold(replace(TRUE, dkim=Unknown("timeout")), replace(TRUTH, dkim_state="unknown")).unknown == ("dkim",)

"""The tree walk finds the DMARC policy that applies, and says so when it cannot know."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.records.dmarc import DMARCPolicy, DMARCWalk
from hunter.core.signals import Absent, Found, Signal, Unknown

Answer = str | tuple[str, ...] | Absent | Unknown
NONE = Absent("nxdomain")


def as_signal(answer: Answer) -> Signal[tuple[str, ...]]:
    if isinstance(answer, Absent | Unknown):
        return answer
    return Found((answer,) if isinstance(answer, str) else answer)


def verdict(domain: str, **answers: Answer) -> Signal[DMARCPolicy]:
    """Walk from a domain; answers are given by domain with `__` for a dot, and what is not given does not exist."""
    zone = {name.replace("__", "."): as_signal(answer) for name, answer in answers.items()}
    walk = DMARCWalk(domain, zone.get(domain, NONE))
    while names := walk.pending():
        for name in names:
            walk.receive(name, zone.get(name.removeprefix("_dmarc."), NONE))
    return walk.signal()


def policy(domain: str, **answers: Answer) -> DMARCPolicy:
    signal = verdict(domain, **answers)
    assert isinstance(signal, Found)
    return signal.value


def test_the_own_record_applies_and_nothing_more_is_asked() -> None:
    text = "v=DMARC1; p=quarantine; sp=none; np=reject; pct=25; rua=mailto:a@firma.example"
    walk = DMARCWalk("firma.example", Found(("other", text)))
    assert walk.pending() == ()
    assert walk.signal() == Found(
        DMARCPolicy(
            policy="quarantine",
            coverage=25,
            is_testing=False,
            domain="firma.example",
            text=text,
            published_policy="quarantine",
            subdomain_policy="none",
            nonexistent_policy="reject",
            psd=None,
            rua=("mailto:a@firma.example",),
            is_inherited=False,
        ),
        (text,),
    )


def test_a_testing_policy_keeps_its_published_value() -> None:
    found = policy("firma.example", firma__example="v=DMARC1; p=reject; t=y")
    assert (found.policy, found.is_testing) == ("reject", True)


@pytest.mark.parametrize("own", [NONE, Absent("nodata"), ("MS=ms1", "v=spf1 -all")])
def test_without_an_own_record_all_parents_are_asked_at_once(own: Answer) -> None:
    walk = DMARCWalk("posta.firma.com.tr", as_signal(own))
    assert walk.pending() == ("_dmarc.firma.com.tr", "_dmarc.com.tr", "_dmarc.tr")


def test_a_long_name_costs_eight_questions_with_its_own() -> None:
    walk = DMARCWalk("a.b.c.d.e.f.g.h.i.j.mail.example.com", NONE)
    assert walk.pending() == tuple(
        f"_dmarc.{name}"
        for name in (
            "g.h.i.j.mail.example.com",
            "h.i.j.mail.example.com",
            "i.j.mail.example.com",
            "j.mail.example.com",
            "mail.example.com",
            "example.com",
            "com",
        )
    )


@pytest.mark.parametrize("domain", ["", "example"])
def test_a_name_without_parents_asks_nothing(domain: str) -> None:
    walk = DMARCWalk(domain, NONE)
    assert walk.pending() == ()
    assert walk.signal() == NONE


@pytest.mark.parametrize(
    ("record", "applied"),
    [("p=reject", "reject"), ("p=reject; sp=none", "none"), ("p=none; sp=reject; np=quarantine", "reject")],
)
def test_a_sub_domain_is_under_sp_or_else_p_of_the_record_above(record: str, applied: str) -> None:
    found = policy("posta.firma.example", firma__example=f"v=DMARC1; {record}")
    assert (found.policy, found.domain, found.is_inherited) == (applied, "firma.example", True)


def test_the_highest_record_applies_not_the_nearest() -> None:
    found = policy("a.b.firma.example", b__firma__example="v=DMARC1; p=none", firma__example="v=DMARC1; p=reject")
    assert (found.policy, found.domain) == ("reject", "firma.example")


def test_psd_n_ends_the_walk_at_its_own_name() -> None:
    answers = {"b__firma__example": "v=DMARC1; p=none; psd=n", "firma__example": "v=DMARC1; p=reject"}
    assert policy("a.b.firma.example", **answers).domain == "b.firma.example"


def test_psd_y_gives_the_organisation_below_it_the_word() -> None:
    answers = {"bank": "v=DMARC1; p=reject; psd=y", "firma__bank": "v=DMARC1; p=quarantine"}
    found = policy("posta.firma.bank", **answers)
    assert (found.policy, found.domain) == ("quarantine", "firma.bank")


def test_psd_y_passes_over_a_record_that_is_neither_its_own_nor_the_organisations() -> None:
    answers = {"bank": "v=DMARC1; p=reject; psd=y", "b__firma__bank": "v=DMARC1; p=none"}
    assert policy("a.b.firma.bank", **answers).domain == "bank"


def test_psd_y_applies_itself_where_the_organisation_has_no_record() -> None:
    found = policy("firma.bank", bank="v=DMARC1; p=none; sp=reject; psd=y")
    assert (found.policy, found.domain, found.psd, found.is_inherited) == ("reject", "bank", "y", True)


def test_nothing_above_psd_is_asked_again() -> None:
    walk = DMARCWalk("posta.firma.bel.tr", NONE)
    walk.receive("_dmarc.firma.bel.tr", Found(("v=DMARC1; p=none; psd=n",)))
    assert walk.pending() == ()


def test_two_own_records_are_multiple_and_end_the_walk() -> None:
    texts = ("v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert verdict("posta.firma.example", posta__firma__example=texts, firma__example="v=DMARC1; p=reject") == Absent(
        "multiple", texts
    )


def test_two_records_at_a_parent_count_as_none_there() -> None:
    texts = ("v=DMARC1; p=none", "v=DMARC1; p=reject; psd=y")
    assert policy("a.firma.example", firma__example=texts, example="v=DMARC1; p=quarantine").domain == "example"
    assert verdict("a.firma.example", firma__example=texts) == Absent("multiple", texts)


@pytest.mark.parametrize("domain", ["firma.example", "posta.firma.example"])
def test_a_record_without_policy_and_report_address_is_invalid(domain: str) -> None:
    text = "v=DMARC1; p=block"
    assert verdict(domain, firma__example=text) == Absent("invalid", (text,))


def test_a_record_saved_by_its_report_address_asks_for_nothing() -> None:
    text = "v=DMARC1; p=block; sp=reject; rua=mailto:a@firma.example"
    for domain in ("firma.example", "posta.firma.example"):
        found = policy(domain, firma__example=text)
        assert (found.policy, found.published_policy, found.rua) == ("none", "none", ("mailto:a@firma.example",))


@pytest.mark.parametrize("reason", ["nxdomain", "nodata"])
def test_no_record_anywhere_keeps_the_own_answer(reason: str) -> None:
    assert verdict("firma.example", firma__example=Absent(reason)) == Absent(reason)


def test_texts_that_are_no_dmarc_are_no_data() -> None:
    assert verdict("firma.example", firma__example=("v=DMARC2; p=none", "p=reject")) == Absent("nodata")


def test_a_failed_own_look_up_is_unknown_and_ends_the_walk() -> None:
    walk = DMARCWalk("posta.firma.example", Unknown("timeout", ("half",)))
    assert walk.pending() == ()
    assert walk.signal() == Unknown("timeout")


def test_a_failed_look_up_above_leaves_the_policy_unknown() -> None:
    answers: dict[str, Answer] = {"firma__example": "v=DMARC1; p=reject", "example": Unknown("servfail")}
    assert verdict("posta.firma.example", **answers) == Unknown("servfail")
    answers = {"firma__example": Unknown("timeout"), "example": "v=DMARC1; p=none"}
    assert verdict("posta.firma.example", **answers) == Unknown("timeout")


def test_a_failed_look_up_above_the_end_of_the_walk_changes_nothing() -> None:
    answers: dict[str, Answer] = {"firma__example": "v=DMARC1; p=reject; psd=n", "example": Unknown("servfail")}
    assert policy("posta.firma.example", **answers).policy == "reject"


def test_a_parent_that_was_never_answered_leaves_the_policy_unknown() -> None:
    assert DMARCWalk("firma.example", NONE).signal() == Unknown("not_asked")


TEXTS = st.sampled_from(
    [
        *(f"v=DMARC1; p={policy}{psd}" for policy in ("none", "reject") for psd in ("", "; psd=y", "; psd=n")),
        *("v=DMARC1; p=block", "v=DMARC1; sp=reject; rua=mailto:a@b.example", "p=reject"),
    ]
)
ANSWERS = st.one_of(TEXTS, st.tuples(TEXTS, TEXTS), st.just(NONE), st.just(Unknown("timeout")))
NAMES = ("a__b__firma__example", "b__firma__example", "firma__example", "example")


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(NAMES), ANSWERS))
def test_a_failed_look_up_never_makes_another_fact(answers: dict[str, Answer]) -> None:
    known = verdict("a.b.firma.example", **answers)
    if isinstance(known, Absent):
        assert known.reason in ("nxdomain", "nodata", "multiple", "invalid")
    for name in NAMES:
        failed = verdict("a.b.firma.example", **{**answers, name: Unknown("timeout")})
        assert failed == known or isinstance(failed, Unknown)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(NAMES), ANSWERS))
def test_whatever_stays_known_beside_a_failure_is_the_same_for_every_answer_it_could_have_had(
    answers: dict[str, Answer],
) -> None:
    for name in NAMES:
        known = verdict("a.b.firma.example", **{**answers, name: Unknown("timeout")})
        if not isinstance(known, Unknown):
            for answer in (NONE, "v=DMARC1; p=quarantine", "v=DMARC1; p=quarantine; psd=n", "v=DMARC1; p=none; psd=y"):
                assert verdict("a.b.firma.example", **{**answers, name: answer}) == known

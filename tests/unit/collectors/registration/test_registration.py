"""From a registration to signals: three states that never become one another."""

from datetime import date

from hunter.collectors.registration.registration import (
    Outcome,
    Proof,
    Registration,
    evidence_of,
    joined,
    unavailable,
)
from hunter.core.evidence import RegistrationEvidence
from hunter.core.signals import Absent, Found, Unknown

DAY = date(2027, 5, 4)


def test_a_record_becomes_found_signals_with_their_proof() -> None:
    registration = Registration(
        Outcome.FOUND,
        registrar="Örnek",
        expires_at=DAY,
        nameservers=("ns1.a-hunter.net",),
        proof=Proof(("Registrar: Örnek",), ("Expires: 2027-05-04",), ("ns1.a-hunter.net",)),
    )
    assert evidence_of(registration) == RegistrationEvidence(
        Found("Örnek", ("Registrar: Örnek",)),
        Found(DAY, ("Expires: 2027-05-04",)),
        Found(("ns1.a-hunter.net",), ("ns1.a-hunter.net",)),
        Unknown("not_published"),
    )


def test_states_are_signals_like_the_other_fields() -> None:
    states = ("client hold", "redemption period")
    evidence = evidence_of(Registration(Outcome.FOUND, registrar="Örnek", statuses=states))
    assert evidence.statuses == Found(states, states)


def test_a_field_that_a_record_does_not_tell_is_unknown_not_absent() -> None:
    evidence = evidence_of(Registration(Outcome.FOUND, registrar="Örnek"))
    assert evidence == RegistrationEvidence(Found("Örnek"), *[Unknown("not_published")] * 3)


def test_not_registered_is_absent() -> None:
    absent = Absent("not_registered")
    assert evidence_of(Registration(Outcome.NOT_REGISTERED)) == RegistrationEvidence(absent, absent, absent, absent)


def test_unavailable_is_unknown_with_its_reason_and_all_that_was_tried() -> None:
    registration = Registration(Outcome.UNAVAILABLE, "rate_limited", tried=("rdap: timeout", "whois: rate_limited"))
    unknown = Unknown("rate_limited", ("rdap: timeout", "whois: rate_limited"))
    assert evidence_of(registration) == RegistrationEvidence(unknown, unknown, unknown, unknown)


def test_a_referral_fills_gaps_and_the_earlier_date_counts() -> None:
    first = Registration(Outcome.FOUND, registrar="Thin", expires_at=date(2028, 1, 1), statuses=("ok",))
    second = Registration(Outcome.FOUND, registrar="Thick", expires_at=DAY, nameservers=("ns1.a-hunter.net",))
    both = joined(first, second)
    assert (both.registrar, both.expires_at, both.nameservers) == ("Thin", DAY, ("ns1.a-hunter.net",))
    assert both.statuses == ("ok",)


def test_a_failed_referral_takes_nothing_away() -> None:
    first = Registration(Outcome.FOUND, registrar="Thin")
    assert joined(first, unavailable("timeout")) == first
    assert joined(first, Registration(Outcome.NOT_REGISTERED)) == first

"""What is written for the shared cache is read back the same."""

import json
from dataclasses import replace
from datetime import date

import pytest

from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.wiring.kept_shapes import read_registration, write_registration

FOUND = Registration(
    Outcome.FOUND,
    registrar="Çınar Kayıt A.Ş.",
    expires_at=date(2027, 3, 1),
    nameservers=("ns1.cinar.example", "ns2.cinar.example"),
    statuses=("active",),
    referral="whois.cinar.example",
    proof=Proof(("Registrar: Çınar",), ("Expires: 2027-03-01",), ("ns1",)),
    gap="network",
    tried=("rdap: timeout", "whois: found"),
)


@pytest.mark.parametrize(
    "registration", [FOUND, Registration(Outcome.NOT_REGISTERED), unavailable("timeout"), Registration(Outcome.FOUND)]
)
def test_a_registration_comes_back_marked_as_remembered(registration: Registration) -> None:
    text = json.dumps(write_registration(registration))
    assert read_registration(json.loads(text)) == replace(registration, is_cached=True)


def test_a_registration_of_another_release_is_refused_as_the_cache_expects() -> None:
    written = write_registration(FOUND)
    del written["tried"]
    with pytest.raises(KeyError):
        read_registration(written)

"""What is written for the shared cache is read back the same."""

import json
from dataclasses import replace
from datetime import date

import pytest

from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.core.evidence import Realm, Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.wiring.kept_shapes import (
    read_realm,
    read_registration,
    read_tenant,
    write_realm,
    write_registration,
    write_tenant,
)

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


@pytest.mark.parametrize(
    "signal", [Found(Tenant("5f0e", "EU"), ("{}",)), Absent("no_tenant"), Unknown("timeout", ("rest",))]
)
def test_a_tenant_comes_back_in_its_state(signal: Signal[Tenant]) -> None:
    assert read_tenant(json.loads(json.dumps(write_tenant(signal)))) == signal


@pytest.mark.parametrize("signal", [Found(Realm("Managed", "Çınar")), Absent("unknown_name"), Unknown("timeout")])
def test_a_realm_comes_back_in_its_state(signal: Signal[Realm]) -> None:
    assert read_realm(json.loads(json.dumps(write_realm(signal)))) == signal


def test_a_registration_of_another_release_is_refused_as_the_cache_expects() -> None:
    written = write_registration(FOUND)
    del written["tried"]
    with pytest.raises(KeyError):
        read_registration(written)

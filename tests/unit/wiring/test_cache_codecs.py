"""What is written for a cache is read back the same."""

import json
from datetime import date

import pytest

from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.core.evidence import MailEvidence, Realm, Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.wiring.cache_codecs import MAIL, REALM, REGISTRATION, TENANT
from tests.support.builders import mail_evidence

FOUND = Registration(
    Outcome.FOUND,
    registrar="Çınar Kayıt A.Ş.",
    expires_at=date(2027, 3, 1),
    nameservers=("ns1.cinar.example", "ns2.cinar.example"),
    statuses=("active",),
    referral="whois.cinar.example",
    is_registry_referral=True,
    proof=Proof(("Registrar: Çınar",), ("Expires: 2027-03-01",), ("ns1",)),
    gap="network",
    tried=("rdap: timeout", "whois: found"),
)


@pytest.mark.parametrize(
    "registration", [FOUND, Registration(Outcome.NOT_REGISTERED), unavailable("timeout"), Registration(Outcome.FOUND)]
)
def test_a_registration_comes_back(registration: Registration) -> None:
    text = json.dumps(REGISTRATION.to_json(registration))
    assert REGISTRATION.from_json(json.loads(text)) == registration


@pytest.mark.parametrize(
    "signal", [Found(Tenant("5f0e", "EU"), ("{}",)), Absent("no_tenant"), Unknown("timeout", ("rest",))]
)
def test_a_tenant_comes_back_in_its_state(signal: Signal[Tenant]) -> None:
    assert TENANT.from_json(json.loads(json.dumps(TENANT.to_json(signal)))) == signal


@pytest.mark.parametrize("signal", [Found(Realm("Managed", "Çınar")), Absent("unknown_name"), Unknown("timeout")])
def test_a_realm_comes_back_in_its_state(signal: Signal[Realm]) -> None:
    assert REALM.from_json(json.loads(json.dumps(REALM.to_json(signal)))) == signal


@pytest.mark.parametrize("mail", [mail_evidence(mx=("aspmx.l.google.com",)), MailEvidence(mx=Unknown("timeout"))])
def test_mail_comes_back(mail: MailEvidence) -> None:
    assert MAIL.from_json(json.loads(json.dumps(MAIL.to_json(mail)))) == mail


def test_a_registration_of_another_release_is_refused_as_the_cache_expects() -> None:
    written = REGISTRATION.to_json(FOUND)
    del written["tried"]
    with pytest.raises(KeyError):
        REGISTRATION.from_json(written)

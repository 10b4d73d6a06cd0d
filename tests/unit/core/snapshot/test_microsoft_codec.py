"""What is written of tenant and sign-in is read back the same, wherever it was kept."""

import json

import pytest

from hunter.core.evidence import Realm, Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.core.snapshot.microsoft_codec import read_realm, read_tenant, write_realm, write_tenant
from hunter.core.snapshot.signal_codec import read_signal, write_signal


@pytest.mark.parametrize(
    "signal", [Found(Tenant("5f0e", "EU"), ("{}",)), Absent("no_tenant"), Unknown("timeout", ("rest",))]
)
def test_a_tenant_comes_back_in_its_state(signal: Signal[Tenant]) -> None:
    assert read_signal(json.loads(json.dumps(write_signal(signal, write_tenant))), read_tenant) == signal


@pytest.mark.parametrize("signal", [Found(Realm("Managed", "Çınar")), Absent("unknown_name"), Unknown("timeout")])
def test_a_realm_comes_back_in_its_state(signal: Signal[Realm]) -> None:
    assert read_signal(json.loads(json.dumps(write_signal(signal, write_realm))), read_realm) == signal

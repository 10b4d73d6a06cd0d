"""What collectors learn as JSON values for caches, and back. Caches know no collector, these know both.

Readers raise `KeyError`, `TypeError` or `ValueError` for what another release wrote, which a cache takes for a miss.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final, TypeVar

from hunter.collectors.registration.registration import Outcome, Proof, Registration
from hunter.core.evidence import MailEvidence, Realm, Tenant
from hunter.core.signals import Signal
from hunter.core.snapshot.evidence_codec import read_mail, write_mail
from hunter.core.snapshot.microsoft_codec import read_realm, read_tenant, write_realm, write_tenant
from hunter.core.snapshot.signal_codec import read_signal, write_signal
from hunter.resilience.cache_store import CacheCodec

T = TypeVar("T")


def _write_registration(registration: Registration) -> dict[str, Any]:
    written = asdict(registration)
    del written["cached"]
    if registration.expires_at is not None:
        written["expires_at"] = registration.expires_at.isoformat()
    return written


def _read_registration(written: Mapping[str, Any]) -> Registration:
    day = written["expires_at"]
    return Registration(
        outcome=Outcome(written["outcome"]),
        reason=written["reason"],
        registrar=written["registrar"],
        expires_at=None if day is None else date.fromisoformat(day),
        nameservers=tuple(written["nameservers"]),
        statuses=tuple(written["statuses"]),
        referral=written["referral"],
        is_registry_referral=written["is_registry_referral"],
        proof=Proof(**{field: tuple(lines) for field, lines in written["proof"].items()}),
        gap=written["gap"],
        tried=tuple(written["tried"]),
    )


def _signal_codec(write: Callable[[T], Any], read: Callable[[Any], T]) -> CacheCodec[Signal[T]]:
    """Return the codec of a signal whose found value is written and read as in kept evidence."""
    return CacheCodec(lambda signal: write_signal(signal, write), lambda written: read_signal(written, read))


MAIL: Final[CacheCodec[MailEvidence]] = CacheCodec(write_mail, read_mail)
REGISTRATION: Final = CacheCodec(_write_registration, _read_registration)
TENANT: Final[CacheCodec[Signal[Tenant]]] = _signal_codec(write_tenant, read_tenant)
REALM: Final[CacheCodec[Signal[Realm]]] = _signal_codec(write_realm, read_realm)

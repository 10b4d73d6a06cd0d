"""A registration as JSON values for the shared cache, and back. The cache knows no collector, these know both.

In: a shape, or what was written of one. Out: the other. Readers raise `KeyError`, `TypeError` or `ValueError` for what
another release wrote, which the cache takes for nothing kept.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from hunter.collectors.registration.registration import Outcome, Proof, Registration


def write_registration(registration: Registration) -> dict[str, Any]:
    """Return a registration as JSON values, the day as ISO text."""
    written = asdict(registration)
    del written["is_cached"]
    if registration.expires_at is not None:
        written["expires_at"] = registration.expires_at.isoformat()
    return written


def read_registration(written: Mapping[str, Any]) -> Registration:
    """Return the registration that was written, marked as remembered."""
    day = written["expires_at"]
    return Registration(
        outcome=Outcome(written["outcome"]),
        reason=written["reason"],
        registrar=written["registrar"],
        expires_at=None if day is None else date.fromisoformat(day),
        nameservers=tuple(written["nameservers"]),
        statuses=tuple(written["statuses"]),
        referral=written["referral"],
        proof=Proof(**{field: tuple(lines) for field, lines in written["proof"].items()}),
        gap=written["gap"],
        tried=tuple(written["tried"]),
        is_cached=True,
    )

"""MX records (RFC 5321 §5.1): mail hosts in the order in which a sender tries them, and the null MX (RFC 7505)."""

from collections.abc import Iterable
from dataclasses import dataclass

from hunter.core.signals import Absent, Found, Signal


@dataclass(frozen=True, slots=True)
class MXHost:
    """One mail host of a domain."""

    #: 0 to 65535; the lowest is tried first.
    preference: int
    #: Lower case, without the trailing dot.
    host: str


def mail_hosts(records: Iterable[tuple[int, str]]) -> Signal[tuple[MXHost, ...]]:
    """Order (preference, host) pairs by preference, then name; a root host alone is a null MX (RFC 7505 §3).

    Root hosts beside others are dropped: RFC 7505 forbids the mixture and senders ignore them.
    """
    hosts = sorted({(preference, host.rstrip(".").lower()) for preference, host in records})
    named = tuple([MXHost(preference, host) for preference, host in hosts if host])
    if named:
        return Found(named, tuple([f"{mx.preference} {mx.host}" for mx in named]))
    return Absent("null_mx", tuple(f"{preference} ." for preference, _ in hosts)) if hosts else Absent("nodata")

"""Changes: what is different between two looks at one domain (engine specification 6.3).

In: the stored state and the new one. Out: changes, from which history and alerts are made. What is unknown on either
side is no change: a failed look-up says nothing about the domain.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar, assert_never

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence
from hunter.core.expiry import Expiry
from hunter.core.signals import Absent, Found, Unknown

T = TypeVar("T")

_ENFORCED: Final = frozenset(("quarantine", "reject"))


class ChangeKind(StrEnum):
    """What changed; the words of the wire."""

    SPF = "spf_changed"
    DKIM = "dkim_changed"
    #: From no policy, or from `none`, to one that is enforced.
    DMARC_ADDED = "dmarc_added"
    #: Any other difference of the DMARC policy.
    DMARC = "dmarc_changed"
    MX = "mx_changed"
    PROVIDER = "provider_changed"
    GATEWAY = "gateway_changed"
    EXPIRE_SOON = "expire_soon"
    PRIORITY = "priority_score_changed"
    #: Another segment at the same priority.
    SEGMENT = "segment_changed"
    #: Another score at the same priority and segment.
    SCORE = "score_changed"

    @property
    def signal_type(self) -> str | None:
        """Return the `signal_type` of its history row; None where it has none in the history of signals."""
        return _SIGNAL_TYPES.get(self)

    @property
    def needs_confirmation(self) -> bool:
        """True where a second look has to see the same before a nightly run believes it."""
        return self in _DOUBTED

    @property
    def is_judged(self) -> bool:
        """True for what hangs on the verdict and not on one signal: provider, score, segment, priority."""
        return self in _JUDGED


_SIGNAL_TYPES: Final = {
    ChangeKind.SPF: "spf",
    ChangeKind.DKIM: "dkim",
    ChangeKind.DMARC: "dmarc",
    ChangeKind.DMARC_ADDED: "dmarc",
    ChangeKind.MX: "mx",
    ChangeKind.GATEWAY: "gateway",
}
_DOUBTED: Final = frozenset((ChangeKind.MX, ChangeKind.PROVIDER, ChangeKind.GATEWAY))
_JUDGED: Final = frozenset((ChangeKind.PROVIDER, ChangeKind.PRIORITY, ChangeKind.SEGMENT, ChangeKind.SCORE))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; old and new as text, None where there is none."""

    kind: ChangeKind
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanState:
    """What two looks are compared by; of an unknown signal the value says nothing and its name is in `unknown`."""

    spf: bool | None = None
    dkim: bool | None = None
    dmarc_policy: str | None = None
    mx_root: str | None = None
    provider: str | None = None
    gateway: str | None = None
    #: Those of mx, spf, dkim, dmarc and provider that are unknown.
    unknown: frozenset[str] = frozenset()
    expires_at: date | None = None
    score: int | None = None
    segment: str | None = None
    priority: int | None = None


def scan_state_of(evidence: Evidence, assessment: Assessment) -> ScanState:
    """Return the state of a new look."""
    mail = evidence.mail
    signals = (("mx", mail.mx), ("spf", mail.spf), ("dkim", mail.dkim), ("dmarc", mail.dmarc))
    unknown = {name for name, signal in signals if isinstance(signal, Unknown)}
    if is_undecided(assessment):
        unknown.add("provider")
    expires_at = evidence.registration.expires_at
    return ScanState(
        spf=found_or_absent(mail.spf),
        dkim=found_or_absent(mail.dkim),
        dmarc_policy=mail.dmarc.value.policy if isinstance(mail.dmarc, Found) else None,
        mx_root=assessment.mx_root,
        provider=assessment.classification.provider.value,
        gateway=assessment.classification.gateway,
        unknown=frozenset(unknown),
        expires_at=expires_at.value if isinstance(expires_at, Found) else None,
        score=assessment.score.points if assessment.score is not None else None,
        segment=assessment.segment.value if assessment.segment is not None else None,
        priority=assessment.priority,
    )


def found_or_absent(signal: Found[T] | Absent | Unknown) -> bool | None:
    """Return True for found, False for absent, None for unknown."""
    match signal:
        case Found():
            return True
        case Absent():
            return False
        case Unknown():
            return None
        case _:
            assert_never(signal)


def is_undecided(assessment: Assessment) -> bool:
    """True where the provider is Unknown because a look-up failed, and not because of what was seen.

    A provider that is known from an earlier look then stays, and so does all that hangs on it. A filter in front or a
    forwarder hides the provider only where autodiscover and DKIM were answered and did not tell.
    """
    reason = assessment.classification.reason
    if reason in ("behind_gateway", "forwarding"):
        return not {"autodiscover", "dkim"}.isdisjoint(assessment.signals_unknown)
    return reason == "mx_unknown"


def compare(before: ScanState, after: ScanState) -> tuple[Change, ...]:
    """Return what changed, signals first; a first scan has nothing to be compared with and is not handed in here."""
    unknown = before.unknown | after.unknown
    changes: list[Change] = []
    if "spf" not in unknown and before.spf != after.spf:
        changes.append(Change(ChangeKind.SPF, _word(before.spf), _word(after.spf)))
    if "dkim" not in unknown and before.dkim != after.dkim:
        changes.append(Change(ChangeKind.DKIM, _word(before.dkim), _word(after.dkim)))
    if "dmarc" not in unknown and before.dmarc_policy != after.dmarc_policy:
        is_added = after.dmarc_policy in _ENFORCED and before.dmarc_policy not in _ENFORCED
        kind = ChangeKind.DMARC_ADDED if is_added else ChangeKind.DMARC
        changes.append(Change(kind, before.dmarc_policy, after.dmarc_policy))
    if "mx" not in unknown:
        if before.mx_root != after.mx_root:
            changes.append(Change(ChangeKind.MX, before.mx_root, after.mx_root))
        if before.gateway != after.gateway:
            changes.append(Change(ChangeKind.GATEWAY, before.gateway, after.gateway))
    if "provider" not in unknown and before.provider is not None and before.provider != after.provider:
        changes.append(Change(ChangeKind.PROVIDER, before.provider, after.provider))
    return (*changes, *_score_changes(before, after))


def expire_soon(expires_at: date | None, expiry: Expiry | None, alerted_for: date | None) -> Change | None:
    """Return the change that a registration is about to end, once per date of expiry.

    `expiry` says how near the date is, by the rulebook; `alerted_for` is the date for which that was said before.
    """
    if expires_at is None or expires_at == alerted_for or expiry is not Expiry.SOON:
        return None
    return Change(ChangeKind.EXPIRE_SOON, None, expires_at.isoformat())


def _score_changes(before: ScanState, after: ScanState) -> tuple[Change, ...]:
    """Return the strongest of three changes: priority, else segment, else the bare score."""
    if before.score is None or after.score is None:
        return ()
    if before.priority != after.priority:
        return (Change(ChangeKind.PRIORITY, _text(before.priority), _text(after.priority)),)
    if before.segment != after.segment:
        return (Change(ChangeKind.SEGMENT, before.segment, after.segment),)
    if before.score != after.score:
        return (Change(ChangeKind.SCORE, str(before.score), str(after.score)),)
    return ()


def _word(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)

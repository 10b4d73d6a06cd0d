"""One domain of the generated world, held against its truth: which signals say something false, which say nothing.

In: evidence and the truth that the lab wrote down. Out: names of signals. Values count, not only states: a mail host
that is not the domain's is as false as one where there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from hunter.core.evidence import MailEvidence
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPF_BROKEN_REASONS, SPFPolicy
from hunter.core.signals import Absent, Found, Signal, Unknown, state_of
from hunter.lab.world_sources.generated_truth import DomainTruth

#: Unknown, although every question was answered: a key may live under a name that nobody knows.
_HONEST_DOUBTS: Final = ("selector_not_known", "wildcard")
#: The one signal on which the plan of questions may differ from asking everything.
DKIM: Final = "dkim"
_NOT_ASKED: Final = "not_asked"
#: A signal about which the truth is that nobody can know.
_NOBODY_KNOWS: Final = "unknown"
_SIGNALS: Final = tuple(field.name for field in fields(MailEvidence))


@dataclass(frozen=True, slots=True)
class Held:
    """What became of one domain's signals."""

    #: Signals that are found or absent against the truth.
    false: tuple[str, ...]
    #: Signals that are unknown although a faultless look-up would know.
    unknown: tuple[str, ...]


def hold(mail: MailEvidence, truth: DomainTruth) -> Held:
    """Compare each signal with the truth."""
    false = [name for name, is_true in _CHECKS.items() if not is_true(getattr(mail, name), truth)]
    unknown = [name for name in _SIGNALS if _failed(name, getattr(mail, name), truth)]
    return Held(tuple(false), tuple(unknown))


def _failed(name: str, signal: Signal[Any], truth: DomainTruth) -> bool:
    if not isinstance(signal, Unknown) or signal.reason == _NOT_ASKED:
        return False
    is_honest = name == DKIM and truth.dkim_state == _NOBODY_KNOWS and signal.reason in _HONEST_DOUBTS
    return not is_honest


def _is_true_mx(signal: Signal[tuple[MXHost, ...]], truth: DomainTruth) -> bool:
    if isinstance(signal, Found):
        return tuple((mx.preference, mx.host) for mx in signal.value) == truth.mx
    return _may_be(signal, truth.mx_state)


def _is_true_spf(signal: Signal[SPFPolicy], truth: DomainTruth) -> bool:
    if isinstance(signal, Found):
        return truth.spf_state == "found" and signal.value.text == truth.spf_text
    if isinstance(signal, Absent):
        broken = signal.reason if signal.reason in SPF_BROKEN_REASONS else None
        return truth.spf_state == "absent" and broken == truth.spf_reason
    return True


def _is_true_dmarc(signal: Signal[DMARCPolicy], truth: DomainTruth) -> bool:
    if isinstance(signal, Found):
        said = (signal.value.policy, signal.value.coverage, signal.value.is_testing)
        return said == (truth.dmarc_policy, truth.dmarc_coverage, truth.dmarc_testing)
    return _may_be(signal, truth.dmarc_state)


def _is_true_dkim(signal: Signal[tuple[DKIMKey, ...]], truth: DomainTruth) -> bool:
    if isinstance(signal, Found):
        return truth.dkim_state == "found" and {key.selector for key in signal.value} <= set(truth.dkim_selectors)
    return _may_be(signal, truth.dkim_state)


def _is_true_cname(signal: Signal[str], truth: DomainTruth) -> bool:
    return _is_true_text(signal, truth.autodiscover_cname)


def _is_true_srv(signal: Signal[str], truth: DomainTruth) -> bool:
    return _is_true_text(signal, truth.autodiscover_srv)


def _is_true_text(signal: Signal[str], text: str | None) -> bool:
    return signal.value == text if isinstance(signal, Found) else _may_be(signal, "found" if text else "absent")


def _is_true_ns(signal: Signal[tuple[str, ...]], truth: DomainTruth) -> bool:
    return signal.value == truth.ns if isinstance(signal, Found) else _may_be(signal, "found" if truth.ns else "absent")


def _may_be(signal: Signal[Any], state: str) -> bool:
    """Say whether a signal without a value agrees with the true state; one that says nothing is never false."""
    return isinstance(signal, Unknown) or state_of(signal) == state


_CHECKS: Final[dict[str, Callable[[Signal[Any], DomainTruth], bool]]] = {
    "mx": _is_true_mx,
    "spf": _is_true_spf,
    "dmarc": _is_true_dmarc,
    DKIM: _is_true_dkim,
    "autodiscover_cname": _is_true_cname,
    "autodiscover_srv": _is_true_srv,
    "ns": _is_true_ns,
}

"""Does the company use Microsoft 365 for its mail? The answer, how sure it is, and why, as codes.

In: who was judged to keep the mailboxes, the mail hosts and the traces. Out: one answer, by the ten rows of the engine
specification; the first that fits decides. A look-up that failed is never read as "no".
"""

from dataclasses import dataclass
from typing import Final

from hunter.core.mail_hosts import MailHosts
from hunter.core.mail_traces import Traces
from hunter.core.mailbox_host import NAMED_BY_MX, UNNAMED, HostVerdict
from hunter.core.providers import Confidence, M365State, Provider
from hunter.core.signatures import OwnerKind

#: Every reason code of an answer: first what may decide, then what may be seen beside it.
M365_REASONS: Final = (
    "mx_exchange_online",
    "autodiscover_outlook",
    "dkim_microsoft",
    "spf_exchange_online",
    "mail_elsewhere",
    "consumer_outlook",
    "gateway_only",
    "forwarding",
    "no_mail",
    "mx_unknown",
    "autodiscover_unknown",
    "dkim_unknown",
    "spf_left_over",
    "tenant_found",
    "tenant_only",
    "tenant_absent",
    "ms_token",
    "ms_token_only",
)


@dataclass(frozen=True, slots=True)
class M365Answer:
    """Does the company use Microsoft 365 for its mail, how sure is that, and why?"""

    state: M365State
    confidence: Confidence
    #: Codes of `M365_REASONS`: what decided, then what else was seen.
    reasons: tuple[str, ...]


def answer_m365(verdict: HostVerdict, hosts: MailHosts, traces: Traces) -> M365Answer:
    """Answer by the rows of the specification, the first that fits."""
    if verdict.reason == "mx_unknown":
        return M365Answer(M365State.UNKNOWN, Confidence.LOW, ("mx_unknown", *_seen(traces)))
    if verdict.reason == "no_mail":
        return M365Answer(M365State.NO, Confidence.HIGH, ("no_mail", *_seen(traces, spf_code="spf_left_over")))
    if hosts.has_exchange_online:
        is_keeper = verdict.provider is Provider.M365
        confidence = verdict.confidence if is_keeper else Confidence.MEDIUM
        return M365Answer(M365State.YES, confidence, ("mx_exchange_online", *_seen(traces, is_support=True)))
    if verdict.provider is Provider.M365 or (verdict.reason == "forwarding" and _strong(traces)):
        return _led_there(verdict, hosts, traces)
    failed = _failed(traces)
    if failed and (hosts.keeper is None or hosts.keeper.kind not in NAMED_BY_MX):
        return M365Answer(M365State.UNKNOWN, Confidence.LOW, (*failed, *_seen(traces)))
    return _not_seen(verdict, traces) if verdict.provider is Provider.UNKNOWN else _elsewhere(verdict, hosts, traces)


def _led_there(verdict: HostVerdict, hosts: MailHosts, traces: Traces) -> M365Answer:
    """Answer where the traces lead to Microsoft 365 and MX names somebody else."""
    has_both = len(_strong(traces)) == 2
    reasons = _seen(traces, is_support=True)
    if hosts.gateway is None and hosts.forwarder is None:
        return M365Answer(M365State.YES if has_both else M365State.LIKELY, verdict.confidence, reasons)
    return M365Answer(M365State.LIKELY, verdict.confidence if has_both else Confidence.LOW, reasons)


def _not_seen(verdict: HostVerdict, traces: Traces) -> M365Answer:
    """Answer where only a filter or a forwarder is seen; a tenant or a token alone changes nothing."""
    if verdict.reason == "forwarding":
        return M365Answer(M365State.UNKNOWN, Confidence.LOW, ("forwarding", *_seen(traces)))
    if traces.lacks_tenant:
        return M365Answer(M365State.NO, Confidence.MEDIUM, ("gateway_only", *_seen(traces)))
    return M365Answer(M365State.UNKNOWN, Confidence.LOW, ("gateway_only", *_seen(traces)))


def _elsewhere(verdict: HostVerdict, hosts: MailHosts, traces: Traces) -> M365Answer:
    """Answer where the mail is plainly at somebody else's; what is left of Microsoft is named."""
    kind = hosts.keeper.kind if hosts.keeper is not None else None
    left = _seen(traces, spf_code="spf_left_over")
    if kind is OwnerKind.CONSUMER:
        return M365Answer(M365State.NO, Confidence.MEDIUM, ("consumer_outlook", *left))
    confidence = Confidence.HIGH if hosts.gateway is None else verdict.confidence
    is_plain = not _has_remains(traces) and (kind not in UNNAMED or hosts.gateway is not None)
    if confidence is Confidence.HIGH and not is_plain:
        confidence = Confidence.MEDIUM
    return M365Answer(M365State.NO, confidence, ("mail_elsewhere", *left))


def _strong(traces: Traces) -> list[str]:
    strong = ["autodiscover_outlook"] if traces.has_autodiscover else []
    if traces.has_dkim:
        strong.append("dkim_microsoft")
    return strong


def _failed(traces: Traces) -> list[str]:
    failed = ["autodiscover_unknown"] if traces.autodiscover_failed else []
    if traces.dkim_failed:
        failed.append("dkim_unknown")
    return failed


def _has_remains(traces: Traces) -> bool:
    has_strong = traces.has_autodiscover or traces.has_dkim
    return has_strong or traces.spf.has_microsoft or traces.has_tenant or traces.has_token


def _seen(traces: Traces, *, spf_code: str = "spf_exchange_online", is_support: bool = False) -> tuple[str, ...]:
    """Return the codes of every Microsoft trace, strong ones first; a tenant or token alone is called `..._only`."""
    codes = _strong(traces)
    if traces.spf.has_microsoft:
        codes.append(spf_code)
    is_alone = not codes and not is_support
    if traces.has_tenant:
        codes.append("tenant_only" if is_alone else "tenant_found")
    if traces.has_token:
        codes.append("ms_token_only" if is_alone and not traces.has_tenant else "ms_token")
    if traces.lacks_tenant:
        codes.append("tenant_absent")
    return tuple(codes)

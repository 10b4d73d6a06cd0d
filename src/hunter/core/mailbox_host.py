"""Who keeps the mailboxes: the judgement over MX and all other traces.

In: what the MX hosts and the traces say. Out: a verdict. MX decides where it names a mailbox service; where it names a
filter, a hosting company or the domain itself, the traces decide, strongest first: DKIM and autodiscover, a second
MX, SPF. A tenant or a token never decides. What contradicts the verdict lowers its confidence.
"""

from typing import Final, NamedTuple

from hunter.core.mail_hosts import MailHosts
from hunter.core.mail_traces import Traces
from hunter.core.providers import Confidence, Provider
from hunter.core.signatures import Owner, OwnerKind

#: An MX of these kinds says itself where the mail goes.
NAMED_BY_MX: Final = (OwnerKind.SERVICE, OwnerKind.CONSUMER, OwnerKind.INBOUND)
#: Servers of which nobody can tell who runs them.
UNNAMED: Final = (OwnerKind.OWN, OwnerKind.OTHER)
_SERVICES: Final = (OwnerKind.SERVICE, OwnerKind.INBOUND)
_HOSTS: Final = (OwnerKind.HOSTER, OwnerKind.TURKISH)


class HostVerdict(NamedTuple):
    """Who keeps the mailboxes."""

    provider: Provider
    confidence: Confidence
    #: Why the provider is Unknown: `behind_gateway`, `forwarding`, `no_mail` or `mx_unknown`.
    reason: str | None = None
    #: Whose name decided; None for Microsoft 365 by traces and for an Unknown provider.
    owner: Owner | None = None


def judge_mailbox_host(hosts: MailHosts, traces: Traces) -> HostVerdict:
    """Judge who keeps the mailboxes of a domain whose MX hosts are known."""
    keeper = hosts.keeper
    if hosts.forwarder is not None:
        return HostVerdict(Provider.UNKNOWN, Confidence.LOW, "forwarding")
    if keeper is not None and keeper.kind in NAMED_BY_MX:
        return _named_by_mx(keeper, hosts, traces)
    if keeper is None and hosts.gateway is None:
        return HostVerdict(Provider.UNKNOWN, Confidence.HIGH, "no_mail")
    led = _led_by_traces(keeper, traces)
    if led is not None:
        return led
    if keeper is None or hosts.gateway is not None:
        return _behind_gateway(keeper, traces)
    return _at_server(keeper, traces)


def _verdict(owner: Owner, confidence: Confidence, *, is_contradicted: bool) -> HostVerdict:
    if confidence is Confidence.HIGH and not owner.is_verified:
        confidence = Confidence.MEDIUM
    return HostVerdict(owner.provider, confidence.lowered() if is_contradicted else confidence, owner=owner)


def _named_by_mx(keeper: Owner, hosts: MailHosts, traces: Traces) -> HostVerdict:
    if keeper.kind is OwnerKind.CONSUMER:
        return HostVerdict(keeper.provider, Confidence.LOW, owner=keeper)
    is_contradicted = hosts.is_split
    if keeper.provider is Provider.M365:
        # Exchange Online may only filter in front of somebody else's server, which then sends the mail as well.
        others_send = traces.is_spf_known and not traces.spf.has_microsoft and not traces.has_dkim
        leads_elsewhere = traces.autodiscover_owner is not None and others_send
        is_contradicted = is_contradicted or leads_elsewhere or traces.lacks_tenant
    else:
        is_contradicted = is_contradicted or traces.has_autodiscover or traces.has_dkim
    return _verdict(keeper, Confidence.HIGH, is_contradicted=is_contradicted)


def _led_by_traces(keeper: Owner | None, traces: Traces) -> HostVerdict | None:
    """Judge by autodiscover and DKIM; None where they lead to no mailbox service."""
    rival = _rival(keeper, traces)
    if traces.has_autodiscover or traces.has_dkim:
        sender = _only_sender(traces)
        # One trace against an SPF that lets another service send, and not Microsoft, is what a former set-up leaves.
        if sender is not None and not (traces.has_autodiscover and traces.has_dkim):
            return HostVerdict(sender.provider, Confidence.LOW, owner=sender)
        return _microsoft(traces, is_contradicted=rival is not None or sender is not None)
    if rival is None:
        return None
    return _verdict(rival, Confidence.MEDIUM, is_contradicted=traces.spf.has_microsoft)


def _rival(keeper: Owner | None, traces: Traces) -> Owner | None:
    """Return the mailbox service beside Microsoft 365 to which autodiscover or DKIM leads.

    Against an MX at a hosting company a DKIM key alone may be left over; there SPF must name the service too.
    """
    led, signer = traces.autodiscover_owner, traces.dkim_owner
    if led is not None and led.kind in _SERVICES:
        return led
    if signer is None or signer.kind not in _SERVICES:
        return None
    is_open = keeper is None or keeper.kind in UNNAMED
    return signer if is_open or signer in traces.spf.services else None


def _microsoft(traces: Traces, *, is_contradicted: bool) -> HostVerdict:
    leads_elsewhere = not traces.has_autodiscover and traces.autodiscover_owner is not None
    is_doubtful = is_contradicted or leads_elsewhere or traces.lacks_tenant
    return HostVerdict(Provider.M365, Confidence.LOW if is_doubtful else Confidence.MEDIUM)


def _only_sender(traces: Traces) -> Owner | None:
    """Return the one mailbox service that SPF lets send, where it does not let Microsoft send as well."""
    services = traces.spf.services
    return services[0] if len(services) == 1 and not traces.spf.has_microsoft else None


def _behind_gateway(second: Owner | None, traces: Traces) -> HostVerdict:
    """Judge by what is left when MX names a filter: where autodiscover leads, then a second MX, then SPF."""
    lets_service_send = traces.spf.has_microsoft or bool(traces.spf.services)
    place = _server(traces) or (second if second is not None and second.kind in _HOSTS else None)
    if place is not None:
        confidence = Confidence.LOW if place.kind is OwnerKind.OTHER else Confidence.MEDIUM
        return _verdict(place, confidence, is_contradicted=lets_service_send)
    if traces.spf.has_microsoft and not traces.spf.services and not traces.lacks_tenant:
        return HostVerdict(Provider.M365, Confidence.LOW)
    sender = _only_sender(traces) or second
    if sender is not None:
        return HostVerdict(sender.provider, Confidence.LOW, owner=sender)
    return HostVerdict(Provider.UNKNOWN, Confidence.LOW, "behind_gateway")


def _at_server(keeper: Owner, traces: Traces) -> HostVerdict:
    """Judge a domain whose MX names a hosting company, the domain itself or a name that no row knows."""
    lets_service_send = traces.spf.has_microsoft or bool(traces.spf.services)
    if keeper.kind not in UNNAMED:
        return _verdict(keeper, Confidence.HIGH, is_contradicted=lets_service_send)
    place = _server(traces)
    if place is not None and place.kind in _HOSTS:
        return _verdict(place, Confidence.MEDIUM, is_contradicted=lets_service_send)
    is_own = keeper.kind is OwnerKind.OWN
    if place is None and is_own and traces.spf.host is not None and traces.spf.host.kind is OwnerKind.TURKISH:
        # The usual look of a shared server at a Turkish host: only SPF names the host.
        return HostVerdict(Provider.LOCAL, Confidence.LOW, owner=traces.spf.host)
    is_confirmed = is_own and place is keeper and not lets_service_send
    return HostVerdict(Provider.LOCAL, Confidence.MEDIUM if is_confirmed else Confidence.LOW, owner=keeper)


def _server(traces: Traces) -> Owner | None:
    """Return the server or hosting company to which DKIM or autodiscover leads."""
    signer = traces.dkim_owner
    return signer if signer is not None and signer.kind in _HOSTS else traces.autodiscover_owner

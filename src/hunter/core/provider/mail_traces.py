"""Traces: what autodiscover, DKIM, SPF, TXT tokens and a tenant say of where the mailboxes are.

In: an evidence. Out: `Traces`, MX left aside, and the facts that they rest on. A strong trace leads mail programs or
signatures to a provider (autodiscover, DKIM); SPF says who may send; a token or a tenant proves no mailbox.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.provider.mail_hosts import owner_of
from hunter.core.provider.providers import Provider
from hunter.core.provider.signatures import Owner, OwnerKind, Signatures
from hunter.core.records.spf import SPFPolicy
from hunter.core.records.spf_grammar import is_spf
from hunter.core.signals import Absent, Found, Signal, Unknown


@dataclass(frozen=True, slots=True)
class ProviderFact:
    """One observed fact that speaks of who keeps the mailboxes or who stands in front of them."""

    #: Where it was seen: `mx`, `autodiscover`, `dkim`, `spf`, `txt` or `tenant`.
    source: str
    #: What was seen: a host, an SPF name, a DKIM target or selector, a vendor, a tenant's id.
    value: str
    #: Whom it betrays: a provider value, a brand or a gateway id; `own` for the domain's own name, `other` for a
    #: name that no row knows.
    points_to: str


class SPFTrace(NamedTuple):
    """Whom an SPF record lets send, as far as the signatures know the names."""

    #: Exchange Online may send.
    has_microsoft: bool = False
    #: The mailbox services beside it that may send.
    services: tuple[Owner, ...] = ()
    #: The first hosting company that may send.
    host: Owner | None = None


class Traces(NamedTuple):
    """What everything but MX says: a small key, so that each different case is judged once."""

    #: Autodiscover leads to Microsoft 365.
    has_autodiscover: bool
    #: The CNAME of a DKIM selector leads to Microsoft 365.
    has_dkim: bool
    #: Where autodiscover leads instead, if it leads anywhere.
    autodiscover_owner: Owner | None
    #: Whom DKIM betrays beside Microsoft 365.
    dkim_owner: Owner | None
    spf: SPFTrace
    #: SPF was read, so that what it does not name may not send.
    is_spf_known: bool
    #: Autodiscover could not be looked up.
    autodiscover_failed: bool
    #: The DKIM selectors could not be looked up.
    dkim_failed: bool
    #: A Microsoft ownership token stands in TXT.
    has_token: bool
    has_tenant: bool
    #: The tenant look-up was made and its cloud knows none.
    lacks_tenant: bool


#: What keeps no mailbox, or lets its customers send only, leads nobody to a mailbox by DKIM.
_NO_MAILBOX: Final = (OwnerKind.GATEWAY, OwnerKind.FORWARDER, OwnerKind.PARKING)
_SENDERS: Final = (*_NO_MAILBOX, OwnerKind.INBOUND)
_HOSTS: Final = (OwnerKind.HOSTER, OwnerKind.TURKISH)
_NOTHING: Final[tuple[SPFTrace, tuple[ProviderFact, ...]]] = (SPFTrace(), ())
#: Terms of one record that are read here; ten look-ups are allowed (RFC 7208 §4.6.4), addresses stand between them.
_MOST_TERMS: Final = 100


def read_traces(evidence: Evidence, signatures: Signatures) -> tuple[Traces, list[ProviderFact]]:
    """Read all traces of an evidence, and the facts behind them."""
    mail = evidence.mail
    facts: list[ProviderFact] = []
    spf, spf_facts = _read_spf(mail.spf, evidence.domain, signatures)
    autodiscover = _autodiscover_owner(mail, evidence.domain, signatures, facts)
    has_dkim, dkim_owner = _read_dkim(mail, signatures, spf, facts)
    facts += spf_facts
    has_token = _read_tokens(mail.verifications, signatures, facts)
    tenant = evidence.microsoft.tenant
    if isinstance(tenant, Found):
        facts.append(ProviderFact("tenant", tenant.value.tenant_id, Provider.M365))
    leads_to_microsoft = autodiscover is not None and autodiscover.provider is Provider.M365
    traces = Traces(
        has_autodiscover=leads_to_microsoft,
        has_dkim=has_dkim,
        autodiscover_owner=None if leads_to_microsoft else autodiscover,
        dkim_owner=dkim_owner,
        spf=spf,
        is_spf_known=not isinstance(mail.spf, Unknown),
        autodiscover_failed=_failed(mail.autodiscover_cname, mail.autodiscover_srv),
        dkim_failed=isinstance(mail.dkim_targets, Unknown),
        has_token=has_token,
        has_tenant=isinstance(tenant, Found),
        lacks_tenant=isinstance(tenant, Absent),
    )
    return traces, facts


def _failed(cname: Signal[str], srv: Signal[str]) -> bool:
    """Tell whether autodiscover is open: a look-up failed, and the other one, if it was made, found nothing."""
    is_found = isinstance(cname, Found) or isinstance(srv, Found)
    return not is_found and (isinstance(cname, Unknown) or isinstance(srv, Unknown))


def _autodiscover_owner(
    mail: MailEvidence, domain: str, signatures: Signatures, facts: list[ProviderFact]
) -> Owner | None:
    """Return the best known owner to whom autodiscover leads."""
    best: Owner | None = None
    for signal in (mail.autodiscover_cname, mail.autodiscover_srv):
        if not isinstance(signal, Found):
            continue
        host = signal.value
        known = signatures.autodiscover_hosts.find(host)
        if known is None and _is_wildcard(host, mail):
            continue
        owner = owner_of(host, domain, known, signatures.suffixes)
        facts.append(ProviderFact("autodiscover", host, owner.label))
        if owner.kind not in _NO_MAILBOX and (best is None or owner.rank < best.rank):
            best = owner
    return best


def _is_wildcard(host: str, mail: MailEvidence) -> bool:
    """Tell whether DKIM selectors lead to the same host: then the zone answers every name alike and proves nothing."""
    targets = mail.dkim_targets
    return isinstance(targets, Found) and any(target.target == host for target in targets.value)


def _read_dkim(
    mail: MailEvidence, signatures: Signatures, spf: SPFTrace, facts: list[ProviderFact]
) -> tuple[bool, Owner | None]:
    has_microsoft, other = False, None
    if isinstance(mail.dkim_targets, Found):
        for target in mail.dkim_targets.value:
            owner = signatures.dkim_targets.find(target.target)
            if owner is None or owner.kind in _SENDERS:
                continue
            facts.append(ProviderFact("dkim", target.target, owner.label))
            if owner.provider is Provider.M365:
                has_microsoft = True
            else:
                other = other or owner
    if isinstance(mail.dkim, Found):
        for key in mail.dkim.value:
            owner = signatures.selector_owners.get(key.selector)
            if owner is None:
                owner = signatures.weak_selector_owners.get(key.selector)
                if owner is None or owner not in spf.services:
                    continue
            facts.append(ProviderFact("dkim", key.selector, owner.label))
            other = other or owner
    return has_microsoft, other


def _read_tokens(verifications: Signal[tuple[str, ...]], signatures: Signatures, facts: list[ProviderFact]) -> bool:
    """Note the tokens that hint at a mailbox; return whether one is Microsoft's."""
    has_microsoft = False
    if isinstance(verifications, Found):
        for vendor in verifications.value:
            owner = signatures.vendor_owners.get(vendor)
            if owner is not None:
                facts.append(ProviderFact("txt", vendor, owner.label))
                has_microsoft = has_microsoft or owner.provider is Provider.M365
    return has_microsoft


def _read_spf(spf: Signal[SPFPolicy], domain: str, signatures: Signatures) -> tuple[SPFTrace, tuple[ProviderFact, ...]]:
    """Read whom SPF lets send, by the names that the domain itself wrote.

    What others include below their own names says whom *they* let send: measured, it adds wrong answers and no right
    ones. Only where a record hands over to a redirect, or to further records of the domain (below its name, or kept for
    it under a name that begins with its own) is the whole tree its own.
    """
    if not isinstance(spf, Found):
        return _spf_trace(tuple(spf_targets(spf.raw)), signatures) if spf.raw else _NOTHING
    policy = spf.value
    if policy.redirect is None:
        direct = _spf_trace(policy.includes, signatures)
        names_mailbox = direct[0].has_microsoft or direct[0].services
        below, before = "." + domain, domain + "."
        if names_mailbox or not any(name.endswith(below) or name.startswith(before) for name in policy.includes):
            return direct
    return _spf_trace(policy.names, signatures)


@lru_cache(maxsize=2048)
def _spf_trace(names: tuple[str, ...], signatures: Signatures) -> tuple[SPFTrace, tuple[ProviderFact, ...]]:
    owners = [(name, owner) for name in names if (owner := signatures.spf_names.find(name)) is not None]
    services = [owner for _, owner in owners if owner.kind is OwnerKind.SERVICE and owner.provider is not Provider.M365]
    trace = SPFTrace(
        has_microsoft=any(owner.provider is Provider.M365 for _, owner in owners),
        services=tuple(dict.fromkeys(services)),
        host=next((owner for _, owner in owners if owner.kind in _HOSTS), None),
    )
    return trace, tuple(ProviderFact("spf", name, owner.label) for name, owner in owners)


def spf_targets(texts: tuple[str, ...]) -> Iterator[str]:
    """Yield the include and redirect targets of the SPF records among TXT texts, read leniently and in lower case.

    A broken policy protects nobody, yet it tells whom its owner wanted to let send.
    """
    for text in filter(is_spf, texts):
        for term in text.lower().split(maxsplit=_MOST_TERMS)[1:_MOST_TERMS]:
            name, separator, value = term.lstrip("+-~?").replace("=", ":", 1).partition(":")
            if separator and value and name in ("include", "redirect"):
                yield value.removesuffix(".")

"""What registry, Microsoft and network say of a company, in words; and what of it could not be learned, and why.

In: an assessment, its evidence and the wording. Out: findings and unread signals like those of DNS. What nobody asked
for is not mentioned.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from hunter.core.assessment import Assessment
from hunter.core.evidence import AddressFacts, Evidence, MicrosoftEvidence, Realm, RegistrationEvidence, Tenant
from hunter.core.judgement.expiry import Expiry
from hunter.core.provider.infrastructure import USAGE_WORDS, speaks_of_company
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from hunter.sales.finding import Finding, Mark, Unread, raw_of
from hunter.sales.wording import Wording

#: What is said of the end of a registration, and how it weighs; one that is near is a reason to call.
EXPIRY_CASES: Final = {
    Expiry.ENDED: ("expired", Mark.BAD),
    Expiry.SOON: ("expires_soon", Mark.WEAK),
    Expiry.LATER: ("expiry", Mark.PLAIN),
}
#: States in which a name is on its way out of the registry, and those in which it does not work (RFC 8056).
LEAVING: Final = frozenset(("redemption period", "pending delete"))
ON_HOLD: Final = frozenset(("client hold", "server hold", "frozen"))
#: Days that people call by a name.
NEXT_DAYS: Final = {0: "expires_today", 1: "expires_tomorrow"}
#: Usage codes of networks that stand before somebody else's server.
IN_FRONT: Final = frozenset(("CDN",))


def surrounding_findings(assessment: Assessment, evidence: Evidence, wording: Wording) -> Iterator[Finding]:
    """Say what was learned; unknown signals are left to `surrounding_unread`."""
    classification, network = assessment.classification, evidence.network
    yield from _registration(evidence, assessment, wording)
    yield from _tenant(evidence.microsoft.tenant, wording)
    yield from _realm(evidence.microsoft.realm, wording)
    # The address of a mailbox service or of a filter says nothing of the company.
    if speaks_of_company(classification.provider, classification.gateway):
        yield from _host("mx_network", network.mx, wording)
    yield from _host("web_network", network.web, wording)


def surrounding_unread(evidence: Evidence, wording: Wording) -> Iterator[Unread]:
    """Say what was asked for and is unknown, and why."""
    yield from _unread_registration(evidence.registration, wording)
    yield from _unread_microsoft(evidence.microsoft, wording)
    for name, signal in (("mx_network", evidence.network.mx), ("web_network", evidence.network.web)):
        yield from _unread(name, "unknown_network", signal, wording)


def _registration(evidence: Evidence, assessment: Assessment, wording: Wording) -> Iterator[Finding]:
    """Say what the registry says of the name, or of the name above it that is registered."""
    registered = wording.signatures.suffixes.registrable_domain(evidence.domain)
    for finding in _of_registered(evidence.registration, assessment, wording):
        if registered in (None, evidence.domain):
            yield finding
        else:
            title = wording.say("finding.of_name_above", {"title": finding.title, "domain": registered or ""})
            yield replace(finding, title=title)


def _of_registered(registration: RegistrationEvidence, assessment: Assessment, wording: Wording) -> Iterator[Finding]:
    expiry, registrar = registration.expires_at, registration.registrar
    if isinstance(expiry, Absent):
        yield Finding(Mark.BAD, wording.say("finding.not_registered"), wording.say("meaning.not_registered"), "")
        return
    states = frozenset(registration.statuses.value if isinstance(registration.statuses, Found) else ())
    for case, bad in (("leaving", LEAVING), ("on_hold", ON_HOLD)):
        if seen := states & bad:
            raw = ", ".join(sorted(seen))
            yield Finding(Mark.BAD, wording.say(f"finding.{case}"), wording.say(f"meaning.{case}"), raw)
    if states & LEAVING:
        return
    name = registrar.value if isinstance(registrar, Found) else None
    if isinstance(expiry, Found) and (finding := _expiry(expiry, assessment, wording)) is not None:
        title = finding.title
        if name is not None:
            title = wording.say("finding.with_registrar", {"title": title, "registrar": name})
        yield replace(finding, title=title)
    elif name is not None:
        title = wording.say("finding.registrar", {"registrar": name})
        yield Finding(Mark.PLAIN, title, wording.say("meaning.registrar"), raw_of(registrar))


def _expiry(expires_at: Found[date], assessment: Assessment, wording: Wording) -> Finding | None:
    days, state = assessment.expires_in_days, assessment.expiry
    if days is None or state is None:
        return None
    case, mark = EXPIRY_CASES[state]
    said = NEXT_DAYS.get(days, case)
    title = wording.say(f"finding.{said}", {"date": wording.date(expires_at.value), "days": days})
    return Finding(mark, title, wording.say(f"meaning.{case}"), raw_of(expires_at))


def _tenant(tenant: Signal[Tenant], wording: Wording) -> Iterator[Finding]:
    match tenant:
        case Found(found):
            title = wording.say("finding.tenant")
            if found.region is not None:
                title = wording.say("finding.tenant_region", {"region": found.region})
            yield Finding(Mark.PLAIN, title, wording.say("meaning.tenant"), found.tenant_id)
        case Absent():
            title = wording.say("finding.tenant_absent")
            yield Finding(Mark.PLAIN, title, wording.say("meaning.tenant_absent"), raw_of(tenant))
        case Unknown():
            return


def _realm(realm: Signal[Realm], wording: Wording) -> Iterator[Finding]:
    if not isinstance(realm, Found):
        return
    found = realm.value
    if found.is_viral:
        yield Finding(Mark.WEAK, wording.say("finding.realm_viral"), wording.say("meaning.realm_viral"), raw_of(realm))
    elif found.namespace_type == "federated" or found.sign_in_host is not None:
        title = wording.say("finding.realm_federated")
        if found.sign_in_host is not None:
            title = wording.say("finding.realm_federated_at", {"host": found.sign_in_host})
        yield Finding(Mark.PLAIN, title, wording.say("meaning.realm_federated"), raw_of(realm))
    elif found.namespace_type == "managed":
        yield Finding(
            Mark.PLAIN, wording.say("finding.realm_managed"), wording.say("meaning.realm_managed"), raw_of(realm)
        )


def _host(name: str, facts: Signal[AddressFacts], wording: Wording) -> Iterator[Finding]:
    if not isinstance(facts, Found):
        return
    where = ", ".join(_place(facts.value, wording))
    if where:
        title = wording.say(f"finding.{name}", {"where": where})
        is_in_front = facts.value.usage_type in IN_FRONT
        meaning = wording.say("meaning.in_front" if is_in_front else f"meaning.{name}")
        yield Finding(Mark.PLAIN, title, meaning, facts.value.address)


def _place(facts: AddressFacts, wording: Wording) -> Iterator[str]:
    """Yield what is known of a place, from the owner of the network to the country."""
    if operator := facts.isp or facts.asn_org:
        yield operator
    if facts.usage_type in USAGE_WORDS:
        yield wording.say(f"usage.{facts.usage_type}")
    if facts.country:
        yield facts.country


def _unread_registration(registration: RegistrationEvidence, wording: Wording) -> Iterator[Unread]:
    """One line where the registry said nothing at all, else one for each field that is missing."""
    fields: tuple[tuple[str, Signal[Any]], ...] = (
        ("registrar", registration.registrar),
        ("expires_at", registration.expires_at),
        ("nameservers", registration.nameservers),
    )
    reasons = {signal.reason for _, signal in fields if isinstance(signal, Unknown)}
    if len(reasons) == 1 and all(isinstance(signal, Unknown) for _, signal in fields):
        yield from _unread("registration", "unknown_registration", registration.registrar, wording)
        return
    for name, signal in fields:
        yield from _unread(name, "unknown_registration", signal, wording)


def _unread_microsoft(microsoft: MicrosoftEvidence, wording: Wording) -> Iterator[Unread]:
    yield from _unread("tenant", "unknown_tenant", microsoft.tenant, wording)
    yield from _unread("realm", "unknown_tenant", microsoft.realm, wording)


def _unread(name: str, causes: str, signal: Signal[Any], wording: Wording) -> Iterator[Unread]:
    if isinstance(signal, Unknown) and signal != NOT_ASKED:
        yield Unread(wording.say(f"signal.{name}"), wording.say(f"{causes}.{signal.reason}"))

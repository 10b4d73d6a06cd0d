"""What registry, Microsoft and network say of a company, in words; and what of it could not be learned, and why.

In: an assessment, its evidence and the wording. Out: findings and unread signals like those of DNS. What nobody asked
for is not mentioned.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hunter.core.assessment import Assessment
from hunter.core.evidence import AddressFacts, Evidence, MicrosoftEvidence, Realm, RegistrationEvidence, Tenant
from hunter.core.infrastructure import USAGE_WORDS
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from hunter.sales.finding import Finding, Mark, Unread, raw_of
from hunter.sales.wording import Wording

#: Fewer days than these until the end of a registration are a reason to call (engine specification 6.3).
SOON_DAYS: Final = 30
#: States in which a name is on its way out of the registry, and those in which it does not work (RFC 8056).
LEAVING: Final = frozenset(("redemption period", "pending delete"))
ON_HOLD: Final = frozenset(("client hold", "server hold", "inactive"))


def surrounding_findings(assessment: Assessment, evidence: Evidence, wording: Wording) -> Iterator[Finding]:
    """Say what was learned; unknown signals are left to `surrounding_unread`."""
    registration, microsoft, network = evidence.registration, evidence.microsoft, evidence.network
    yield from _registration(registration, assessment.expires_in_days, wording)
    yield from _tenant(microsoft.tenant, wording)
    yield from _realm(microsoft.realm, wording)
    yield from _host("mx_network", network.mx, wording)
    yield from _host("web_network", network.web, wording)


def surrounding_unread(evidence: Evidence, wording: Wording) -> Iterator[Unread]:
    """Say what was asked for and is unknown, and why."""
    yield from _unread_registration(evidence.registration, wording)
    yield from _unread_microsoft(evidence.microsoft, wording)
    for name, signal in (("mx_network", evidence.network.mx), ("web_network", evidence.network.web)):
        yield from _unread(name, "unknown_network", signal, wording)


def _registration(registration: RegistrationEvidence, days: int | None, wording: Wording) -> Iterator[Finding]:
    expiry, registrar = registration.expires_at, registration.registrar
    if isinstance(expiry, Absent):
        yield Finding(Mark.BAD, wording.say("finding.not_registered"), wording.say("meaning.not_registered"), "")
        return
    states = frozenset(registration.statuses.value if isinstance(registration.statuses, Found) else ())
    for case, bad in (("leaving", LEAVING), ("on_hold", ON_HOLD)):
        if seen := states & bad:
            yield Finding(Mark.BAD, wording.say(f"finding.{case}"), wording.say(f"meaning.{case}"), ", ".join(seen))
    name = registrar.value if isinstance(registrar, Found) else None
    if isinstance(expiry, Found) and days is not None:
        yield _expiry(expiry, days, name, wording)
    elif name is not None:
        title = wording.say("finding.registrar", {"registrar": name})
        yield Finding(Mark.PLAIN, title, wording.say("meaning.registrar"), raw_of(registrar))


def _expiry(expiry: Found[date], days: int, registrar: str | None, wording: Wording) -> Finding:
    case, mark = "expiry", Mark.PLAIN
    if days < 0:
        case, mark = "expired", Mark.BAD
    elif days < SOON_DAYS:
        case, mark = "expires_soon", Mark.WEAK
    title = wording.say(f"finding.{case}", {"date": wording.date(expiry.value), "days": days})
    if registrar is not None:
        title = wording.say("finding.with_registrar", {"title": title, "registrar": registrar})
    return Finding(mark, title, wording.say(f"meaning.{case}"), raw_of(expiry))


def _tenant(tenant: Signal[Tenant], wording: Wording) -> Iterator[Finding]:
    match tenant:
        case Found(found):
            title = wording.say("finding.tenant", {"region": found.region or "?"})
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
    elif found.sign_in_host is not None:
        title = wording.say("finding.realm_federated", {"host": found.sign_in_host})
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
        yield Finding(Mark.PLAIN, title, wording.say(f"meaning.{name}"), facts.value.address)


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

"""WHOIS answers of the simulator, in the layouts of registries: `.tr` old and new, ICANN, RPSL."""

from datetime import date
from typing import Final, assert_never

from hunter.lab.registry.registrations import Layout, Registered

QUOTA_TEXT: Final = "You have exceeded your query limit. Please try again later.\r\n"
_HIDDEN: Final = "Hidden upon user request"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def whois_text(registered: Registered) -> bytes:
    """Return the answer about a registered name, in its layout and encoding."""
    match registered.layout:
        case Layout.TRABIS:
            lines = _trabis(registered)
        case Layout.TRABIS_OLD:
            lines = _trabis_old(registered)
        case Layout.ICANN:
            lines = _icann(registered)
        case Layout.RPSL:
            lines = _rpsl(registered)
        case _:
            assert_never(registered.layout)
    return "".join(f"{line}\r\n" for line in lines).encode(registered.encoding, "replace")


def not_found_text(domain: str) -> bytes:
    """Return the answer about a name that nobody has registered."""
    return f'No match found for "{domain}"\r\n'.encode()


def _trabis(registered: Registered) -> list[str]:
    is_locked = any("TransferProhibited" in status for status in registered.statuses)
    lock = "The domain is LOCKED to transfer." if is_locked else "The domain is UNLOCKED to transfer."
    return [
        *(f"** Domain Name: {registered.domain}", "Domain Status: Active", "Frozen Status: -"),
        *(f"Transfer Status: {lock}", "", "** Registrant:", *[f"   {_HIDDEN}"] * 4, "", "", "** Registrar:"),
        *("NIC Handle\t\t: lab01", f"Organization Name\t: {registered.registrar}", "Address\t\t\t: Deneme Sokak 1"),
        *("\t\t\t  34000 İstanbul Türkiye", "Phone\t\t\t: 90-212-0000000-", "Fax\t\t\t: - ", "", ""),
        *("** Domain Servers:", *registered.nameservers, "", ""),
        *("** Additional Info:", f"Created on..............: {_turkish_day(registered.created_on)}."),
        *(f"Expires on..............: {_turkish_day(registered.expires_on)}.", "", ""),
        *("** Whois Server:", f"Last Update Time: {registered.created_on}T03:00:00+03:00", ""),
    ]


def _trabis_old(registered: Registered) -> list[str]:
    contact = (
        "NIC Handle\t\t: lab01-metu",
        f"Organization Name\t: {registered.registrar}",
        "Fax\t\t\t: + 90-212-0000000-",
    )
    return [
        *(f"** Domain Name: {registered.domain}", "", "** Registrant:", "   Örnek Şirket", f"   {_HIDDEN}", ""),
        *("", "** Registrar:", *contact, "", "", "** Administrative Contact:", "NIC Handle\t\t: lab02-metu", ""),
        *("** Domain Servers:", *(f"{host} 192.0.2.53" for host in registered.nameservers), ""),
        *("** Additional Info:", f"Created on..............: {_turkish_day(registered.created_on)}."),
        *(f"Expires on..............: {_turkish_day(registered.expires_on)}.", ""),
    ]


def _icann(registered: Registered) -> list[str]:
    return [
        *(f"Domain Name: {registered.domain.upper()}", f"Registrar: {registered.registrar}"),
        *(
            f"Creation Date: {registered.created_on}T09:30:00Z",
            f"Registry Expiry Date: {registered.expires_on}T09:30:00Z",
        ),
        *(f"Domain Status: {status} https://icann.org/epp#{status}" for status in registered.statuses),
        *(
            "Registrant Organization: REDACTED FOR PRIVACY",
            *(f"Name Server: {host.upper()}" for host in registered.nameservers),
        ),
        *("DNSSEC: unsigned", f">>> Last update of WHOIS database: {registered.created_on}T09:30:00Z <<<", ""),
        "TERMS OF USE: automated access is rate limited and may be restricted at any time.",
    ]


def _rpsl(registered: Registered) -> list[str]:
    return [
        *("% This is a simulator.", "", f"domain:       {registered.domain}"),
        *(f"nserver:      {host}. 192.0.2.53" for host in registered.nameservers),
        *("state:        REGISTERED, DELEGATED", f"registrar:    {registered.registrar}"),
        *(f"created:      {registered.created_on}T09:30:00Z", f"paid-till:    {registered.expires_on}T09:30:00Z"),
        "source:       LAB",
    ]


def _turkish_day(day: date) -> str:
    return f"{day.year}-{_MONTHS[day.month - 1]}-{day.day:02}"

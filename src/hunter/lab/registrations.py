"""Registrations of a world: what the registry simulators know of each name, and how they treat who asks for it.

In: tables of a file such as `demo_registrations.toml`, which describes every field, or shapes made by a test. Out: a
`RegistryWorld`, small enough to be handed to another process. Days are counted from a day that is handed in.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from hunter.lab.errors import WorldFileError
from hunter.lab.wire import to_ascii

DEMO_FILE: Final = "demo_registrations.toml"
_FIELDS: Final = frozenset(
    ("domain", "registrar", "created_days_ago", "expires_in_days", "nameservers", "statuses", "layout", "encoding")
) | frozenset(("has_rdap", "rdap_fault", "whois_fault"))


class Layout(StrEnum):
    """How a WHOIS server writes a record."""

    #: The `.tr` registry since 2022, and before.
    TRABIS = "trabis"
    TRABIS_OLD = "trabis_old"
    #: ICANN's registrars and registries.
    ICANN = "icann"
    #: `label: value`, as RIPE began it.
    RPSL = "rpsl"


class Trouble(StrEnum):
    """What a simulator may do instead of answering well."""

    NONE = ""
    #: Takes the question and never answers.
    DEAD = "dead"
    #: Answers so many milliseconds later: `slow:700`.
    SLOW = "slow"
    #: Sends a byte at a time, so many milliseconds apart: `drip:50`.
    DRIP = "drip"
    #: Closes the connection in the middle of the answer.
    CUT = "cut"
    #: Says that too much was asked.
    QUOTA = "quota"
    #: Sends a page for browsers.
    HTML = "html"
    #: Sends bytes that mean nothing.
    GARBAGE = "garbage"
    #: Sends another domain's record.
    WRONG_NAME = "wrong_name"
    #: Announces more, or fewer, bytes than it sends (RDAP).
    LONGER = "longer"
    SHORTER = "shorter"
    #: Sends megabytes.
    HUGE = "huge"
    #: Redirects (RDAP) or refers (WHOIS) to an address: `redirect:http://10.0.0.1/`, `refer:10.0.0.1`.
    REDIRECT = "redirect"
    REFER = "refer"
    #: Says that it is broken itself.
    SERVER_ERROR = "server_error"
    #: Says nothing and closes.
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class RegistryFault:
    """One trouble with its argument."""

    trouble: Trouble = Trouble.NONE
    argument: str = ""


NO_FAULT: Final = RegistryFault()


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered name as its registry keeps it."""

    domain: str
    registrar: str
    created_on: date
    expires_on: date
    nameservers: tuple[str, ...]
    #: EPP states as WHOIS writes them: `clientTransferProhibited`, `redemptionPeriod` ...
    statuses: tuple[str, ...] = ("ok",)
    layout: Layout = Layout.ICANN
    encoding: str = "utf-8"
    #: False: RDAP does not know the name's registry, so that WHOIS has to be asked.
    has_rdap: bool = True
    rdap_fault: RegistryFault = NO_FAULT
    whois_fault: RegistryFault = NO_FAULT


@dataclass(frozen=True, slots=True)
class RegistryWorld:
    """All that the simulators know; names beyond it are not registered."""

    registered: Mapping[str, Registered] = field(default_factory=dict)
    #: Names `name0.<suffix>`, `name1.<suffix>` ... up to this number are registered besides, under each suffix.
    generated: int = 0
    generated_suffixes: tuple[str, ...] = ("example", "com.tr")
    #: Day on which generated names were made.
    today: date = date(2026, 1, 1)
    #: What is served as bootstrap data at `/rdap/dns.json`.
    bootstrap: bytes = b""

    def find(self, domain: str) -> Registered | None:
        """Return what is known of a name; None where it is not registered."""
        known = self.registered.get(domain)
        if known is not None:
            return known
        label, _, suffix = domain.partition(".")
        number = label.removeprefix("name")
        if label == f"name{number}" and number.isdecimal() and suffix in self.generated_suffixes:
            return self._generated(domain, int(number)) if int(number) < self.generated else None
        return None

    def _generated(self, domain: str, number: int) -> Registered:
        return Registered(
            domain,
            f"Registrar {number % 37} A.Ş.",
            self.today - timedelta(days=number % 3000),
            self.today + timedelta(days=number % 700),
            (f"ns1.{domain}", f"ns2.{domain}"),
            layout=Layout.TRABIS if domain.endswith(".tr") else Layout.ICANN,
        )


def generated_name(number: int, suffix: str = "example") -> str:
    """Return the generated name of this number."""
    return f"name{number}.{suffix}"


def demo_registrations(today: date) -> RegistryWorld:
    """Return the registrations of the demo world; expiry days lie around `today`."""
    text = files("hunter.lab").joinpath(DEMO_FILE).read_text(encoding="utf-8")
    return parse_registrations(text, DEMO_FILE, today)


def parse_registrations(text: str, name: str, today: date) -> RegistryWorld:
    """Read the text of a registration file. Raises `WorldFileError` naming the file, the domain and the field."""
    try:
        entries = tomllib.loads(text)["registration"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise WorldFileError(name, "", str(error)) from error
    registered = [_registered(entry, name, today) for entry in entries]
    return RegistryWorld({one.domain: one for one in registered}, today=today)


def parse_fault(text: str) -> RegistryFault:
    """Read `dead`, `slow:700`, `redirect:http://10.0.0.1/` ...; raises ValueError for what is none."""
    trouble, _, argument = text.partition(":")
    return RegistryFault(Trouble(trouble), argument)


def _registered(entry: Mapping[str, Any], name: str, today: date) -> Registered:
    place = str(entry.get("domain", "?"))
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise WorldFileError(name, f"{place}: {unknown[0]}", "there is no such field")
    try:
        domain = to_ascii(entry["domain"])
        return Registered(
            domain,
            entry["registrar"],
            today - timedelta(days=entry.get("created_days_ago", 2000)),
            today + timedelta(days=entry["expires_in_days"]),
            tuple(entry.get("nameservers", (f"ns1.{domain}", f"ns2.{domain}"))),
            statuses=tuple(entry.get("statuses", ("clientTransferProhibited",))),
            layout=Layout(entry.get("layout", Layout.ICANN)),
            encoding=entry.get("encoding", "utf-8"),
            has_rdap=entry.get("has_rdap", True),
            rdap_fault=parse_fault(entry.get("rdap_fault", "")),
            whois_fault=parse_fault(entry.get("whois_fault", "")),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise WorldFileError(name, place, repr(error)) from error

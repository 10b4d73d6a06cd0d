"""Rows of the signature files: one owner each, with the patterns that betray it, checked where it stands.

In: the contents of `providers.json`, `gateways.json` and `selectors.json`. Out: rows; every pattern keeps the place
it was read from, so that later checks can name it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hunter.core.provider.providers import Provider
from hunter.core.provider.suffixes import HostPattern
from hunter.core.records.verifications import VENDORS
from hunter.core.rule_files.rule_reader import RuleReader


class OwnerKind(StrEnum):
    """What a host of this owner says of the mailboxes."""

    #: A mailbox service: where MX points at it, the mailboxes are there.
    SERVICE = "service"
    #: Takes mail in for programs (Amazon SES, SendGrid, Mailgun); elsewhere its names say who may send.
    INBOUND = "inbound"
    #: Free mail of private people.
    CONSUMER = "consumer"
    #: A foreign hosting company.
    HOSTER = "hoster"
    #: A control panel's own name: somebody's rented server, nobody knows where.
    PANEL = "panel"
    #: A Turkish hosting company.
    TURKISH = "turkish"
    #: Passes mail on; keeps no mailbox.
    FORWARDER = "forwarder"
    #: Takes no mail: a parked or placeholder name.
    PARKING = "parking"
    #: A mail filter in front of the mailboxes.
    GATEWAY = "gateway"
    #: The domain's own name; no row, judged from the host.
    OWN = "own"
    #: A name that no row knows.
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Owner:
    """Who stands behind a host name; equal only to itself, one row makes one owner."""

    #: Brand, such as `Proton Mail`.
    name: str
    #: What a fact points to: a provider value, a brand or a gateway's short id.
    label: str
    kind: OwnerKind
    #: What the wire calls it when the mailboxes are there; Unknown for those that keep none.
    provider: Provider
    #: Place in the files; of equal claims the lower wins.
    rank: int
    #: False for a row from general knowledge, which never earns high confidence.
    is_verified: bool = True
    #: DKIM selectors that it gives its customers, likeliest first.
    selectors: tuple[str, ...] = ()

    @property
    def mail_service(self) -> str | None:
        """Brand of a mailbox service that has no provider value of its own."""
        is_service = self.kind is OwnerKind.SERVICE or self.kind is OwnerKind.CONSUMER
        return self.name if is_service and self.provider is Provider.HOSTING else None

    @property
    def local_provider(self) -> str | None:
        """Brand of a Turkish host."""
        return self.name if self.kind is OwnerKind.TURKISH else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A pattern, whom it betrays, and where it was read."""

    path: str
    pattern: HostPattern
    owner: Owner


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One owner with all its patterns."""

    path: str
    owner: Owner
    mx: tuple[Claim, ...]
    spf: tuple[Claim, ...]
    dkim: tuple[Claim, ...]
    autodiscover: tuple[Claim, ...]
    #: Vendors whose TXT tokens hint at it.
    vendors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectorRow:
    """One DKIM selector worth asking."""

    name: str
    #: Whom a key under it betrays.
    betrays: Owner | None
    #: True when that counts only beside the same owner's SPF.
    is_weak: bool


#: Number of selectors that are asked at most; the cost of an unlucky domain (design: 30).
SELECTOR_COUNT: Final = 30

_SOURCES: Final = {"seen": True, "doc": True, "unverified": False}
_PROVIDERS: Final = {str(provider): provider for provider in Provider}
_ORDER: Final = tuple(Provider)
_KINDS: Final[dict[Provider, tuple[OwnerKind, ...]]] = {
    Provider.M365: (OwnerKind.SERVICE,),
    Provider.GOOGLE: (OwnerKind.SERVICE,),
    Provider.YANDEX: (OwnerKind.SERVICE,),
    Provider.ZOHO: (OwnerKind.SERVICE,),
    Provider.AMAZON: (OwnerKind.INBOUND,),
    Provider.SENDGRID: (OwnerKind.INBOUND,),
    Provider.MAILGUN: (OwnerKind.INBOUND,),
    Provider.HOSTING: (OwnerKind.SERVICE, OwnerKind.CONSUMER, OwnerKind.PANEL, OwnerKind.HOSTER),
    Provider.LOCAL: (OwnerKind.TURKISH,),
    Provider.UNKNOWN: (OwnerKind.FORWARDER, OwnerKind.PARKING),
}
#: Where the brand says more than the provider value. A panel's name is no hosting company's.
_BRANDED: Final = (Provider.HOSTING, Provider.LOCAL, Provider.UNKNOWN)
_COLUMNS: Final = ("mx", "spf", "dkim", "autodiscover")
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*", re.ASCII)
_GATEWAY_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_SELECTOR: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)
_GUESSES: Final = ("gateway", "hoster", "local")


def read_provider_rows(reader: RuleReader, selectors: Mapping[str, str]) -> tuple[SignatureRow, ...]:
    """Read the rows of `providers.json`, in the order of the provider values, which decides between equal claims."""
    rows: list[SignatureRow] = []
    taken: dict[str, str] = {}
    for rank, place in enumerate(reader.rows()):
        row = _provider_row(place, rank, selectors)
        if rows and _ORDER.index(row.owner.provider) < _ORDER.index(rows[-1].owner.provider):
            raise place.error(f"class {row.owner.provider} must stand before {rows[-1].owner.provider}")
        _refuse_namesake(place, row.owner.name, taken)
        rows.append(row)
    return tuple(rows)


def read_gateway_rows(reader: RuleReader, first_rank: int) -> tuple[SignatureRow, ...]:
    """Read the rows of `gateways.json`; their ranks follow those of the providers."""
    rows: list[SignatureRow] = []
    taken: dict[str, str] = {}
    for rank, place in enumerate(reader.rows(), first_rank):
        row = _gateway_row(place, rank)
        _refuse_namesake(place, row.owner.label, taken)
        rows.append(row)
    return tuple(rows)


def read_selector_names(reader: RuleReader) -> dict[str, str]:
    """Read the names of the selectors, in asking order."""
    names: dict[str, str] = {}
    for place in reader.rows():
        entry = place.table(("name",), ("betrays", "weight"))["name"]
        name = entry.text()
        if not _SELECTOR.fullmatch(name):
            raise entry.error(f'"{name}" is no selector')
        if name in names:
            raise entry.error(f'"{name}" is named twice')
        names[name] = name
    if len(names) != SELECTOR_COUNT:
        raise reader.error(f"must hold {SELECTOR_COUNT} selectors, not {len(names)}")
    return names


def read_selector_rows(reader: RuleReader, owners: Mapping[str, Owner]) -> tuple[SelectorRow, ...]:
    """Read whom the selectors betray."""
    rows: list[SelectorRow] = []
    for place in reader.rows():
        entry = place.table(("name",), ("betrays", "weight"))
        if "weight" in entry and "betrays" not in entry:
            raise entry["weight"].error("a selector that betrays nobody has no weight")
        owner = entry["betrays"].word(owners) if "betrays" in entry else None
        is_weak = "weight" in entry and entry["weight"].word({"weak": True, "strong": False})
        rows.append(SelectorRow(entry["name"].text(), owner, is_weak))
    return tuple(rows)


def read_guesses(reader: RuleReader, selectors: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Read which selectors are asked first where no owner names its own."""
    return {key: place.words(selectors) for key, place in reader.table(_GUESSES).items()}


def _provider_row(place: RuleReader, rank: int, selectors: Mapping[str, str]) -> SignatureRow:
    entry = place.table(("name", "class", "kind", "source", "mx"), (*_COLUMNS[1:], "txt", "selectors"))
    provider = entry["class"].word(_PROVIDERS)
    kind = entry["kind"].word({str(kind): kind for kind in _KINDS[provider]})
    name = entry["name"].text()
    owner = Owner(
        name=name,
        label=name if provider in _BRANDED and kind is not OwnerKind.PANEL else str(provider),
        kind=kind,
        provider=provider,
        rank=rank,
        is_verified=entry["source"].word(_SOURCES),
        selectors=entry["selectors"].words(selectors) if "selectors" in entry else (),
    )
    vendors = entry["txt"].words({vendor: vendor for vendor in VENDORS}) if "txt" in entry else ()
    return _row(place, entry, owner, vendors)


def _gateway_row(place: RuleReader, rank: int) -> SignatureRow:
    entry = place.table(("id", "name", "source", "mx"), ("spf",))
    label = entry["id"].text()
    if not _GATEWAY_ID.fullmatch(label):
        raise entry["id"].error(f'"{label}" is no short id')
    name, is_verified = entry["name"].text(), entry["source"].word(_SOURCES)
    owner = Owner(name, label, OwnerKind.GATEWAY, Provider.UNKNOWN, rank=rank, is_verified=is_verified)
    return _row(place, entry, owner, ())


def _row(place: RuleReader, entry: dict[str, RuleReader], owner: Owner, vendors: tuple[str, ...]) -> SignatureRow:
    mx, spf, dkim, autodiscover = (
        tuple(_claim(pattern, owner) for pattern in entry[column].rows()) if column in entry else ()
        for column in _COLUMNS
    )
    return SignatureRow(place.path, owner, mx, spf, dkim, autodiscover, vendors)


def _claim(place: RuleReader, owner: Owner) -> Claim:
    if isinstance(place.value, str):
        return Claim(place.path, HostPattern(_labels(place)), owner)
    entry = place.table(("suffix",), ("starts", "without"))
    if len(entry) == 1:
        raise place.error("a pattern without conditions is written as its suffix alone")
    starts = entry["starts"].text() if "starts" in entry else ""
    without = tuple(_labels(label) for label in entry["without"].rows()) if "without" in entry else ()
    return Claim(place.path, HostPattern(_labels(entry["suffix"]), starts, without), owner)


def _labels(place: RuleReader) -> str:
    text = place.text()
    if not _NAME.fullmatch(text):
        raise place.error(f'"{text}" is no host name in lower case')
    return text


def _refuse_namesake(place: RuleReader, name: str, taken: dict[str, str]) -> None:
    if name in taken:
        raise place.error(f'"{name}" is named already in {taken[name]}')
    taken[name] = place.path

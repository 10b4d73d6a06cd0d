"""The five files, each opened as what it is and asked for the facts that it knows.

In: a path. Out: a source that adds its facts to those of the files before it, by the precedence of the specification.
IP2Location and IP2Proxy come in the vendor's BIN form or as MaxMind DB files; which one it is, the file itself tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from hunter.collectors.network.address import Address
from hunter.collectors.network.address_file import AddressFile, AddressFileUnusable, FileContent, FileState
from hunter.collectors.network.bin_file import BinFile, BinLayout
from hunter.collectors.network.mmdb_file import MMDBFile

_LONGEST: Final = 255
#: Where the metadata of a MaxMind DB file begins, within its last 128 KiB.
_MMDB_MARK: Final = b"\xab\xcd\xefMaxMind.com"
_MMDB_TAIL: Final = 128 * 1024

#: Columns by edition as the vendor's libraries know them; the field `country` is the two-letter code.
IP2LOCATION: Final = BinLayout(
    "IP2Location DB",
    1,
    {
        "country": (2,) * 26,
        "city": (0, 0) + (4,) * 24,
        "isp": (0, 3, 0, 5, 0, 7, 5, 7, 0, 8, 0, 9, 0, 9, 0, 9, 0, 9, 7, 9, 0, 9, 7, 9, 9, 9),
        "usage_type": (0,) * 22 + (12, 20, 20, 20),
    },
)
IP2PROXY: Final = BinLayout("IP2Proxy PX", 2, {"country": (2,) + (3,) * 11, "proxy_type": (0,) + (2,) * 11})
#: Listed by IP2Proxy for other reasons than being a proxy: data centres, search engines, AI crawlers.
NO_PROXIES: Final = frozenset({"DCH", "SES", "AIC"})


@dataclass(slots=True)
class FileFacts:
    """The facts of one address while files add to them."""

    asn: int | None = None
    asn_org: str | None = None
    isp: str | None = None
    country: str | None = None
    city: str | None = None
    usage_type: str | None = None
    is_proxy: bool | None = None
    proxy_type: str | None = None


class FileSource(Protocol):
    """An open file that knows something of addresses."""

    @property
    def content(self) -> FileContent: ...

    def add(self, address: Address, facts: FileFacts) -> None:
        """Add what is known of an address; raises `AddressFileUnusable`."""
        ...


def open_file(file: AddressFile, path: Path) -> FileSource:
    """Open a file as what its setting says it is; raises `AddressFileUnusable` naming it."""
    if not path.is_file():
        raise AddressFileUnusable(path.name, FileState.MISSING, "is not there")
    if file is AddressFile.IP2LOCATION:
        return _MMDBLocation(MMDBFile(path)) if _is_mmdb(path) else _BinLocation(BinFile(path, IP2LOCATION))
    if file is AddressFile.IP2PROXY:
        return _MMDBProxy(MMDBFile(path)) if _is_mmdb(path) else _BinProxy(BinFile(path, IP2PROXY))
    return _open_maxmind(file, path)


def _is_mmdb(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _MMDB_TAIL))
            return _MMDB_MARK in file.read()
    except OSError as error:
        raise AddressFileUnusable(path.name, FileState.DAMAGED, f"cannot be read: {error}") from error


def _open_maxmind(file: AddressFile, path: Path) -> FileSource:
    opened = MMDBFile(path)
    words, make = _MAXMIND[file]
    edition = opened.content.edition.lower()
    if not any(word in edition for word in words):
        opened.close()
        problem = f"holds {opened.content.edition}, which is no {words[0].upper()} data"
        raise AddressFileUnusable(path.name, FileState.WRONG_KIND, problem)
    return make(opened)


class _MMDBSource:
    def __init__(self, file: MMDBFile) -> None:
        self._get = file.get
        self.content = file.content


class _MaxMindASN(_MMDBSource):
    def add(self, address: Address, facts: FileFacts) -> None:
        record = self._get(address)
        if record is not None:
            number = record.get("autonomous_system_number")
            facts.asn = number if type(number) is int else None
            facts.asn_org = _text(record.get("autonomous_system_organization"))
            facts.isp = _text(record.get("isp"))


class _MaxMindCity(_MMDBSource):
    def add(self, address: Address, facts: FileFacts) -> None:
        record = self._get(address)
        if record is not None:
            facts.country = _text(_below(record, "country", "iso_code"))
            facts.city = _text(_below(record, "city", "names", "en"))


class _MaxMindCountry(_MMDBSource):
    def add(self, address: Address, facts: FileFacts) -> None:
        if facts.country is None and (record := self._get(address)) is not None:
            facts.country = _text(_below(record, "country", "iso_code"))


class _BinLocation:
    def __init__(self, file: BinFile) -> None:
        self._get = file.get
        self.content = file.content

    def add(self, address: Address, facts: FileFacts) -> None:
        row = self._get(address)
        if row is not None:
            country, city, isp, usage_type = row
            facts.country = facts.country or country
            facts.city = facts.city or city
            facts.isp = isp or facts.isp
            facts.usage_type = usage_type


class _BinProxy:
    def __init__(self, file: BinFile) -> None:
        self._get = file.get
        self.content = file.content
        #: The first edition lists the country of proxies and nothing else.
        self._has_types = file.content.edition != f"{IP2PROXY.name}1"

    def add(self, address: Address, facts: FileFacts) -> None:
        row = self._get(address)
        if row is not None:
            country, proxy_type = row
            listed = proxy_type if self._has_types else country
            facts.is_proxy = listed is not None and proxy_type not in NO_PROXIES
            facts.proxy_type = proxy_type


class _MMDBLocation(_MMDBSource):
    """The vendor's MaxMind DB edition: places as MaxMind nests them, its own fields flat or among the traits."""

    def add(self, address: Address, facts: FileFacts) -> None:
        record = self._get(address)
        if record is not None:
            country = _below(record, "country", "iso_code") or record.get("country_code")
            city = _below(record, "city", "names", "en") or record.get("city_name")
            facts.country = facts.country or _text(country)
            facts.city = facts.city or _text(city)
            facts.isp = _text(record.get("isp") or _below(record, "traits", "isp")) or facts.isp
            facts.usage_type = _text(record.get("usage_type") or _below(record, "traits", "usage_type"))


class _MMDBProxy(_MMDBSource):
    def add(self, address: Address, facts: FileFacts) -> None:
        record = self._get(address)
        proxy_type = _text(record.get("proxy_type") or _below(record, "traits", "proxy_type")) if record else None
        # This edition lists proxies only: an address that it does not hold is none.
        facts.is_proxy = proxy_type is not None and proxy_type not in NO_PROXIES
        facts.proxy_type = proxy_type


_MAXMIND: Final[dict[AddressFile, tuple[tuple[str, ...], Callable[[MMDBFile], FileSource]]]] = {
    AddressFile.MAXMIND_ASN: (("asn", "isp", "enterprise"), _MaxMindASN),
    AddressFile.MAXMIND_CITY: (("city", "enterprise", "insights"), _MaxMindCity),
    AddressFile.MAXMIND_COUNTRY: (("country", "city", "enterprise"), _MaxMindCountry),
}


def _below(record: Mapping[str, Any], *keys: str) -> object:
    """Return what lies below these keys; None where anything on the way is missing or of another kind."""
    found: object = record
    for key in keys:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found


def _text(value: object) -> str | None:
    if not isinstance(value, str) or value in ("", "-"):
        return None
    return value[:_LONGEST]

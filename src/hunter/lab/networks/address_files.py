"""Invented networks and the five address files that hold them: for tests, benchmarks and the demo.

In: how many networks. Out: rows that say the truth about each, and files in the vendors' formats. Networks lie in
240.0.0.0/4 and 2001:db8::/32, which belong to nobody, so nothing is said of anybody's network.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from hunter.lab.networks.address_bin import NOTHING, BinEdition, write_bin
from hunter.lab.networks.address_mmdb import write_mmdb

BUILT_ON: Final = date(2026, 2, 17)
#: File names by the word of their setting.
FILE_NAMES: Final = {
    "maxmind_asn": "GeoLite2-ASN.mmdb",
    "maxmind_city": "GeoLite2-City.mmdb",
    "maxmind_country": "GeoLite2-Country.mmdb",
    "ip2location": "IP2LOCATION-DB24.BIN",
    "ip2proxy": "IP2PROXY-PX4.BIN",
}
#: IP2Location DB24 has 20 columns, the usage type last; IP2Proxy PX4 has 6: type, country, region, city, ISP.
DB24: Final = BinEdition(product=1, edition=24, columns=20, country=2)
PX4: Final = BinEdition(product=2, edition=4, columns=6, country=3)

_FIRST_IPV4: Final = 0xF0000000
_FIRST_IPV6: Final = 0x20010DB8 << 96
_SITES: Final = 60_000
_COUNTRIES: Final = (("TR", 792, "Istanbul"), ("TR", 792, "Bursa"), ("DE", 276, "Falkenstein"), ("NL", 528, "Almere"))
_USAGES: Final = ("DCH", "COM", "ISP", "RES", "MOB", "GOV", "EDU", NOTHING)
_PROXIES: Final = (NOTHING,) * 13 + ("VPN", "TOR", "DCH")
_LANGUAGES: Final = ("de", "en", "es", "fr", "ja", "pt-BR", "ru", "zh-CN")


@dataclass(frozen=True, slots=True)
class InventedNetwork:
    """The truth about one network."""

    network: IPv4Network | IPv6Network
    asn: int
    asn_org: str
    country: str
    city: str
    isp: str
    #: `-` where the vendor does not know.
    usage_type: str = NOTHING
    proxy_type: str = NOTHING


def invented_networks(count: int, *, seed: int = 1) -> Iterator[InventedNetwork]:
    """Yield so many networks, the same for the same seed: nine of ten are IPv4 /24, one is IPv6 /48."""
    ipv6 = min(count // 10, _SITES)
    for number in range(count - ipv6):
        # Spread over the whole range, so that the tree is as deep and as wide as a real one.
        place = (number * 648_391 + seed) % (1 << 20)
        yield _network(IPv4Network((_FIRST_IPV4 + (place << 8), 24)), place, seed)
    for number in range(ipv6):
        yield _network(IPv6Network((_FIRST_IPV6 + (number << 80), 48)), number + (1 << 20), seed)


def _network(network: IPv4Network | IPv6Network, place: int, seed: int) -> InventedNetwork:
    chance = crc32(b"%d %d" % (place, seed))
    operator = chance % 5_000
    country, _, city = _COUNTRIES[chance % len(_COUNTRIES)]
    return InventedNetwork(
        network,
        asn=4_200_000_000 + operator,
        asn_org=f"Network Operator {operator} Ltd",
        country=country,
        city=city,
        isp=f"Operator {operator}",
        usage_type=_USAGES[(chance >> 8) % len(_USAGES)],
        proxy_type=_PROXIES[(chance >> 16) % len(_PROXIES)],
    )


def write_address_files(folder: Path, networks: Iterable[InventedNetwork]) -> dict[str, Path]:
    """Write all five files; returns their paths by the word of their setting."""
    rows = sorted(networks, key=lambda row: (row.network.version, row.network.network_address))
    epoch = int(datetime(BUILT_ON.year, BUILT_ON.month, BUILT_ON.day, tzinfo=UTC).timestamp())
    contents = {
        "maxmind_asn": _mmdb([(row.network, _asn(row.asn, row.asn_org)) for row in rows], "GeoLite2-ASN", epoch),
        "maxmind_city": _mmdb(
            [(row.network, _city(row.country, row.city, row.asn % 1000)) for row in rows], "GeoLite2-City", epoch
        ),
        "maxmind_country": _mmdb([(row.network, _country(row.country)) for row in rows], "GeoLite2-Country", epoch),
        "ip2location": write_bin(((row.network, _location(row)) for row in rows), DB24, BUILT_ON),
        "ip2proxy": write_bin(((row.network, _proxy(row)) for row in rows), PX4, BUILT_ON),
    }
    paths = {kind: folder / name for kind, name in FILE_NAMES.items()}
    for kind, path in paths.items():
        path.write_bytes(contents[kind])
    return paths


def _mmdb(rows: Sequence[tuple[IPv4Network | IPv6Network, dict[str, Any]]], kind: str, epoch: int) -> bytes:
    return write_mmdb(rows, database_type=kind, build_epoch=epoch)


@cache
def _asn(number: int, organisation: str) -> dict[str, Any]:
    return {"autonomous_system_number": number, "autonomous_system_organization": organisation}


@cache
def _country(code: str) -> dict[str, Any]:
    geoname = next((number for known, number, _ in _COUNTRIES if known == code), 1)
    country = {"geoname_id": geoname, "iso_code": code, "names": _names(code)}
    continent = {"code": "EU", "geoname_id": 6_255_148, "names": _names("Europe")}
    return {"continent": continent, "country": country, "registered_country": country}


@cache
def _city(code: str, city: str, place: int) -> dict[str, Any]:
    """Return a record as large as those of real files: names in eight languages, region, place and post code."""
    return {
        "city": {"geoname_id": crc32(city.encode()), "names": _names(city)},
        **_country(code),
        "location": {
            "accuracy_radius": 20,
            "latitude": place / 25,
            "longitude": 90.0 - place / 25,
            "time_zone": "Europe/Istanbul",
        },
        "postal": {"code": str(10_000 + place)},
        "subdivisions": [{"geoname_id": place % 81, "iso_code": "34", "names": _names(f"{city} region")}],
    }


def _names(name: str) -> dict[str, str]:
    return {language: name if language == "en" else f"{name} ({language})" for language in _LANGUAGES}


def _location(row: InventedNetwork) -> list[str]:
    columns = [NOTHING] * (DB24.columns - 1)
    # Columns 2, 3, 4, 9 and 20 of DB24: country, region, city, ISP, usage type.
    columns[0], columns[1], columns[2] = row.country, f"{row.city} region", row.city
    columns[7], columns[18] = row.isp, row.usage_type
    return columns


def _proxy(row: InventedNetwork) -> list[str]:
    if row.proxy_type == NOTHING:
        return [NOTHING] * (PX4.columns - 1)
    return [row.proxy_type, row.country, f"{row.city} region", row.city, row.isp]

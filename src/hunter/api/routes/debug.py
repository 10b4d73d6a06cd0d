"""Debug: what is known of IP addresses. Every path needs the admin token."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Final

from fastapi import Path, Query

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.debug import EnrichmentConfig, EnrichmentLookup
from hunter.core.errors import InvalidInput
from hunter.edge.dependencies import AddressContext
from hunter.edge.guards import RouteGuard
from hunter.services.addresses import AddressLookup, configured_files, look_up_address

#: Address files by name, with the setting that names each.
FILES: Final[Mapping[str, str]] = {
    "maxmind_asn": "MAXMIND_ASN_DB",
    "maxmind_city": "MAXMIND_CITY_DB",
    "maxmind_country": "MAXMIND_COUNTRY_DB",
    "ip2location": "IP2LOCATION_DB",
    "ip2proxy": "IP2PROXY_DB",
}

AddressInPath = Annotated[
    str, Path(description="An IPv4 or IPv6 address", examples=["192.0.2.1"], min_length=1, max_length=64)
]
UseCache = Annotated[bool, Query(description="Whether a cached result is acceptable", examples=[True])]


async def enrichment_config(lookup: AddressContext) -> EnrichmentConfig:
    """Return which IP address files are configured and loaded."""
    found = _configured(lookup)
    return EnrichmentConfig(
        enrichment_enabled=lookup.files is not None,
        config=found,
        availability={"at_least_one_db_available": any(found.values())},
        environment_variable_names=list(FILES.values()),
    )


async def enrichment_lookup(ip: AddressInPath, lookup: AddressContext, use_cache: UseCache = True) -> EnrichmentLookup:
    """Return what the address files and the database know of an IP address."""
    try:
        address = str(ip_address(ip))
    except ValueError as error:
        raise InvalidInput(f"{ip!r} is no IP address") from error
    known = await look_up_address(lookup, address)
    found = _configured(lookup)
    return EnrichmentLookup(
        ip=address,
        enrichment_enabled=lookup.files is not None,
        config=found,
        availability={"at_least_one_db_available": any(found.values())},
        # A look into the files takes microseconds: nothing is kept of it.
        cache={"cached": False, "cached_result": None},
        enrichment={"result": known.facts, "has_data": known.facts is not None},
        database={"record_exists": known.record is not None, "record": known.record},
    )


def _configured(lookup: AddressLookup) -> dict[str, bool]:
    there = configured_files(lookup)
    return {name: there.get(name, False) for name in FILES}


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/debug/ip-enrichment/config",
        handler=enrichment_config,
        guard=RouteGuard.ADMIN,
        tag="debug",
        summary="IP address files: configuration",
        answer=EnrichmentConfig,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/debug/ip-enrichment/{ip}",
        handler=enrichment_lookup,
        guard=RouteGuard.ADMIN,
        tag="debug",
        summary="IP address look-up",
        answer=EnrichmentLookup,
        served=Served.PLAIN,
        refusals=(400, 503),
    ),
)

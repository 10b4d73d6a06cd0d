"""IP addresses: what the address files of this machine and the database know of one, for those who look after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hunter.services.ports import AddressEnrichment, OpenUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLookup:
    """What looking up an address needs."""

    reads: OpenUnit
    #: None while the flag is off.
    files: AddressEnrichment | None = None


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """What is known of one address; None where nothing is."""

    facts: Mapping[str, Any] | None
    #: The row that the database keeps.
    record: Mapping[str, Any] | None


def configured_files(lookup: AddressLookup) -> Mapping[str, bool]:
    """Say of each file whether it is there; of none while the flag is off."""
    return lookup.files.configured() if lookup.files is not None else {}


async def look_up_address(lookup: AddressLookup, address: str) -> KnownAddress:
    """Return what files and database say of an IP address."""
    async with lookup.reads() as unit:
        record = await unit.addresses.find(address)
    return KnownAddress(lookup.files.look_up(address) if lookup.files is not None else None, record)

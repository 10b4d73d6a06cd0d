"""The network collector: the addresses of a domain's hosts in, what address files say of them out. The door here.

It asks nobody: files lie on this machine. Who hosts mail and who hosts the web are two answers.
"""

from dataclasses import dataclass
from typing import Final

from hunter.collectors.network.address import parse_address
from hunter.collectors.network.databases import AddressDatabases
from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.signals import NOT_ASKED, Found, Signal, Unknown

#: Why nothing is known of an address that DNS gave: no file can be asked, none of them lists it, or one that might is
#: damaged.
NO_FILES: Final = Unknown("no_files")
NOT_LISTED: Final = "not_listed"
DAMAGED_FILE: Final = "damaged_file"
REASONS: Final = (NO_FILES.reason, NOT_LISTED, DAMAGED_FILE)


@dataclass(frozen=True, slots=True)
class HostAddresses:
    """What DNS says of the addresses of a domain's hosts; a failed look-up is `Unknown`, no address `Absent`."""

    #: A and AAAA of the first MX host.
    mx: Signal[tuple[str, ...]] = NOT_ASKED
    #: A and AAAA of the domain itself.
    web: Signal[tuple[str, ...]] = NOT_ASKED


class NetworkCollector:
    """Collects network evidence from the files of this process; may be shared by threads."""

    def __init__(self, databases: AddressDatabases) -> None:
        self._databases = databases

    def collect(self, addresses: HostAddresses) -> NetworkEvidence:
        """Return the facts of both hosts; never raises for what DNS or a file said."""
        return NetworkEvidence(self._look_up(addresses.mx), self._look_up(addresses.web))

    def _look_up(self, addresses: Signal[tuple[str, ...]]) -> Signal[AddressFacts]:
        if not isinstance(addresses, Found):
            return addresses
        if self._databases.is_empty:
            return NO_FILES
        given = _in_order(addresses.value)
        for address in given:
            facts = self._databases.facts(address)
            if facts is not None:
                return Found(facts, given)
        return Unknown(DAMAGED_FILE if self._databases.is_damaged else NOT_LISTED, given)


def _in_order(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses IPv4 first and by number: a server that deals them out in turns must not look like news."""
    parsed = set(map(parse_address, addresses))
    return tuple(one.text for one in sorted(filter(None, parsed), key=lambda one: (one.is_ipv6, one.number)))

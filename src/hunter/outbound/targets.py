"""Targets that the guard lets through although they are not public: an explicit list, never a bypass.

In: texts such as `10.2.0.0/16`, `::1`, `lab.example` or `127.0.0.1:4343`. Out: an `AllowedTargets` that answers for a
host, an address and a port. The lab's servers and what an operator names stand here and nothing else does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeAlias

from hunter.outbound.addresses import Address

Network: TypeAlias = IPv4Network | IPv6Network


class InvalidTarget(ValueError):
    """A text names no target; the message says which and why. Who reads settings translates it."""


@dataclass(frozen=True, slots=True)
class AllowedTargets:
    """Hosts and networks, each with the one port that is meant or with every port."""

    #: Host name in lower case, and the port, 0 for every port: what the name resolves to is let through.
    hosts: frozenset[tuple[str, int]] = frozenset()
    #: Network, and the port, 0 for every port.
    networks: tuple[tuple[Network, int], ...] = ()

    def allows(self, host: str, address: Address, port: int) -> bool:
        """Say whether this list lets a call through: by the name that was asked for, or by the address."""
        name = host.lower().rstrip(".")
        if (name, port) in self.hosts or (name, 0) in self.hosts:
            return True
        return any(address in network and allowed in (0, port) for network, allowed in self.networks)

    def with_target(self, host: str, port: int) -> "AllowedTargets":
        """Return the list with one more host or address, at this port only."""
        more = parse_targets([f"[{host}]:{port}" if ":" in host else f"{host}:{port}"])
        return AllowedTargets(self.hosts | more.hosts, self.networks + more.networks)


_LONGEST_NAME: Final = 253
NO_TARGETS: Final = AllowedTargets()


def parse_targets(texts: Iterable[str]) -> AllowedTargets:
    """Read `NETWORK`, `ADDRESS` or `HOST`, each with `:PORT` where one port is meant (IPv6 with a port in brackets).

    Raises `InvalidTarget` naming the text that is none of these.
    """
    hosts: set[tuple[str, int]] = set()
    networks: list[tuple[Network, int]] = []
    for text in texts:
        host, port = _split(text.strip())
        try:
            networks.append((ip_network(host), port))
        except ValueError as error:
            if not is_host_name(host):
                raise InvalidTarget(f"{text!r} is no network, address or host: {error}") from error
            hosts.add((host.lower().rstrip("."), port))
    return AllowedTargets(frozenset(hosts), tuple(networks))


def _split(text: str) -> tuple[str, int]:
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise InvalidTarget(f"{text!r} has no port from 1 to 65535")
    return host, int(port or 0)


def is_host_name(text: str) -> bool:
    """Say whether a text has the form of a host name in ASCII; an address has not."""
    labels = text.rstrip(".").split(".")
    is_name = all(label and label.isascii() and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return is_name and len(text) <= _LONGEST_NAME and not labels[-1].isdigit()

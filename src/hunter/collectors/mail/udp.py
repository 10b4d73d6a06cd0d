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
        port = self.take(now, 1)
        [identifier] = self.identifiers(port, 1)
        try:
            port.socket.send(identifier + body)
        except ConnectionRefusedError:
            # The system tells here what became of an earlier packet; this one was not sent. What becomes of it will be
            # heard on the receiving side, where it is heard for all.
            port.socket.send(identifier + body)
        port.pending[identifier] = waiting
        return port.pending, identifier

    def take(self, now: float, count: int) -> Port[W]:
        """Return the port whose turn it is, for so many questions; raises OSError where none can be opened."""
        if len(self._ports) < self._count:
            port: Port[W] = Port(self._address, now)
            self._ports.append(port)
            self._watch(port)
        else:
            self._turn = (self._turn + 1) % self._count
            port = self._ports[self._turn]
        port.asked += count
        return port

    def identifiers(self, port: Port[W], count: int) -> list[bytes]:
        """Return so many unguessable message ids, different from each other, under which nothing waits on the port."""
        at, self._next_id = self._next_id, self._next_id + 2 * count
        if self._next_id > len(self._ids):
            self._ids, at, self._next_id = os.urandom(_IDS_AT_ONCE), 0, 2 * count
        ids = self._ids
        fresh = [ids[place : place + 2] for place in range(at, at + 2 * count, 2)]
        pending = port.pending
        if len(set(fresh)) < count or not pending.keys().isdisjoint(fresh):
            # The draw met an id in use: keep what is free, draw the rest one by one.
            free = dict.fromkeys([identifier for identifier in fresh if identifier not in pending])
            while len(free) < count:
                if (drawn := os.urandom(2)) not in pending:
                    free[drawn] = None
            return list(free)
        return fresh

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

    def _close(self, port: Port[W]) -> None:
        self._unwatch(port)
        port.socket.close()

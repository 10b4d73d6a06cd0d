"""The TCP side of the name server: many connections, many questions on each (RFC 7766), answers in frames."""

import socket
from collections.abc import Callable
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from struct import pack
from time import monotonic
from typing import Final

from hunter.lab.dns.faults import TCPService
from hunter.lab.dns.postponed import Postponed
from hunter.lab.dns.responder import Responder

_MOST_CONNECTIONS: Final = 512
_IDLE_SECONDS: Final = 60.0
_CHUNK: Final = 65536
# A client that asks and never reads is let go when this much waits for it.
_MOST_WAITING: Final = 4 << 20


class _Connection:
    """One client: what it sent and we have not read, what we wrote and it has not taken."""

    __slots__ = ("arrived", "is_open", "last_heard", "leaving", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.arrived = bytearray()
        self.leaving = bytearray()
        self.last_heard = monotonic()
        self.is_open = True


class TCPClients:
    """Accepts connections and answers what comes over them."""

    def __init__(
        self,
        listener: socket.socket,
        selector: BaseSelector,
        *,
        responder: Responder,
        postponed: Postponed,
        service: TCPService,
    ) -> None:
        self._listener = listener
        self._selector = selector
        self._responder = responder
        self._postponed = postponed
        self._service = service
        self._connections: dict[int, _Connection] = {}
        #: Messages that came in, and how many of them were answered.
        self.questions = 0
        self.answers = 0
        selector.register(listener, EVENT_READ, self._accept)

    def close(self) -> None:
        """Let all clients go and stop listening."""
        for connection in list(self._connections.values()):
            self._drop(connection)
        self._selector.unregister(self._listener)
        self._listener.close()

    def _accept(self, _: int) -> None:
        try:
            sock, _address = self._listener.accept()
        except OSError:
            return
        self._let_idle_clients_go()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(sock)
        self._connections[sock.fileno()] = connection
        self._selector.register(sock, EVENT_READ, self._listening_to(connection))

    def _listening_to(self, connection: _Connection) -> Callable[[int], None]:
        def on_event(events: int) -> None:
            if events & EVENT_WRITE:
                self._flush(connection)
            if events & EVENT_READ and connection.is_open:
                self._read(connection)

        return on_event

    def _let_idle_clients_go(self) -> None:
        now = monotonic()
        for connection in list(self._connections.values()):
            if now - connection.last_heard > _IDLE_SECONDS or len(self._connections) >= _MOST_CONNECTIONS:
                self._drop(connection)

    def _read(self, connection: _Connection) -> None:
        try:
            chunk = connection.sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._drop(connection)
            return
        connection.last_heard = monotonic()
        connection.arrived += chunk
        self._take_questions(connection)

    def _take_questions(self, connection: _Connection) -> None:
        arrived = connection.arrived
        start = 0
        while connection.is_open and len(arrived) - start >= 2:
            end = start + 2 + int.from_bytes(arrived[start : start + 2], "big")
            if end > len(arrived):
                break
            self._answer(connection, bytes(arrived[start + 2 : end]))
            start = end
        del arrived[:start]

    def _answer(self, connection: _Connection, packet: bytes) -> None:
        self.questions += 1
        reaction = self._responder.react(packet, by_tcp=True)
        if self._service is TCPService.HANG or not reaction.messages:
            return
        self.answers += 1
        for message in reaction.messages:
            if reaction.slow_ms or self._postponed.delays_all:
                self._postponed.add(self._send, message, connection, reaction.slow_ms / 1000)
            else:
                self._send(message, connection)

    def _send(self, message: bytes, connection: _Connection) -> None:
        if not connection.is_open:
            return
        frame = pack("!H", len(message)) + message
        if self._service is TCPService.CUT:
            connection.leaving += frame[: len(frame) // 2]
            self._flush(connection)
            self._drop(connection)
            return
        connection.leaving += frame
        self._flush(connection)

    def _flush(self, connection: _Connection) -> None:
        try:
            sent = connection.sock.send(connection.leaving)
            del connection.leaving[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(connection)
            return
        if len(connection.leaving) > _MOST_WAITING:
            self._drop(connection)
            return
        events = EVENT_READ | EVENT_WRITE if connection.leaving else EVENT_READ
        key = self._selector.get_key(connection.sock)
        if key.events != events:
            self._selector.modify(connection.sock, events, key.data)

    def _drop(self, connection: _Connection) -> None:
        if connection.is_open:
            connection.is_open = False
            self._selector.unregister(connection.sock)
            del self._connections[connection.sock.fileno()]
            connection.sock.close()

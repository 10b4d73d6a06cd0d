"""A fast name server over UDP and TCP on one port: sockets and the short way from a question to its ready answer.

In comes a world (`lab.dns.worlds`) and its faults; what is not plain goes the careful way of
`lab.dns.responder`. One thread, one loop; about 9 microseconds for a UDP answer, two thirds of them in the kernel.
"""

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Final

from hunter.lab.dns.answers import OPT_RECORD
from hunter.lab.dns.faults import NO_FAULTS, Behaviour, Faults, TCPService
from hunter.lab.dns.postponed import Postponed, Send
from hunter.lab.dns.query import Query, read_query
from hunter.lab.dns.responder import Responder
from hunter.lab.dns.statistics import ServerStatistics
from hunter.lab.dns.tcp_clients import TCPClients
from hunter.lab.dns.wire import PLAIN_SIZE
from hunter.lab.dns.worlds import ServedWorld
from hunter.lab.errors import AddressUnavailable

_BUFFER_BYTES: Final = 4 << 20
_CONNECTION_BUFFER_BYTES: Final = 256 << 10
_BACKLOG: Final = 512
# Datagrams taken at one waking before timers and TCP have their turn.
_BATCH: Final = 512
_LONGEST_QUERY: Final = 4096
# A free UDP port may be taken for TCP; then another pair is tried.
_PORT_TRIES: Final = 20
# Header bytes 2 to 12 of a plain question: recursion desired, one question, nothing else.
_PLAIN_HEAD: Final = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
_EDNS_HEAD: Final = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01"
# Forms of OPT records that the short way has learned; a client uses one or two.
_MOST_SHAPES: Final = 64


class NameServer:
    """Serves one world on one address until it is closed."""

    def __init__(
        self, world: ServedWorld, faults: Faults = NO_FAULTS, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        """Bind the sockets; port 0 takes a free one. Raises `AddressUnavailable`."""
        self._world = world
        self._responder = Responder(world, faults)
        self._postponed = Postponed(faults)
        self._selector = DefaultSelector()
        self._udp, listener = _open_sockets(host, port, with_tcp=faults.tcp is not TCPService.REFUSE)
        #: The address as it was asked for, and the port that was really taken.
        self.host = host
        self.port: int = self._udp.getsockname()[1]
        self._send: Send = self._postpone if self._postponed.delays_all else self._udp.sendto
        self._throw = None if self._responder.dice.is_idle else self._responder.dice.outcome
        # What stands around the question of a packet -> largest answer by EDNS, 0 without EDNS.
        self._shapes: dict[bytes, int] = {_PLAIN_HEAD: 0}
        self._questions = self._answers = 0
        self._tcp: TCPClients | None = None
        if listener is not None:
            self._tcp = TCPClients(
                listener,
                self._selector,
                responder=self._responder,
                postponed=self._postponed,
                service=faults.tcp,
            )
        self._selector.register(self._udp, EVENT_READ, self._drain)
        self._waker, self._woken = socket.socketpair()
        self._selector.register(self._woken, EVENT_READ, self._stop)
        self._is_serving = True

    def statistics(self) -> ServerStatistics:
        """Return what has been done so far."""
        by_tcp, tcp_answers = (self._tcp.questions, self._tcp.answers) if self._tcp else (0, 0)
        return ServerStatistics(self._questions + by_tcp, self._answers + tcp_answers, by_tcp)

    def watch(self, channel: Any, on_ready: Callable[[int], None]) -> None:
        """Call `on_ready` from the loop whenever `channel` (anything with a file number) can be read."""
        self._selector.register(channel, EVENT_READ, on_ready)

    def serve_forever(self) -> None:
        """Answer until `close` is called, from here or from another thread; then free everything."""
        try:
            while self._is_serving:
                for key, events in self._selector.select(self._postponed.seconds_to_next()):
                    key.data(events)
                self._postponed.send_due()
        finally:
            self._free()

    def close(self) -> None:
        """End `serve_forever` soon; may be called from any thread and more than once."""
        with suppress(OSError):
            self._waker.send(b"x")

    def _stop(self, _: int) -> None:
        self._is_serving = False

    def _free(self) -> None:
        if self._tcp is not None:
            self._tcp.close()
        self._selector.close()
        for sock in (self._udp, self._waker, self._woken):
            sock.close()

    def _drain(self, _: int) -> None:
        """Answer the datagrams that are waiting, up to a batch. Each line here is paid for with every question."""
        receive, send, throw = self._udp.recvfrom, self._send, self._throw
        quick, shapes, join = self._world.quick, self._shapes, b"".join
        received = answered = 0
        try:
            while received < _BATCH:
                packet, client = receive(_LONGEST_QUERY)
                received += 1
                end = packet.find(0, 12) + 5
                question = packet[12:end]
                # Lengths of labels are below 64 and so no letters: the wire name can be lowered as it is.
                key = question.lower()
                outcome = None if throw is None else throw(key)
                size = shapes.get(packet[2:12] + packet[end:])
                ready = None if size is None or outcome is not None else quick(key)
                if ready is not None:
                    plain, edns, body = ready
                    if size:
                        response = join((packet[:2], edns, question, body, OPT_RECORD))
                    else:
                        response, size = join((packet[:2], plain, question, body)), PLAIN_SIZE
                    if len(response) <= size:
                        send(response, client)
                        answered += 1
                        continue
                answered += self._answer_carefully(packet, client, outcome)
        except OSError:
            # Nothing is waiting any more, the socket is full, or a client cannot be reached: UDP may lose packets.
            pass
        self._questions += received
        self._answers += answered

    def _answer_carefully(self, packet: bytes, client: Any, outcome: Behaviour | None) -> bool:
        self._learn_shape(packet)
        reaction = self._responder.react_by_udp(packet, outcome)
        for message in reaction.messages:
            if reaction.slow_ms:
                self._postponed.add(self._send_late, message, client, reaction.slow_ms / 1000)
            else:
                self._send(message, client)
        return bool(reaction.messages)

    def _learn_shape(self, packet: bytes) -> None:
        """Remember how this client writes its OPT record, where nothing about it needs care."""
        rest = packet[packet.find(0, 12) + 5 :]
        shape = packet[2:12] + rest
        # Eleven bytes are an OPT record without options (RFC 6891 §6.1.2); options may mean anything.
        if len(rest) != len(OPT_RECORD) or packet[2:12] != _EDNS_HEAD or shape in self._shapes:
            return
        query = read_query(packet)
        if isinstance(query, Query) and query.edns_version == 0 and len(self._shapes) < _MOST_SHAPES:
            self._shapes[shape] = query.size

    def _postpone(self, message: bytes, client: Any) -> None:
        self._postponed.add(self._send_late, message, client)

    def _send_late(self, message: bytes, client: Any) -> None:
        with suppress(OSError):
            self._udp.sendto(message, client)


def _open_sockets(host: str, port: int, *, with_tcp: bool) -> tuple[socket.socket, socket.socket | None]:
    """Return a UDP socket and a TCP listener on the same port."""
    tries = 1 if port else _PORT_TRIES
    while True:
        tries -= 1
        try:
            return _open_pair(host, port, with_tcp=with_tcp)
        except OSError as error:
            if tries <= 0:
                raise AddressUnavailable(host, port, error.strerror or str(error)) from error


def _open_pair(host: str, port: int, *, with_tcp: bool) -> tuple[socket.socket, socket.socket | None]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)[0]
    udp = socket.socket(family, socket.SOCK_DGRAM)
    listener = socket.socket(family, socket.SOCK_STREAM) if with_tcp else None
    try:
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            _enlarge(udp, option)
        udp.setblocking(False)
        udp.bind(address)
        if listener is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Connections inherit it: what a client does not read waits with us, where it is counted.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _CONNECTION_BUFFER_BYTES)
            listener.setblocking(False)
            listener.bind(udp.getsockname())
            listener.listen(_BACKLOG)
    except OSError:
        udp.close()
        if listener is not None:
            listener.close()
        raise
    return udp, listener


def _enlarge(sock: socket.socket, option: int) -> None:
    """Ask for 4 MiB; the system may give less. Linux lets root go beyond its limit (SO_RCVBUFFORCE, socket(7))."""
    sock.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
    if sys.platform == "linux":
        forced = {socket.SO_RCVBUF: 33, socket.SO_SNDBUF: 32}[option]
        with suppress(PermissionError):
            sock.setsockopt(socket.SOL_SOCKET, forced, _BUFFER_BYTES)

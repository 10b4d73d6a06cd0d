"""A name server whose every word a test decides: UDP and TCP on one port, in the test's own loop.

In come questions, which the test may look at and wait for; out go the messages that its reaction returns, or those that
the test sends by itself at a moment of its choice.
"""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.message import Message, QueryMessage

#: A message, or bytes that are none.
Sent: TypeAlias = Message | bytes
_PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that arrived."""

    query: QueryMessage
    #: The packet as it came, its letters' case included.
    packet: bytes
    by_tcp: bool
    _send: Callable[[bytes], None]

    @property
    def name(self) -> str:
        """The name asked for, lower case, without the trailing dot."""
        return self.query.question[0].name.to_text(omit_final_dot=True).lower()

    @property
    def has_edns(self) -> bool:
        """Whether the question came with EDNS."""
        return self.query.edns >= 0

    def send(self, *messages: Sent) -> None:
        """Send messages to the one who asked."""
        for message in messages:
            self._send(message if isinstance(message, bytes) else message.to_wire())


#: What is sent at once when a question arrives; nothing is silence.
Reaction: TypeAlias = Callable[[Asked], Iterable[Sent]]


def silence(_: Asked) -> tuple[Sent, ...]:
    """The reaction of a dead server."""
    return ()


def texts(asked: Asked, *values: str) -> Message:
    """Return the answer that holds these TXT records; without any it says that there are none."""
    response = dns.message.make_response(asked.query, recursion_available=True)
    name = asked.query.question[0].name
    if values:
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{value}"' for value in values)))
    else:
        response.authority.append(dns.rrset.from_text("example.", 60, "IN", "SOA", "ns.example. x.example. 1 2 3 4 60"))
    return response


def error(asked: Asked, code: str) -> Message:
    """Return an answer with a response code and nothing else."""
    response = dns.message.make_response(asked.query, recursion_available=True)
    response.set_rcode(dns.rcode.from_text(code))
    return response


def cut(asked: Asked) -> Message:
    """Return an empty answer with TC: come again by TCP."""
    response = texts(asked)
    response.flags |= dns.flags.TC
    return response


class ScriptedServer(asyncio.DatagramProtocol):
    """Use `serve_script`, not the class."""

    def __init__(self, react: Reaction, react_by_tcp: Reaction) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.react = react
        self.react_by_tcp = react_by_tcp
        #: Everything that was asked, in order.
        self.asked: list[Asked] = []
        #: Connections that were opened.
        self.connections = 0
        self._news = asyncio.Condition()
        self._waking: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def until_asked(self, count: int) -> list[Asked]:
        """Return when so many questions have arrived in all; a test that waits in vain fails after ten seconds."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: len(self.asked) >= count)
        return self.asked

    def names(self) -> list[str]:
        """Return the names asked for, in order."""
        return [asked.name for asked in self.asked]

    def speak_through(self, transport: asyncio.DatagramTransport) -> None:
        """Take the UDP socket on which this server was opened."""
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, packet: bytes, address: tuple[str, int]) -> None:
        """See `asyncio.DatagramProtocol`."""
        self._take(packet, lambda message: self._transport.sendto(message, address), by_tcp=False)

    async def serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one TCP client until it goes."""
        self.connections += 1
        self._writers.append(writer)

        def send(message: bytes) -> None:
            writer.write(len(message).to_bytes(2, "big") + message)

        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                self._take(await reader.readexactly(size), send, by_tcp=True)
        writer.close()

    def hang_up(self) -> None:
        """Close every TCP connection."""
        for writer in self._writers:
            writer.close()

    def close(self) -> None:
        """Stop listening by UDP."""
        self._transport.close()

    def _take(self, packet: bytes, send: Callable[[bytes], None], *, by_tcp: bool) -> None:
        query = dns.message.from_wire(packet)
        assert isinstance(query, QueryMessage)
        asked = Asked(query, packet, by_tcp, send)
        self.asked.append(asked)
        asked.send(*(self.react_by_tcp if by_tcp else self.react)(asked))
        task = asyncio.get_running_loop().create_task(self._wake())
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()


def sockets_of_a_free_port(*, with_tcp: bool) -> tuple[socket.socket, socket.socket | None]:
    """Bind UDP, and TCP if wished, to one port of the loopback address that is free for both."""
    while True:
        tcp = socket.create_server(("127.0.0.1", 0)) if with_tcp else None
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # A burst of questions must not be lost in the system before the test sees it.
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        udp.setblocking(False)
        try:
            udp.bind(("127.0.0.1", tcp.getsockname()[1] if tcp else 0))
        except OSError as error:
            udp.close()
            if tcp is None or error.errno != errno.EADDRINUSE:
                raise
            tcp.close()
        else:
            return udp, tcp


@asynccontextmanager
async def serve_script(react: Reaction, by_tcp: Reaction | None = None) -> AsyncIterator[ScriptedServer]:
    """Serve on a free port of the loopback address; without `by_tcp` nobody listens there by TCP."""
    loop = asyncio.get_running_loop()
    by_udp, tcp = sockets_of_a_free_port(with_tcp=by_tcp is not None)
    transport, server = await loop.create_datagram_endpoint(
        lambda: ScriptedServer(react, by_tcp or silence), sock=by_udp
    )
    server.speak_through(transport)
    listener = None if tcp is None else await asyncio.start_server(server.serve_connection, sock=tcp)
    try:
        yield server
    finally:
        server.close()
        if listener is not None:
            listener.close()
            server.hang_up()
            await listener.wait_closed()

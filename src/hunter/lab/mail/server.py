"""A mail server that answers who has a mailbox and takes no message (RFC 5321), or misbehaves as it was asked to.

In: a `MailWorld`. Out: replies over real sockets, and a record of the commands that came, for whoever checks them.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, assert_never

from hunter.lab.mail.troubles import MailFault, MailStep, MailTrouble

_LONGEST_COMMAND: Final = 1024
_LARGE: Final = 4 << 20
_UNKNOWN_USER: Final = "550 5.1.1 No such user here"


@dataclass(frozen=True, slots=True)
class MailWorld:
    """Who has a mailbox, and how the server treats everybody."""

    #: Addresses that are taken.
    mailboxes: frozenset[str] = frozenset()
    #: Replies to RCPT for single addresses, code and text, before anything else.
    replies: Mapping[str, str] = field(default_factory=dict)
    #: Reply to RCPT for every other address.
    otherwise: str = _UNKNOWN_USER
    #: Keywords of the reply to EHLO.
    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 1000000", "8BITMIME")
    #: After so many recipients the server hangs up with 421; 0 is never.
    most_recipients: int = 0
    faults: tuple[MailFault, ...] = ()

    def answer(self, address: str) -> str:
        """Return the reply about an address."""
        if address in self.replies:
            return self.replies[address]
        return "250 2.1.5 OK" if address in self.mailboxes else self.otherwise

    def fault_at(self, step: MailStep) -> MailFault | None:
        """Return the trouble of a step; None where all is well."""
        return next((fault for fault in self.faults if fault.step is step), None)


class MailServer:
    """Serves one world on any number of sockets."""

    def __init__(self, world: MailWorld) -> None:
        self.world = world
        #: Commands as they came, without their line ends, one list for each connection.
        self.conversations: list[list[str]] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._nobody_here = asyncio.Event()
        self._nobody_here.set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> asyncio.Server:
        """Listen; port 0 takes a free one."""
        return await asyncio.start_server(self._serve, host, port, limit=_LONGEST_COMMAND)

    async def all_left(self) -> None:
        """Return when no client is connected."""
        await self._nobody_here.wait()

    def hang_up(self) -> None:
        """End every connection that is still open."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self._nobody_here.clear()
        commands: list[str] = []
        self.conversations.append(commands)
        try:
            await _Conversation(self.world, reader, writer, commands).hold()
        except (OSError, ValueError):
            # A client that leaves, or whose command has no end, is no trouble of ours.
            pass
        finally:
            self._writers.discard(writer)
            if not self._writers:
                self._nobody_here.set()
            writer.close()


class _Conversation:
    """One client from its greeting to its end."""

    def __init__(
        self, world: MailWorld, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, commands: list[str]
    ) -> None:
        self._world = world
        self._reader = reader
        self._writer = writer
        self._commands = commands
        self._recipients = 0

    async def hold(self) -> None:
        is_going_on = await self._reply(MailStep.GREETING, "220 mail.lab.example ESMTP")
        while is_going_on and (line := await self._reader.readline()):
            command = line.decode("utf-8", "backslashreplace").removesuffix("\n").removesuffix("\r")
            self._commands.append(command)
            is_going_on = await self._obey(command)

    async def _obey(self, command: str) -> bool:
        """Answer one command; False at the end of the conversation."""
        match command.partition(" ")[0].upper():
            case "EHLO":
                return await self._reply(MailStep.EHLO, "250 mail.lab.example", *self._world.extensions)
            case "HELO":
                return await self._reply(MailStep.HELO, "250 mail.lab.example")
            case "MAIL":
                return await self._reply(MailStep.MAIL, "250 2.1.0 OK")
            case "RCPT":
                return await self._on_recipient(command)
            case "QUIT":
                await self._reply(MailStep.QUIT, "221 2.0.0 Bye")
                return False
            case _:
                return await self._send(b"502 5.5.1 Not here\r\n")

    async def _on_recipient(self, command: str) -> bool:
        self._recipients += 1
        if self._world.most_recipients and self._recipients > self._world.most_recipients:
            await self._send(b"421 4.7.0 Too many errors\r\n")
            return False
        address = command.partition("<")[2].rpartition(">")[0]
        return await self._reply(MailStep.RCPT, self._world.answer(address))

    async def _reply(self, step: MailStep, first: str, *more: str) -> bool:
        fault = self._world.fault_at(step)
        usual = _reply_bytes(first, *more)
        return await self._send(usual) if fault is None else await self._misbehave(fault, usual)

    async def _misbehave(self, fault: MailFault, usual: bytes) -> bool:
        match fault.trouble:
            case MailTrouble.SILENT:
                # Until the client leaves.
                await self._reader.read()
                return False
            case MailTrouble.CUT:
                await self._send(usual[: len(usual) // 2])
                return False
            case MailTrouble.SLOW:
                await asyncio.sleep(int(fault.argument) / 1000)
                return await self._send(usual)
            case MailTrouble.DRIP:
                for at in range(len(usual)):
                    await self._send(usual[at : at + 1])
                    await asyncio.sleep(int(fault.argument) / 1000)
                return True
            case _:
                return await self._send(_misshapen(fault, usual))

    async def _send(self, reply: bytes) -> bool:
        self._writer.write(reply)
        await self._writer.drain()
        return True


def _misshapen(fault: MailFault, usual: bytes) -> bytes:
    """Return what is sent for a trouble of form."""
    code = usual[:3]
    match fault.trouble:
        case MailTrouble.SAY:
            return f"{fault.argument}\r\n".encode()
        case MailTrouble.ENDLESS:
            line = code + b"-and there is more to say\r\n"
            return line * (_LARGE // len(line))
        case MailTrouble.LONG_LINE:
            return code + b" " + b"x" * _LARGE + b"\r\n"
        case MailTrouble.GARBAGE:
            return bytes(range(256)) * 40
        case MailTrouble.CONTROLS:
            return code + b" \x1b]0;owned\x07\x1b[2J\x00\r\n"
        case MailTrouble.BARE_FEEDS:
            return usual.replace(b"\r\n", b"\n")
        case MailTrouble.TWO_CODES:
            return code + b"-first\r\n" + (b"550" if code == b"250" else b"250") + b" second\r\n"
        case MailTrouble.TWICE:
            return usual * 2
        case MailTrouble.SILENT | MailTrouble.CUT | MailTrouble.SLOW | MailTrouble.DRIP:
            raise ValueError(f"{fault.trouble} is a trouble of time")
        case _:
            assert_never(fault.trouble)


def _reply_bytes(first: str, *more: str) -> bytes:
    """Write a reply; the code of the first line stands before all of them."""
    code, _, text = first.partition(" ")
    texts = (text, *more)
    marks = "-" * (len(texts) - 1) + " "
    return "".join(f"{code}{mark}{line}\r\n" for mark, line in zip(marks, texts, strict=True)).encode()


@asynccontextmanager
async def serve_mail(
    world: MailWorld, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[tuple[MailServer, int]]:
    """Serve a world in the running loop; yields the server and its port, and ends all connections at the end."""
    server = MailServer(world)
    listening = await server.start(host, port)
    try:
        yield server, int(listening.sockets[0].getsockname()[1])
    finally:
        listening.close()
        server.hang_up()
        await listening.wait_closed()

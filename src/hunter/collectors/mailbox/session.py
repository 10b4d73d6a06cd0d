"""One conversation with a mail server (RFC 5321): greeting, sender, recipients, good-bye; never a message.

In: streams that are open. Out: what the server says of each address. One command at a time, each under its own
deadline; errors of sockets pass through as OSError, what is no SMTP as `BrokenReply`.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from hunter.collectors.mailbox.address import Identity, may_be_asked, needs_utf8
from hunter.collectors.mailbox.reply import BrokenReply, Reply, ReplyReader, extensions_of, takes_recipient

_CHUNK: Final = 4096
#: What a good-bye may take: it proves that the replies were in step, and no more.
_QUIT_SECONDS: Final = 1.0
_READY: Final = 220
_DONE: Final = 250
_BYE: Final = 221
_LEAVING: Final = 421
_EXTENSION: Final = "SMTPUTF8"


class Unwilling(OSError):
    """A server answers in order and does not want to go on; who asked learns nothing."""


class Session:
    """Speaks with one server; whoever opened the streams closes them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, step_seconds: float) -> None:
        self._reader = reader
        self._writer = writer
        self._step_seconds = step_seconds
        self._replies = ReplyReader()
        self._extensions: frozenset[str] = frozenset()

    async def await_greeting(self) -> None:
        """Wait until the server is ready; nothing is said before. Raises `Unwilling` where it is not."""
        async with asyncio.timeout(self._step_seconds):
            _expect(await self._reply(), _READY)

    async def introduce(self, identity: Identity, addresses: Sequence[str]) -> tuple[str, ...]:
        """Say who asks, and return the addresses that this server can be asked about. Raises `Unwilling`."""
        reply = await self._say(f"EHLO {identity.helo}")
        if reply.code >= 500:
            # A server older than extensions; its first line of a greeting is all it can give.
            _expect(await self._say(f"HELO {identity.helo}"), _DONE)
        else:
            _expect(reply, _DONE)
            self._extensions = extensions_of(reply)
        has_utf8 = _EXTENSION in self._extensions
        writable = tuple(one for one in addresses if has_utf8 or not needs_utf8(one))
        wants_utf8 = any(map(needs_utf8, writable))
        parameter = f" {_EXTENSION}" if wants_utf8 else ""
        _expect(await self._say(f"MAIL FROM:<{identity.sender}>{parameter}"), _DONE)
        return writable

    async def takes(self, address: str) -> bool | None:
        """Ask about one address; raises `Unwilling` where the server takes its leave."""
        if not may_be_asked(address, address.rpartition("@")[2], has_utf8=_EXTENSION in self._extensions):
            return None
        reply = await self._say(f"RCPT TO:<{address}>")
        if reply.code == _LEAVING:
            raise Unwilling("the server ends the conversation")
        return takes_recipient(reply)

    async def leave(self) -> None:
        """Say good-bye. Raises `BrokenReply` where the answer is one to an earlier question: then all were."""
        self._step_seconds = min(self._step_seconds, _QUIT_SECONDS)
        with suppress(OSError):
            # A server that hangs up without a word, or is slow to, has answered what was asked.
            reply = await self._say("QUIT")
            if reply.code not in (_BYE, _LEAVING):
                raise BrokenReply("an answer that fits no question")

    async def _say(self, command: str) -> Reply:
        async with asyncio.timeout(self._step_seconds):
            self._writer.write(f"{command}\r\n".encode())
            await self._writer.drain()
            return await self._reply()

    async def _reply(self) -> Reply:
        while (reply := self._replies.take()) is None:
            chunk = await self._reader.read(_CHUNK)
            if not chunk:
                raise ConnectionResetError("the server hung up")
            self._replies.feed(chunk)
        if not self._replies.is_empty:
            raise BrokenReply("more answers than questions")
        return reply


def _expect(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise Unwilling(f"the server answers {reply.code}")

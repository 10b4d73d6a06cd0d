"""The WHOIS simulator: one question a connection, the answer, the end (RFC 3912), or the trouble that was asked for."""

import asyncio
from time import monotonic
from typing import Final, assert_never

from hunter.lab.registry.faults import NO_FAULTS, Gate, RegistryFaults
from hunter.lab.registry.registrations import RegistryFault, RegistryWorld, Trouble
from hunter.lab.registry.whois import QUOTA_TEXT, not_found_text, whois_text

_PAGE: Final = b"<html><head><title>Blocked</title></head><body>This site is blocked.</body></html>\r\n"
_FILLER: Final = b"% This line says nothing and comes again and again.\r\n" * 200
_HUGE_BYTES: Final = 3 << 20
#: Written by a record's text before a cut: long enough to end in the middle of a line.
_QUESTION_BYTES: Final = 1024


class WhoisServer:
    """Serves one world on one socket."""

    def __init__(self, world: RegistryWorld, faults: RegistryFaults = NO_FAULTS) -> None:
        self._world = world
        self.faults = faults
        self.gate = Gate()

    async def start(self, host: str, port: int = 0) -> asyncio.Server:
        """Listen; port 0 takes a free one."""
        return await asyncio.start_server(self._serve, host, port, limit=_QUESTION_BYTES)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            question = await reader.readline()
            await self._answer(question.decode("ascii", "replace").strip(), reader, writer)
            await writer.drain()
        except (OSError, ValueError):
            # A client that leaves, or whose question has no end, is no trouble of ours.
            pass
        finally:
            writer.close()

    async def _answer(self, question: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        domain = (question.split() or [""])[-1].lower().removesuffix("/e")
        is_open = self.gate.is_open(monotonic(), self.faults.per_second)
        if self.faults.delay_seconds:
            await asyncio.sleep(self.faults.delay_seconds)
        if not is_open:
            writer.write(QUOTA_TEXT.encode())
            return
        registered = self._world.find(domain)
        text = not_found_text(domain) if registered is None else whois_text(registered)
        own = registered.whois_fault if registered is not None else self.faults.whois
        await _misbehave(text, own if own.trouble is not Trouble.NONE else self.faults.whois, reader, writer)


async def _misbehave(
    text: bytes, fault: RegistryFault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    match fault.trouble:
        case Trouble.NONE | Trouble.LONGER | Trouble.SHORTER:
            # WHOIS announces no length, so it cannot lie about one.
            writer.write(text)
        case Trouble.SLOW:
            await asyncio.sleep(int(fault.argument) / 1000)
            writer.write(text)
        case Trouble.DEAD:
            await reader.read()
        case Trouble.DRIP:
            for index in range(len(text)):
                writer.write(text[index : index + 1])
                await writer.drain()
                await asyncio.sleep(int(fault.argument) / 1000)
        case Trouble.CUT:
            # In the middle of the expiry day, where half a text looks like a whole one.
            day = text.find(b"-", max(text.find(b"Expir"), text.find(b"paid-till")))
            writer.write(text[: day + 2])
        case Trouble.QUOTA:
            writer.write(QUOTA_TEXT.encode())
        case Trouble.SERVER_ERROR:
            writer.write(b"% Internal server error\r\n")
        case Trouble.HTML:
            writer.write(_PAGE)
        case Trouble.GARBAGE:
            writer.write(bytes(range(256)) * 40)
        case Trouble.WRONG_NAME:
            writer.write(text.replace(b"Name: ", b"Name: other-", 1).replace(b"domain:       ", b"domain:  other-", 1))
        case Trouble.HUGE:
            writer.write(text + _FILLER * (_HUGE_BYTES // len(_FILLER)))
        case Trouble.REDIRECT | Trouble.REFER:
            writer.write(f"refer: {fault.argument}\r\n".encode("ascii"))
        case Trouble.EMPTY:
            pass
        case _:
            assert_never(fault.trouble)

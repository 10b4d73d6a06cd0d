"""The RDAP simulator: HTTP/1.1 over a plain or a TLS socket, able to lie where HTTP can (RFC 7480, RFC 9112).

In: `GET …/domain/NAME`. Out: the registered name's document, 404, or the trouble that the world or the faults ask for.
Written by hand, because no HTTP library sends half an answer or a wrong length.
"""

import asyncio
import ssl
from time import monotonic
from typing import Final, assert_never

from hunter.lab.registry.faults import NO_FAULTS, Gate, RegistryFaults
from hunter.lab.registry.rdap import rdap_document, rdap_error
from hunter.lab.registry.registrations import Registered, RegistryFault, RegistryWorld, Trouble

BOOTSTRAP_PATH: Final = "/rdap/dns.json"
_JSON: Final = "application/rdap+json"
_LARGEST_HEAD: Final = 16_384
_PHRASES: Final = {200: "OK", 302: "Found", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}
_PAGE: Final = b"<!DOCTYPE html><html><body><h1>Sign in to continue</h1></body></html>"
_HUGE_BYTES: Final = 3 << 20


class RDAPServer:
    """Serves one world on one socket."""

    def __init__(self, world: RegistryWorld, faults: RegistryFaults = NO_FAULTS) -> None:
        self._world = world
        self.faults = faults
        self.gate = Gate()

    async def start(self, host: str, port: int = 0, *, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Listen; port 0 takes a free one."""
        return await asyncio.start_server(self._serve, host, port, ssl=tls, limit=_LARGEST_HEAD)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # A client that leaves, or that speaks something else, is no trouble of ours.
            pass
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; say whether the connection stays open."""
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode("ascii", "replace")
        if path == BOOTSTRAP_PATH:
            return await _send(writer, 200, self._world.bootstrap, "application/json")
        domain = path.rpartition("/domain/")[2].lower()
        is_open = self.gate.is_open(monotonic(), self.faults.per_second)
        if self.faults.delay_seconds:
            await asyncio.sleep(self.faults.delay_seconds)
        registered = self._world.find(domain)
        if not is_open:
            return await _send(writer, 429, rdap_error(429, "Too many requests"))
        own = registered.rdap_fault if registered is not None else self.faults.rdap
        fault = own if own.trouble is not Trouble.NONE else self.faults.rdap
        return await self._misbehave(reader, writer, registered, fault)

    async def _misbehave(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        registered: Registered | None,
        fault: RegistryFault,
    ) -> bool:
        status, body = _answer(registered)
        match fault.trouble:
            case Trouble.NONE:
                return await _send(writer, status, body)
            case Trouble.SLOW:
                await asyncio.sleep(int(fault.argument) / 1000)
                return await _send(writer, status, body)
            case Trouble.DEAD:
                await reader.read()
                return False
            case Trouble.CUT:
                writer.write(_head(status, len(body)) + body[: len(body) // 2])
                return False
            case Trouble.DRIP:
                return await _drip(writer, _head(status, len(body)) + body, int(fault.argument) / 1000)
            case Trouble.QUOTA:
                return await _send(writer, 429, rdap_error(429, "Too many requests"))
            case Trouble.SERVER_ERROR:
                return await _send(writer, 500, rdap_error(500, "Internal error"))
            case Trouble.HTML:
                return await _send(writer, 200, _PAGE, "text/html")
            case Trouble.GARBAGE:
                return await _send(writer, 200, bytes(range(256)) * 4)
            case Trouble.WRONG_NAME:
                return await _send(writer, 200, body.replace(b'"ldhName": "', b'"ldhName": "OTHER-', 1))
            case Trouble.LONGER:
                writer.write(_head(status, len(body) + 400) + body)
                return False
            case Trouble.SHORTER:
                writer.write(_head(status, len(body) - 40) + body)
                return False
            case Trouble.HUGE:
                return await _send(writer, 200, body + b" " * _HUGE_BYTES)
            case Trouble.REDIRECT | Trouble.REFER:
                return await _send(writer, 302, b"", location=fault.argument)
            case Trouble.EMPTY:
                return False
            case _:
                assert_never(fault.trouble)


def _answer(registered: Registered | None) -> tuple[int, bytes]:
    if registered is None:
        return 404, rdap_error(404, "Not found")
    if not registered.has_rdap:
        return 500, rdap_error(500, "Not served here")
    return 200, rdap_document(registered)


def _head(status: int, length: int, kind: str = _JSON, *, location: str = "") -> bytes:
    more = f"Location: {location}\r\n" if location else ""
    head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
    return head.encode("ascii")


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, kind: str = _JSON, *, location: str = ""
) -> bool:
    writer.write(_head(status, len(body), kind, location=location) + body)
    await writer.drain()
    return True


async def _drip(writer: asyncio.StreamWriter, content: bytes, seconds: float) -> bool:
    for index in range(len(content)):
        writer.write(content[index : index + 1])
        await writer.drain()
        await asyncio.sleep(seconds)
    return True

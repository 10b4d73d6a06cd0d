"""The simulator of Microsoft's sign-in service: HTTP/1.1 with keep-alive over a plain or a TLS socket.

In: tenants and a script of faults. Out: the answers of `microsoft_answers`, or what the script says. `/_sim/…` controls
it: `GET journal`, `POST faults` (a JSON list), `POST reset`. Written by hand, because no library sends half an answer.
"""

import asyncio
import gzip
import json
import ssl
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from hunter.core.errors import InvalidInput
from hunter.lab.microsoft.answers import Said, answer
from hunter.lab.microsoft.faults import MicrosoftTrouble, Script, ScriptedFault, faults_from_json
from hunter.lab.microsoft.tenants import TenantWorld

_LARGEST_HEAD: Final = 16_384
_LARGEST_BODY: Final = 1 << 20
_JSON: Final = "application/json; charset=utf-8"
_PAGE: Final = b"<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>"
_HUGE: Final = 2_000_000
_CONTROL: Final = "/_sim/"


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class MicrosoftServer:
    """Serves one world of tenants; every request is written into the journal."""

    def __init__(self, world: TenantWorld) -> None:
        self._world = world
        self._script = Script()
        self._journal: list[dict[str, Any]] = []

    async def start(self, host: str, port: int = 0, *, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Listen; port 0 takes a free one."""
        return await asyncio.start_server(self._serve, host, port, ssl=tls, limit=_LARGEST_HEAD)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(await _read(reader), writer):
                await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # A client that leaves, or that speaks something else, is no trouble of ours.
            pass
        except asyncio.CancelledError:
            # The process ends; before Python 3.12 a stream reports its cancelled handler as a fault.
            pass
        finally:
            writer.close()

    async def _answer_one(self, request: _Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; say whether the connection stays open."""
        if request.target.startswith(_CONTROL):
            writer.write(_message(*self._control(request)))
            return True
        self._journal.append({"at": monotonic(), "target": request.target, "headers": request.headers})
        said = answer(request.target, self._world)
        fault = self._script.meet(request.target)
        if fault is None:
            writer.write(_message(said))
            return True
        return await _misbehave(fault, said, writer)

    def _control(self, request: _Request) -> tuple[Said]:
        act = (request.method, request.target.removeprefix(_CONTROL))
        if act == ("GET", "journal"):
            return (Said(200, json.dumps(self._journal).encode()),)
        if act == ("POST", "reset"):
            self._script, self._journal = Script(), []
            return (Said(200, b"{}"),)
        if act == ("POST", "faults"):
            try:
                self._script = Script(faults_from_json(json.loads(request.body)))
            except (InvalidInput, ValueError) as error:
                return (Said(400, json.dumps({"error": str(error)}).encode()),)
            return (Said(200, b"{}"),)
        return (Said(404, b"{}"),)


async def _read(reader: asyncio.StreamReader) -> _Request:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    pairs = (line.partition(":") for line in lines[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", "0"))
    if length > _LARGEST_BODY:
        raise ValueError("too long")
    return _Request(method, target, headers, await reader.readexactly(length))


async def _misbehave(fault: ScriptedFault, said: Said, writer: asyncio.StreamWriter) -> bool:
    """Do what the script says; say whether the connection stays open."""
    whole = _message(said)
    head, body = whole[: len(whole) - len(said.body)], said.body
    if fault.trouble is MicrosoftTrouble.RESET:
        writer.transport.abort()
        return False
    if fault.trouble is MicrosoftTrouble.CUT:
        writer.write(head + body[: len(body) // 2])
        return False
    if fault.trouble is MicrosoftTrouble.SLOW_BODY:
        writer.write(head)
        await writer.drain()
        await asyncio.sleep(fault.seconds)
        writer.write(body)
        return True
    if fault.trouble is MicrosoftTrouble.SLOW:
        await asyncio.sleep(fault.seconds)
        writer.write(whole)
        return True
    writer.write(_instead(fault, said))
    return True


def _instead(fault: ScriptedFault, said: Said) -> bytes:
    """Return the message that is sent instead of what was to be said."""
    if fault.trouble is MicrosoftTrouble.STATUS:
        more = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        return _message(Said(fault.status, _PAGE), "text/html", more)
    if fault.trouble is MicrosoftTrouble.REDIRECT:
        return _message(Said(302, b""), "text/html", {"Location": fault.location})
    if fault.trouble is MicrosoftTrouble.HTML:
        return _message(Said(200, _PAGE), "text/html")
    if fault.trouble is MicrosoftTrouble.WRONG_TYPE:
        return _message(said, "text/html")
    if fault.trouble is MicrosoftTrouble.PACKED:
        return _message(Said(said.status, gzip.compress(said.body)), more={"Content-Encoding": "gzip"})
    bodies = {
        MicrosoftTrouble.BAD_JSON: said.body[:-1],
        MicrosoftTrouble.LIST: b"[1, 2]",
        MicrosoftTrouble.NO_ISSUER: b'{"tenant_region_scope": "EU"}',
        MicrosoftTrouble.HUGE: said.body + b" " * _HUGE,
    }
    return _message(Said(said.status, bodies[fault.trouble]))


def _message(said: Said, kind: str = _JSON, more: dict[str, str] | None = None) -> bytes:
    lines = [f"HTTP/1.1 {said.status} -", f"Content-Type: {kind}", f"Content-Length: {len(said.body)}"]
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + said.body

"""Serving: one uvicorn server as Hunter runs it, and the order in which it stops.

In: an application. Out: a server that finishes what it has begun: no new connections, `ready` says no, event streams
are told to end, requests under way get their answer, then the application closes.
"""

import asyncio
import gc
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.types import ASGIApp

#: How long requests under way may take before they are cut off.
GRACE_SECONDS: Final = 30
_KEEP_ALIVE_SECONDS: Final = 15
_BACKLOG: Final = 512
#: Sockets whose connections inherit that answers go out at once.
_TCP_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)


class Lifecycle:
    """Says whether the server still takes work; whoever holds a connection open waits for the end here."""

    def __init__(self) -> None:
        self._is_closing = False
        self._watchers: list[Callable[[], None]] = []

    @property
    def is_closing(self) -> bool:
        """Whether the server is on its way out."""
        return self._is_closing

    def when_closing(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Register who is told once when closing begins; returns how to take that back."""
        if self._is_closing:
            tell()
            return lambda: None
        self._watchers.append(tell)
        return lambda: self._watchers.remove(tell) if tell in self._watchers else None

    def begin_closing(self) -> None:
        """Say that the end has begun; a second time changes nothing."""
        self._is_closing = True
        watchers, self._watchers = self._watchers, []
        for tell in watchers:
            tell()


class APIServer(uvicorn.Server):
    """Tells the lifecycle before it waits for connections, or streams would hold it up."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self.has_started = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the sockets, then let those go on who waited for that.

        Head and body of an answer are two writes: with Nagle's algorithm the body would wait for the client's delayed
        acknowledgement, 40 ms. The loop switches it off only on sockets that were opened as TCP by name.
        """
        for opened in sockets or ():
            if opened.family in _TCP_FAMILIES:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await super().startup(sockets)
        # What is there now stays: looked through by the collector again and again it would hold up requests.
        gc.collect()
        gc.freeze()
        self.has_started.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin the end, then wait for requests under way."""
        self._lifecycle.begin_closing()
        await super().shutdown(sockets)
        gc.unfreeze()


def build_server(
    app: ASGIApp, lifecycle: Lifecycle, *, host: str, port: int, grace_seconds: int = GRACE_SECONDS
) -> APIServer:
    """Return a server that is not started yet; `await server.serve()` runs it until it is told to stop.

    The access middleware reads forwarded addresses and knows whom to trust; uvicorn would believe by its own list.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        ws="none",
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=grace_seconds,
    )
    return APIServer(config, lifecycle)

"""The API behind a real socket: uvicorn on a free port of this machine, as the product runs it, and a client for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
from fastapi import FastAPI

from hunter.asgi import create_app
from hunter.edge.options import EdgeOptions
from hunter.edge.serving import APIServer, Lifecycle, build_server
from hunter.services.application import Application

ADMIN_TOKEN: Final = "an admin token for tests"
OPTIONS: Final = EdgeOptions(admin_token=ADMIN_TOKEN, secret_key=b"a secret key for tests only")
ADMIN: Final = {"X-Admin-Token": ADMIN_TOKEN}


@dataclass(frozen=True, slots=True)
class RunningAPI:
    """A server that answers."""

    app: FastAPI
    server: APIServer
    lifecycle: Lifecycle
    port: int
    client: httpx.AsyncClient

    async def send(self, raw: bytes) -> bytes:
        """Send bytes as they are and return the whole answer; the connection ends with it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(raw)
            await writer.drain()
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()


@asynccontextmanager
async def running_api(
    application: Application, options: EdgeOptions = OPTIONS, *, app: FastAPI | None = None
) -> AsyncIterator[RunningAPI]:
    """Serve an application on a free port, and stop it as the product does."""
    lifecycle = Lifecycle()
    served = app or create_app(application, options, lifecycle)
    server = build_server(served, lifecycle, host="127.0.0.1", port=0, grace_seconds=10)
    task = asyncio.create_task(server.serve())
    await server.has_started.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
    try:
        yield RunningAPI(served, server, lifecycle, port, client)
    finally:
        await client.aclose()
        server.should_exit = True
        await task

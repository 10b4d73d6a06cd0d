"""A download that nobody takes is cut off, so that it does not hold a connection to the database for ever."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI

from hunter.api.routes import exports
from hunter.api.routes.exports import Download
from tests.support.api_application import open_application
from tests.support.api_server import running_api

CHUNK = b"x" * 65_536


async def test_who_reads_nothing_of_a_download_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PATIENCE_SECONDS", 0.2)
    is_over = asyncio.Event()
    app = FastAPI()

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield CHUNK
        finally:
            is_over.set()

    @app.get("/file")
    async def download() -> Download:
        return Download(endless(), media_type="text/csv", headers={})

    async with open_application() as (application, _), running_api(application, app=app) as api:
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        writer.write(b"GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        await asyncio.wait_for(is_over.wait(), 20)
        writer.close()

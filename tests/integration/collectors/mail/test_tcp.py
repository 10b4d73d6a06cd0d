"""TCP connections to one upstream: shared, bounded, replaced when they die or fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from hunter.collectors.mail.tcp import TCPConnections, TCPFailed

BODY = b"a question without its id"


class Echo:
    """Sends back every message; those on connections of the given numbers are kept until `release`."""

    def __init__(self, *silent: int) -> None:
        self.silent = silent
        self.connections = 0
        self.kept: list[tuple[asyncio.StreamWriter, bytes]] = []
        self.news = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = await reader.readexactly(2)
                message = size + await reader.readexactly(int.from_bytes(size, "big"))
                if number in self.silent:
                    self.kept.append((writer, message))
                    self.news.set()
                else:
                    writer.write(message)
        writer.close()

    async def until_kept(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.kept) < count:
                await self.news.wait()
                self.news.clear()

    def release(self) -> None:
        for writer, message in self.kept:
            writer.write(message)


@asynccontextmanager
async def connections_to(echo: Echo) -> AsyncIterator[TCPConnections]:
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    connections = TCPConnections(server.sockets[0].getsockname()[:2])
    try:
        yield connections
    finally:
        await connections.close()
        server.close()
        await server.wait_closed()


async def test_answer_belongs_to_the_question() -> None:
    async with connections_to(Echo()) as connections:
        bodies = [bytes([number]) * 30 for number in range(100)]
        answers = await asyncio.gather(*(connections.ask(body, timeout_seconds=5) for body in bodies))
    assert [answer[2:] for answer in answers] == bodies


async def test_connections_are_kept_and_few() -> None:
    echo = Echo()
    async with connections_to(echo) as connections:
        for _ in range(5):
            await connections.ask(BODY, timeout_seconds=5)
        assert echo.connections == 1
        await asyncio.gather(*(connections.ask(BODY, timeout_seconds=5) for _ in range(200)))
        assert echo.connections <= 8


async def test_nobody_there_is_a_failure() -> None:
    async with connections_to(Echo()) as living:
        address = living._address
    dead = TCPConnections(address)
    with pytest.raises(TCPFailed):
        await dead.ask(BODY, timeout_seconds=5)
    await dead.close()


async def test_silence_is_a_failure_in_time() -> None:
    async with connections_to(Echo(1)) as connections:
        async with asyncio.timeout(1):
            with pytest.raises(TCPFailed):
                await connections.ask(BODY, timeout_seconds=0.1)


async def test_connection_that_fell_silent_is_not_used_again() -> None:
    echo = Echo(1)
    async with connections_to(echo) as connections:
        with pytest.raises(TCPFailed):
            await connections.ask(BODY, timeout_seconds=0.1)
        assert (await connections.ask(BODY, timeout_seconds=5))[2:] == BODY
    assert echo.connections == 2


async def test_close_fails_what_is_under_way() -> None:
    echo = Echo(1)
    async with connections_to(echo) as connections:
        waiting = asyncio.ensure_future(connections.ask(BODY, timeout_seconds=5))
        await echo.until_kept(1)
        await connections.close()
        with pytest.raises(TCPFailed):
            await waiting
    assert len(asyncio.all_tasks()) == 1


async def test_garbage_from_the_server_is_not_an_answer() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x00" + b"\x00\x01x" + b"\x00\x03abc" + b"\xff\xff" + b"z" * 50)
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    connections = TCPConnections(server.sockets[0].getsockname()[:2])
    with pytest.raises(TCPFailed):
        await connections.ask(BODY, timeout_seconds=2)
    await connections.close()
    server.close()
    await server.wait_closed()

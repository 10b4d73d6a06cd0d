"""TCP towards one upstream (RFC 7766): a few kept connections, several questions under way on each.

For answers that did not fit into UDP. Whatever fails here is an error, never an answer.
"""

import asyncio
import os
from typing import Final

#: Connections to one upstream, and questions under way on all of them.
_MOST_CONNECTIONS: Final = 8
_WINDOW: Final = 64
_CONNECT_SECONDS: Final = 3.0


class TCPFailed(Exception):
    """The question could not be answered by TCP."""


class _Connection:
    """One open connection; answers are told apart by their ids."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._task = asyncio.create_task(self._read())
        self.is_open = True
        #: It takes no more questions.
        self.is_retired = False

    @property
    def load(self) -> int:
        """Questions under way."""
        return len(self._waiting)

    async def ask(self, body: bytes) -> bytes:
        """Send one question and return the message that answers its id."""
        identifier = os.urandom(2)
        while identifier in self._waiting:
            identifier = os.urandom(2)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[identifier] = answer
        try:
            self._writer.write((len(body) + 2).to_bytes(2, "big") + identifier + body)
            return await answer
        finally:
            self._waiting.pop(identifier, None)
            self._close_if_retired()

    def retire(self) -> None:
        """Take no more questions, for one was not answered in time; close when those under way are over."""
        self.is_retired = True
        self._close_if_retired()

    def _close_if_retired(self) -> None:
        if self.is_retired and not self._waiting:
            self._fail()

    async def _read(self) -> None:
        try:
            while True:
                size = int.from_bytes(await self._reader.readexactly(2), "big")
                packet = await self._reader.readexactly(size)
                waiting = self._waiting.get(packet[:2])
                if waiting is not None and not waiting.done():
                    waiting.set_result(packet)
        except (OSError, asyncio.IncompleteReadError):
            self._fail()
        finally:
            self.is_open = False

    def _fail(self) -> None:
        self.is_open = False
        self._writer.close()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(TCPFailed())

    async def close(self) -> None:
        """Close the connection; questions under way fail."""
        self._task.cancel()
        self._fail()
        await asyncio.gather(self._task, return_exceptions=True)


class TCPConnections:
    """The connections to one upstream."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._connections: list[_Connection] = []
        self._window = asyncio.Semaphore(_WINDOW)
        self._opening = asyncio.Lock()

    async def ask(self, body: bytes, *, timeout_seconds: float) -> bytes:
        """Return the upstream's answer to a message body (a message without its id); raises TCPFailed."""
        connection: _Connection | None = None
        try:
            async with asyncio.timeout(timeout_seconds), self._window:
                connection = await self._take()
                return await connection.ask(body)
        except (OSError, TimeoutError) as error:
            if connection is not None:
                # A connection that some box on the way has forgotten looks like a slow one, for a quarter of an hour.
                connection.retire()
            raise TCPFailed from error

    async def _take(self) -> _Connection:
        """Return the least loaded open connection; opens one while all are in use and there is room."""
        async with self._opening:
            self._connections = [connection for connection in self._connections if connection.is_open]
            in_use = [connection for connection in self._connections if not connection.is_retired]
            idlest = min(in_use, key=lambda connection: connection.load, default=None)
            if idlest is not None and (idlest.load == 0 or len(self._connections) >= _MOST_CONNECTIONS):
                return idlest
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(*self._address)
            connection = _Connection(reader, writer)
            self._connections.append(connection)
            return connection

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(connection.close() for connection in self._connections))
        self._connections = []

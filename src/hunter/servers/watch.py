"""Keeps the servers up: a thread that hears a server end and starts it again.

In: servers that run. Out: log lines; clients see refused connections until the server is back.
"""

import logging
import os
import select
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from hunter.core.errors import HunterError
from hunter.servers.errors import ServersUnavailable

#: After a failed start, the next one comes this much later.
SECONDS_UNTIL_NEXT_TRY = 5.0
LOG = logging.getLogger(__name__)


class ServerConnection(Protocol):
    """A connection to a server, for hearing it end."""

    def fileno(self) -> int:
        """The descriptor to listen on."""

    def close(self) -> None:
        """Hang up."""


class Server(Protocol):
    """What the supervisor asks of a server."""

    @property
    def name(self) -> str:
        """For the log."""

    @property
    def url(self) -> str:
        """Where clients find it."""

    def ensure_running(self) -> None:
        """Return when it answers."""

    def stop(self) -> None:
        """Stop it cleanly."""

    def open_line(self) -> ServerConnection:
        """A connection that ends with the server."""


class Watch:
    """One thread over all servers of a data folder; `stop` before the servers are stopped on purpose."""

    def __init__(self, servers: Sequence[Server], starting: Callable[[], AbstractContextManager[None]]) -> None:
        self._servers, self._starting = servers, starting
        self._wake, self._waker = os.pipe()
        self._lines: dict[int, tuple[Server, ServerConnection]] = {}
        self._without_line: list[Server] = list(servers)
        self._thread = threading.Thread(target=self._run, name="hunter-servers", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; returns when the thread has ended."""
        os.close(self._waker)
        self._thread.join()
        os.close(self._wake)

    def _run(self) -> None:
        try:
            while True:
                self._open_lines()
                pause = SECONDS_UNTIL_NEXT_TRY if self._without_line else None
                ready, _, _ = select.select([self._wake, *self._lines], [], [], pause)
                if self._wake in ready:
                    return
                for number in ready:
                    self._hang_up(number)
        finally:
            for _, line in self._lines.values():
                line.close()

    def _open_lines(self) -> None:
        """A line to every server that has none, starting it where it has ended."""
        for server in tuple(self._without_line):
            try:
                line = server.open_line()
            except ServersUnavailable:
                self._start_again(server)
            else:
                self._lines[line.fileno()] = (server, line)
                self._without_line.remove(server)

    def _start_again(self, server: Server) -> None:
        try:
            with self._starting():
                server.ensure_running()
            line = server.open_line()
        except HunterError as error:
            LOG.error("server_restart_failed", extra={"server": server.name, "reason": str(error)})
            return
        LOG.warning("server_restarted", extra={"server": server.name})
        self._lines[line.fileno()] = (server, line)
        self._without_line.remove(server)

    def _hang_up(self, number: int) -> None:
        """Something was said on a line on which nothing is asked: the server goes, or has news that do not matter."""
        server, line = self._lines.pop(number)
        line.close()
        self._without_line.append(server)

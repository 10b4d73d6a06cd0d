"""The supervisor of the embedded servers: THE door of this room.

In: a data folder, and the URLs of servers that the operator has. Out: URLs that work until the block is left. Who comes
second shares what runs; who leaves last stops it; what a killed process has left running is adopted.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hunter.servers.account import account_of_servers
from hunter.servers.errors import ServersUnavailable
from hunter.servers.locks import SharedLock, only_one
from hunter.servers.places import Places, make_places
from hunter.servers.postgres import Postgres
from hunter.servers.valkey import Valkey
from hunter.servers.watch import Server, Watch


@dataclass(frozen=True, slots=True)
class RunningServers:
    """Where the servers are found."""

    #: `postgresql+psycopg://...` over a socket, or what was handed in.
    database_url: str
    #: `unix://...`, or what was handed in.
    redis_url: str


@contextmanager
def start_servers(
    data_dir: Path, *, database_url: str | None = None, redis_url: str | None = None, fsync: bool = True
) -> Iterator[RunningServers]:
    """Both servers, running until the block is left; one whose URL is handed in is not started.

    `fsync=False` is for tests. Blocks while a server starts. Raises `ServersUnavailable`, `DataFolderUnusable` or
    `DataRefused`; each message says what to do.
    """
    if database_url is not None and redis_url is not None:
        yield RunningServers(database_url, redis_url)
        return
    account = account_of_servers()
    stopping = threading.Event()
    places = make_places(data_dir, account)
    postgres = None if database_url is not None else Postgres(places, account, fsync=fsync, stopping=stopping)
    valkey = None if redis_url is not None else Valkey(places, account, stopping=stopping)
    with _kept_running(places, [server for server in (postgres, valkey) if server is not None], stopping):
        yield RunningServers(
            database_url=postgres.url if postgres else database_url or "",
            redis_url=valkey.url if valkey else redis_url or "",
        )


@contextmanager
def _kept_running(places: Places, servers: Sequence[Server], stopping: threading.Event) -> Iterator[None]:
    users = None
    try:
        with _starting(places):
            users = SharedLock(places.locks / "users")
            for server in servers:
                server.ensure_running()
        watch = Watch(servers, lambda: _starting(places))
        watch.start()
        try:
            yield
        finally:
            stopping.set()
            watch.stop()
    finally:
        if users is not None:
            _leave(places, servers, users)


def _leave(places: Places, servers: Sequence[Server], users: SharedLock) -> None:
    """Stop the servers unless somebody else uses them."""
    with _starting(places), ExitStack() as steps:
        steps.callback(users.leave)
        if users.is_last():
            # A stack, so that one that does not stop keeps no other from being stopped.
            for server in (*_left_by_others(places, servers), *servers):
                steps.callback(server.stop)


def _left_by_others(places: Places, servers: Sequence[Server]) -> Iterator[Server]:
    """Servers that an earlier user wanted, and whose URL was handed in now."""
    account, stopping = account_of_servers(), threading.Event()
    names = {server.name for server in servers}
    if Valkey.name not in names:
        with suppress(ServersUnavailable):
            yield Valkey(places, account, stopping=stopping)
    if Postgres.name not in names:
        with suppress(ServersUnavailable):
            yield Postgres(places, account, fsync=True, stopping=stopping)


def _starting(places: Places) -> AbstractContextManager[None]:
    return only_one(places.locks / "starting")

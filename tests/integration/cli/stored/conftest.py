"""Commands that keep things: a migrated database for each test, commands run on it.

Commands run in this process by their own entry point, because starting Python takes longer than most of them; where a
test is about processes and signals, it starts them.
"""

import logging
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import structlog

from hunter.cli.main import main
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import RecordsWorldSource
from hunter.servers.backup import libpq_url
from hunter.servers.supervisor import RunningServers
from hunter.storage.schema import upgrade
from tests.integration.cli.conftest import COMMAND, Result, environment
from tests.support.postgres import Databases

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Database:
    """A database of a test's own."""

    url: str

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[Row]:
        """The rows of a query."""
        with psycopg.connect(libpq_url(self.url), autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def run(self, *statements: str) -> None:
        """Change something behind Hunter's back."""
        with psycopg.connect(libpq_url(self.url)) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def domains(self) -> set[object]:
        """The companies of the list of leads that were scanned."""
        return {domain for (domain,) in self.rows("select domain from leads where priority_score is not null")}


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands on a database."""

    folder: Path
    variables: Mapping[str, str]
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, **further: str) -> Result:
        """Run a command to its end in this process."""
        variables = environment(**{**self.variables, **further})
        self.capture.readouterr()
        with self.patch.context() as patch:
            patch.chdir(self.folder)
            for name in set(os.environ) - set(variables):
                patch.delenv(name)
            for name, text in variables.items():
                patch.setenv(name, text)
            code = _ended(arguments)
        return Result(code, *self.capture.readouterr())

    def start(self, *arguments: str, **further: str) -> "subprocess.Popen[bytes]":
        """Start a command in a process of its own and leave it running."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**{**self.variables, **further}),
            cwd=self.folder,
        )

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file into the folder of the commands; returns its name."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name


def _ended(arguments: tuple[str, ...]) -> int:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        return main(arguments)
    except SystemExit as end:
        # So ends whoever calls a command in a way that it does not know.
        return end.code if isinstance(end.code, int) else -1
    finally:
        # The log of a command ends with its process; this one goes on.
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def databases(servers: RunningServers) -> Databases:
    """Databases whose schema is that of this release."""
    return Databases(servers.database_url, prepare=upgrade)


@pytest.fixture(scope="session")
def bare_databases(servers: RunningServers) -> Databases:
    """Databases with nothing in them, no schema either."""
    return Databases(servers.database_url, prepare=lambda url: None)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A database with the schema and no company."""
    with databases.clone() as url:
        yield Database(url)


@pytest.fixture
def other_database(databases: Databases) -> Iterator[Database]:
    """A second one."""
    with databases.clone() as url:
        yield Database(url)


@pytest.fixture
def bare_database(bare_databases: Databases) -> Iterator[Database]:
    """A database without a schema."""
    with bare_databases.clone() as url:
        yield Database(url)


@pytest.fixture
def hunter(
    tmp_path: Path,
    database: Database,
    servers: RunningServers,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Commands:
    """Commands on the test's own database; their working folder is where relative names lead."""
    variables = {
        "HUNTER_DATABASE_URL": database.url,
        "HUNTER_REDIS_URL": servers.redis_url,
        "HUNTER_DATA_DIR": str(tmp_path / "data"),
    }
    folder = tmp_path / "work"
    folder.mkdir()
    return Commands(folder, variables, monkeypatch, capsys)


@contextmanager
def world(records: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[str]:
    """The address of a name server that knows these records."""
    with start_name_server(RecordsWorldSource(records)) as server:
        yield f"{server.host}:{server.port}"

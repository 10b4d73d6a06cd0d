"""The schema's migrations, run by hand-written configuration: no ini file, no working folder.

In: a database URL and a revision. Synchronous, as Alembic is; call it in a thread where a loop is running.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from hunter.core.errors import InvalidInput
from hunter.storage.engine import psycopg_url, translated_errors

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
#: Only one migrates at a time; others wait and then find nothing to do.
_LOCK: Final = 0x48554E54


def upgrade(url: str, revision: str = "head", *, say: Callable[[str], None] | None = None) -> None:
    """Bring the schema up to a revision, all steps in one transaction; raises `Unavailable` or `InvalidInput`.

    `say` hears what is being done where it may take long. What is broken off leaves the database as it was.
    """
    with _existing(revision), translated_errors(), _connected(url) as connection:
        configuration = _configuration(connection)
        configuration.attributes["say"] = say
        command.upgrade(configuration, revision)


def downgrade(url: str, revision: str) -> None:
    """Bring the schema down to a revision: `base`, `-1` or its name; raises `Unavailable` or `InvalidInput`."""
    with _existing(revision), translated_errors(), _connected(url) as connection:
        command.downgrade(_configuration(connection), revision)


def heads() -> tuple[str, ...]:
    """Return the newest revision of this release."""
    return tuple(ScriptDirectory.from_config(_configuration(None)).get_heads())


@contextmanager
def _existing(revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise InvalidInput(f"the schema has no way to revision {revision!r}: {error}") from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(psycopg_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
            yield connection
    finally:
        engine.dispose()


def _configuration(connection: Connection | None) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration

"""Two databases full of leads on the embedded servers as the product ships them: few leads, and many.

In: a folder, or none for one that is removed afterwards. Out: URLs. A database of the same size, seed and schema that
is there already is used again; its comment says what it was filled with, and is written last.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.lead_load import load_leads
from bench.lead_world import LeadWorld
from hunter.servers.backup import libpq_url
from hunter.servers.cluster import OWNER, SUPERUSER
from hunter.servers.supervisor import start_servers
from hunter.storage.engine import open_engine
from hunter.storage.schema import heads, upgrade

_COMMENT: Final = """
select shobj_description(oid, 'pg_database') from pg_database where datname = %s
"""
_SETTINGS: Final = ("shared_buffers", "work_mem", "max_wal_size", "fsync", "synchronous_commit", "wal_compression")


@dataclass(frozen=True, slots=True)
class LeadDatabase:
    """One database and how many leads it has."""

    #: As the product's own role, which has no further rights.
    url: str
    rows: int
    #: Whether it was there before this run.
    is_old: bool


@dataclass(frozen=True, slots=True)
class LeadDatabases:
    """Both databases, while their servers run."""

    few: LeadDatabase
    many: LeadDatabase
    redis_url: str
    #: A folder for what a process of the product keeps.
    folder: Path
    #: What the server is set to, for the report.
    settings: str


@contextmanager
def open_databases(
    data: Path | None, sizes: tuple[int, int], world: LeadWorld, say: Callable[[str], None]
) -> Iterator[LeadDatabases]:
    """Start the servers, make what is missing, stop them; blocks for minutes where a million leads are loaded."""
    with _folder(data) as folder, start_servers(folder / "servers") as running:
        few, many = (_ready(running.database_url, rows, world, say) for rows in sizes)
        yield LeadDatabases(few, many, running.redis_url, folder, _settings(running.database_url))


def database_url(url: str, database: str, *, user: str = OWNER) -> str:
    """Return the URL of another database of the same embedded server."""
    return urlunsplit(urlsplit(url)._replace(netloc=f"{user}@", path=f"/{database}"))


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="hunter-bench-") as name:
        # Where root starts them, the servers run as somebody else, who has to pass through.
        Path(name).chmod(0o711)
        yield Path(name)


def _ready(server_url: str, rows: int, world: LeadWorld, say: Callable[[str], None]) -> LeadDatabase:
    name = f"leads_{rows}"
    content = json.dumps({"rows": rows, "seed": world.seed, "schema": sorted(heads())})
    url = database_url(server_url, name)
    with _superuser(server_url, "postgres") as connection:
        found = connection.execute(_COMMENT, [name]).fetchone()
        if found is not None and found[0] == content:
            say(f"leads: {rows:,} are there already; vacuum")
            with _superuser(server_url, name) as filled:
                filled.execute("vacuum analyze")
            return LeadDatabase(url, rows, is_old=True)
        names = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER)}
        connection.execute(sql.SQL("drop database if exists {name} with (force)").format(**names))
        connection.execute(sql.SQL("create database {name} template template0 owner {owner}").format(**names))
        upgrade(url)
        say(f"leads: loading {rows:,}")
        asyncio.run(_load(database_url(server_url, name, user=SUPERUSER), world, rows, say))
        connection.execute(
            sql.SQL("comment on database {name} is {text}").format(name=names["name"], text=sql.Literal(content))
        )
    return LeadDatabase(url, rows, is_old=False)


async def _load(url: str, world: LeadWorld, rows: int, say: Callable[[str], None]) -> None:
    engine = open_engine(url)
    try:
        await load_leads(engine, libpq_url(url), world, rows=rows, say=say)
    finally:
        await engine.dispose()


def _settings(server_url: str) -> str:
    with _superuser(server_url, "postgres") as connection:
        values = [connection.execute("select current_setting(%s)", [name]).fetchone() for name in _SETTINGS]
    return ", ".join(f"{name} {value[0]}" for name, value in zip(_SETTINGS, values, strict=True) if value)


def _superuser(server_url: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(libpq_url(database_url(server_url, database, user=SUPERUSER)), autocommit=True)

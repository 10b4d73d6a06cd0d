"""A database into one file and back, by PostgreSQL's own `pg_dump` and `pg_restore` from the wheel.

In: the URL of a database, embedded or not, and a path. Out: a whole file, or a whole database, or an error and nothing
changed.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hunter.servers.errors import BackupFailed, DatabaseNotEmpty
from hunter.servers.processes import VARIABLES
from hunter.servers.programs import find_postgres

#: What stands at the head of pg_dump's own format.
MAGIC = b"PGDMP"
#: The schema's version: a freshly migrated database has this row and no other.
VERSION_TABLE = "alembic_version"
TABLES = """
select schemaname, tablename from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') and tablename <> %s
order by 1, 2
"""
#: No settings of the user, stop at the first error, say errors only.
QUIET = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-")
#: Stops where a table has a row, and keeps others from adding one.
SEE_THAT_IT_IS_EMPTY = f"""do $$ declare one record; has_rows boolean; begin
    for one in select schemaname, tablename from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') and tablename <> '{VERSION_TABLE}'
    loop
        execute format('lock table %I.%I in access exclusive mode', one.schemaname, one.tablename);
        execute format('select exists (select from %I.%I)', one.schemaname, one.tablename) into has_rows;
        if has_rows then
            raise exception 'the database has got rows meanwhile (in %.%)', one.schemaname, one.tablename;
        end if;
    end loop;
end $$;
"""
PRELUDE = """begin;
set local lock_timeout = '{milliseconds}ms';
set client_min_messages = warning;
{further}drop schema public cascade;
create schema public;
"""
#: Of others who use the tables; then the restoring gives up, so that a forgotten transaction is noticed.
LOCK_SECONDS = 30.0
PIECE_BYTES = 1 << 20


def backup(url: str, file: Path) -> None:
    """Write everything in the database to a new file, readable by its owner only; work may go on meanwhile.

    Raises `BackupFailed`; an existing file is never overwritten, and no half of one is left.
    """
    if file.exists():
        raise BackupFailed(f"{file} is there already; name another file or move it away")
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        # Made before it is filled, so that it is never readable by others.
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        command, variables = _client("pg_dump", url)
        # It syncs the file itself.
        _run([*command, "--format=custom", "--no-owner", "--no-privileges", f"--file={partial.absolute()}"], variables)
        # It reads its own table of contents back before the file gets its name.
        _run([_program("pg_restore"), "--list", str(partial.absolute())], VARIABLES)
        partial.rename(file)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Read a file of `backup` into a database that has no rows yet; raises `DatabaseNotEmpty` where it has some."""
    table = _table_with_rows(url)
    if table is not None:
        raise DatabaseNotEmpty(
            f"the database has rows already (in {table}); restoring would replace them. Nothing was changed"
        )
    restore_over(url, file, must_be_empty=True)


def restore_over(url: str, file: Path, *, lock_seconds: float = LOCK_SECONDS, must_be_empty: bool = False) -> None:
    """Put what is in the file in place of all that is in the database, in one transaction: all of it or nothing.

    `must_be_empty` looks for rows once more in that transaction, so that none is dropped that came in meanwhile.
    Waits for others who use the tables, but not for ever; raises `BackupFailed`.
    """
    _see_that_it_is_a_backup(file)
    command, variables = _client("psql", url)
    reading = ["--no-owner", "--no-privileges", "--exit-on-error", "--file=-", str(file.absolute())]
    with tempfile.TemporaryFile() as said:
        with (
            subprocess.Popen(
                [_program("pg_restore"), *reading],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env=VARIABLES,
            ) as reader,
            subprocess.Popen(
                [*command, *QUIET], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=variables
            ) as writer,
        ):
            further = SEE_THAT_IT_IS_EMPTY if must_be_empty else ""
            prelude = PRELUDE.format(milliseconds=round(lock_seconds * 1000), further=further)
            is_done = _pour(reader, writer, prelude)
        if not is_done:
            raise BackupFailed(f"{file} could not be read back; the database is as it was. {_end_of(said)}")
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        # The planner's figures are not in the file.
        connection.execute("analyze")


def libpq_url(url: str) -> str:
    """The URL without the name of the driver, as PostgreSQL's own programs read it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme=parts.scheme.partition("+")[0]))


def without_password(url: str) -> tuple[str, str | None]:
    """The URL as it may stand in a list of processes, and the password that was in it."""
    parts = urlsplit(libpq_url(url))
    query = parse_qsl(parts.query, keep_blank_values=True)
    password = next((value for name, value in query if name == "password"), None)
    if parts.password is not None:
        password = unquote(parts.password)
    user, at, place = parts.netloc.rpartition("@")
    kept = urlencode([(name, value) for name, value in query if name != "password"], quote_via=quote)
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{place}", query=kept)), password


def _pour(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], prelude: str) -> bool:
    """Pass the script on and commit when all of it has come; whether that was done."""
    assert reader.stdout is not None
    assert writer.stdin is not None
    # A writer that has given up closes its end; it has said why.
    with suppress(BrokenPipeError):
        writer.stdin.write(prelude.encode())
        shutil.copyfileobj(reader.stdout, writer.stdin, PIECE_BYTES)
        if reader.wait() == 0:
            writer.stdin.write(b"\ncommit;\n")
        # Without the commit, the end of the connection takes everything back.
    with suppress(BrokenPipeError):
        writer.stdin.close()
    # A reader that is still at it learns here that nobody listens.
    reader.stdout.close()
    return writer.wait() == 0 and reader.wait() == 0


def _end_of(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace").strip()[-2000:]


def _table_with_rows(url: str) -> str | None:
    """The first table that has a row, save the one that says the schema's version."""
    with _connected(url) as connection:
        tables = connection.execute(TABLES, [VERSION_TABLE]).fetchall()
        for schema, table in tables:
            asked = sql.SQL("select exists (select from {})").format(sql.Identifier(schema, table))
            if connection.execute(asked).fetchone() == (True,):
                return f"{schema}.{table}"
    return None


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    try:
        connection = psycopg.connect(libpq_url(url), connect_timeout=10)
    except psycopg.OperationalError as error:
        raise BackupFailed(f"the database does not answer: {error}") from error
    with connection:
        yield connection


def _see_that_it_is_a_backup(file: Path) -> None:
    try:
        with file.open("rb") as content:
            head = content.read(len(MAGIC))
    except OSError as error:
        raise BackupFailed(f"{file} cannot be read: {error.strerror or error}") from error
    if head != MAGIC:
        raise BackupFailed(f"{file} is no backup of this program; nothing was changed")


def _program(name: str) -> str:
    return str(find_postgres().program(name))


def _client(name: str, url: str) -> tuple[list[str], dict[str, str]]:
    """The program with its connection, and its variables: a password never stands on a command line."""
    address, password = without_password(url)
    return [_program(name), f"--dbname={address}", "--no-password"], VARIABLES | (
        {"PGPASSWORD": password} if password else {}
    )


def _run(command: Sequence[str], variables: dict[str, str]) -> None:
    ended = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=variables,
        check=False,
    )
    if ended.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {ended.stderr.decode(errors='replace').strip()[-2000:]}")

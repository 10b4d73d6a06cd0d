"""The embedded PostgreSQL of one data folder: adopt it where it runs, else start it; stop it.

Whether it runs is judged by a connection. The file `postmaster.pid` outlives a killed server, and its number may by now
be anybody's.
"""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from threading import Event
from urllib.parse import quote

import psycopg
from psycopg import sql

from hunter.servers.account import Account, hand_over
from hunter.servers.cluster import DATABASE, OWNER, SUPERUSER, has_cluster, make_cluster
from hunter.servers.errors import ServersUnavailable
from hunter.servers.places import Places
from hunter.servers.postgres_settings import ours, settings_file, settings_for, this_machine
from hunter.servers.processes import alive_child, is_alive, length, pause, said_since, send, start_process, wait_for_end
from hunter.servers.programs import PostgresPrograms, find_postgres, postgres_for

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
CONNECT_SECONDS = 5
#: Starting includes recovery after a crash; a checkpoint's distance of log is read again in a minute on a slow disk.
START_SECONDS = 600.0
#: Processes of a killed server notice its death when they look up from their work.
LEFTOVER_SECONDS = 30.0
STOP_SECONDS = 60.0
#: What PostgreSQL says while a killed predecessor is not quite gone.
LEFTOVERS = ("is still in use", '"postmaster.pid" already exists')
#: Line of `postmaster.pid` that says `ready`, counted from zero.
STATUS_LINE = 7


class Postgres:
    """One server; its methods are called by one process at a time, under the lock of starting."""

    name = "postgresql"

    def __init__(self, places: Places, account: Account, *, fsync: bool, stopping: Event) -> None:
        self._places, self._account, self._fsync, self._stopping = places, account, fsync, stopping
        self._found: PostgresPrograms = find_postgres()
        self._log = places.logs / "postgresql.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The product's database, as SQLAlchemy reads it with psycopg."""
        return f"postgresql+psycopg://{OWNER}@/{DATABASE}?host={quote(str(self._places.sockets), safe='')}&port={PORT}"

    def ensure_running(self) -> None:
        """Return when it answers: the one that runs, or one started now."""
        try:
            if not self._is_answering() and not self._is_waited_for():
                self._start()
            with self._connect() as connection:
                self._see_that_it_is_ours(connection)
                _make_database(connection)
        except (OSError, psycopg.Error) as error:
            raise ServersUnavailable(f"PostgreSQL cannot be started: {error}") from error

    def stop(self) -> None:
        """Stop it with its data written; open transactions are rolled back. Nothing to do where it does not run."""
        own = alive_child(self._child)
        pid = own or self._pid()
        if not own and not is_alive(pid, self._folder):
            return
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, CONNECT_SECONDS)):
            send(pid, number)
            if self._has_ended(pid, seconds=seconds):
                return
        raise ServersUnavailable(f"PostgreSQL (process {pid}) does not stop; see {self._log}")

    def open_line(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that ends with the server, so that its end is an event and not a guess."""
        return self._connect()

    @property
    def _folder(self) -> Path:
        return self._places.cluster(self._found.major)

    @property
    def _socket(self) -> Path:
        return self._places.sockets / SOCKET_NAME

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(
                host=str(self._places.sockets),
                port=PORT,
                dbname="postgres",
                user=SUPERUSER,
                application_name="hunter supervisor",
                connect_timeout=CONNECT_SECONDS,
                autocommit=True,
            )
        except psycopg.OperationalError as error:
            raise ServersUnavailable(f"PostgreSQL does not answer: {error}") from error

    def _is_listening(self) -> bool:
        """Whether somebody takes calls at the socket, be it only to say that he is busy."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(CONNECT_SECONDS)
            try:
                line.connect(str(self._socket))
            except TimeoutError:
                return True
            except OSError:
                return False
        return True

    def _is_answering(self) -> bool:
        if not self._is_listening():
            return False
        try:
            self._connect().close()
        except ServersUnavailable:
            return False
        return True

    def _is_waited_for(self) -> bool:
        """Whether one that is alive has come to answer; one that lives but cannot be reached is stopped."""
        pid = self._pid()
        deadline = time.monotonic() + START_SECONDS
        while is_alive(pid, self._folder) and (self._status() != "ready" or self._is_listening()):
            # Starting, recovering, stopping or without a free connection: all of these end by themselves.
            if self._is_answering():
                return True
            self._see_the_time(deadline)
            pause(self._stopping)
        # Its socket was removed, by a cleaner of old files for one: nobody will ever reach it again.
        self.stop()
        return False

    def _start(self) -> None:
        if not has_cluster(self._places, self._found.major, self._account):
            make_cluster(self._places, self._programs(), self._account, fsync=self._fsync)
        self._write_settings()
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while not self._has_started():
            if time.monotonic() > deadline:
                raise ServersUnavailable(
                    f"processes of a PostgreSQL that was killed still hold its memory. End those that name "
                    f"{self._folder} or wait for them, then start again"
                )
            pause(self._stopping)

    def _has_started(self) -> bool:
        """Start it once; False where a killed predecessor is still in the way."""
        self._disown_stale_numbers()
        position = length(self._log)
        command = [
            str(self._programs().program("postgres")),
            "-D",
            str(self._folder),
            *ours(settings=self._places.postgres_settings, sockets=self._places.sockets),
        ]
        child = start_process(command, account=self._account, log=self._log)
        self._child = child
        deadline = time.monotonic() + START_SECONDS
        while child.poll() is None:
            if self._is_answering():
                return True
            self._see_the_time(deadline)
            pause(self._stopping)
        said = said_since(self._log, min(position, length(self._log)))
        if any(sign in said for sign in LEFTOVERS):
            return False
        raise ServersUnavailable(f"PostgreSQL did not start (exit code {child.returncode}). It said:\n{said}")

    def _programs(self) -> PostgresPrograms:
        return postgres_for(self._account, self._found, self._places.programs)

    def _write_settings(self) -> None:
        partial = self._places.postgres_settings.with_suffix(".partial")
        partial.write_text(settings_file(settings_for(this_machine(), fsync=self._fsync)), encoding="utf-8")
        partial.chmod(0o644)
        partial.replace(self._places.postgres_settings)

    def _disown_stale_numbers(self) -> None:
        """Where the number in the pid file is no server of ours any more, put ours in its place.

        PostgreSQL takes any living process of that number for its predecessor, save its own parent. The rest of the
        file stays: by it PostgreSQL sees whether processes of the predecessor still write.
        """
        # The same number stands beside the socket, in a folder that is ours alone; nothing else is read from there.
        self._socket.with_name(f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        lines = self._pid_lines()
        if not lines or is_alive(self._pid(), self._folder):
            return
        partial = self._folder / "postmaster.pid.partial"
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        hand_over(partial, self._account)
        partial.replace(self._folder / "postmaster.pid")

    def _pid_lines(self) -> list[str]:
        try:
            return (self._folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _pid(self) -> int:
        """The process that the pid file names, 0 where it names none."""
        lines = self._pid_lines()
        # A single-user server writes its number with a minus.
        return int(lines[0]) if lines and lines[0].strip().isdigit() else 0

    def _status(self) -> str:
        lines = self._pid_lines()
        return lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""

    def _see_the_time(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise ServersUnavailable(f"PostgreSQL has not come up within {START_SECONDS:.0f} s; see {self._log}")

    def _see_that_it_is_ours(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        row = connection.execute("show data_directory").fetchone()
        if row is None or row[0] != str(self._folder):
            raise ServersUnavailable(f"the PostgreSQL at {self._socket} keeps other rows: {row and row[0]}")

    def _has_ended(self, pid: int, *, seconds: float) -> bool:
        if self._child is None or self._child.pid != pid:
            return wait_for_end(pid, self._folder, seconds=seconds)
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def _make_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Role and database of the product, where they are missing."""
    if connection.execute("select from pg_roles where rolname = %s", [OWNER]).fetchone() is None:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(OWNER)))
    if connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
        names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
        connection.execute(sql.SQL("create database {database} owner {owner}").format(**names))

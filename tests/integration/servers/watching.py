"""What tests see of the servers from outside: their processes, their ports, their rows."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from hunter.servers.backup import libpq_url

PROC = Path("/proc")
LISTENING = "0A"
SERVERS = (b"/postgres", b"/valkey-server")


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that commits each statement by itself."""
    return psycopg.connect(libpq_url(url), autocommit=True, connect_timeout=10)


def one(url: str, query: str) -> object:
    """The one value of a query."""
    with connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def ask_valkey(url: str, command: str) -> str:
    """Valkey's answer to an inline command."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(unquote(urlsplit(url).path))
        line.sendall(f"{command}\r\n".encode())
        return line.recv(65536).decode()


def processes_of(folder: Path) -> list[int]:
    """The servers whose command line names a place in this folder."""
    # A backend shows the line of its server until it has set its own.
    named = _named(folder)
    return sorted(pid for pid, parent in named.items() if parent not in named)


def leftovers_of(folder: Path) -> list[int]:
    """All that was started for this folder, a set-up and its parts among them."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            line = entry.joinpath("cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in line and line.split(b"\0")[0].endswith((*SERVERS, b"/initdb")):
            found.append(int(entry.name))
    return found


def _named(folder: Path) -> dict[int, int]:
    """Processes with the command line of a server of this folder, and their parents."""
    found = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            words = entry.joinpath("cmdline").read_bytes().split(b"\0")
            parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if words[0].endswith(SERVERS) and any(word.startswith(os.fsencode(folder) + b"/") for word in words[1:]):
            found[int(entry.name)] = parent
    return found


def postmaster(folder: Path) -> int:
    """The process number of PostgreSQL."""
    return int((folder / "postgresql-18" / "postmaster.pid").read_text().split()[0])


def uid_of(pid: int) -> int:
    """Whose process it is."""
    return PROC.joinpath(str(pid)).stat().st_uid


def tcp_ports_of(pid: int) -> list[str]:
    """What it listens on beyond sockets of the file system."""
    inodes = {os.readlink(entry) for entry in PROC.joinpath(str(pid), "fd").iterdir() if entry.is_symlink()}
    lines = [
        line.split() for kind in ("tcp", "tcp6") for line in PROC.joinpath("net", kind).read_text().splitlines()[1:]
    ]
    return [fields[1] for fields in lines if fields[3] == LISTENING and f"socket:[{fields[9]}]" in inodes]


def eventually(is_so: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that nobody announces; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)

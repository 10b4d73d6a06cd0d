"""Starting a server's process, and telling whether one that somebody else has started is still there.

A process number alone proves nothing: after a restart it may be anybody's. A server is known by its command line,
which names its folder.
"""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from hunter.servers.account import Account
from hunter.servers.errors import ServersUnavailable

SECONDS_BETWEEN_LOOKS = 0.01
#: A log longer than this is put aside when its server is started.
LONGEST_LOG_BYTES = 10_000_000
PROC = Path("/proc")
#: The servers see none of the caller's variables: PGDATA, LD_PRELOAD and the like are not for them.
VARIABLES = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


def start_process(command: Sequence[str], *, account: Account, log: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C in the terminal reaches us and not it."""
    if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=VARIABLES,
                start_new_session=True,
                umask=0o077,
                user=account.uid if account.is_dropped else None,
                group=account.gid if account.is_dropped else None,
                extra_groups=[] if account.is_dropped else None,
            )
    except OSError as error:
        raise ServersUnavailable(f"{command[0]} cannot be started: {error.strerror or error}") from error


def is_alive(pid: int, folder: Path) -> bool:
    """Whether this process is a server that was started for this folder; one that waits to be reaped is not."""
    if pid <= 0:
        return False
    if not PROC.joinpath("self", "cmdline").exists():
        return _is_listed(pid, folder)
    try:
        return os.fsencode(folder) in PROC.joinpath(str(pid), "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _is_listed(pid: int, folder: Path) -> bool:
    """The same where there is no /proc."""
    listed = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return os.fsencode(folder) in listed.stdout


def alive_child(child: subprocess.Popen[bytes] | None) -> int:
    """The number of a child of ours that has not ended, else 0; one that has ended is reaped.

    A child that was started just now has not written its pid file yet.
    """
    return child.pid if child is not None and child.poll() is None else 0


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that has ended by itself needs none."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_for_end(pid: int, folder: Path, *, seconds: float) -> bool:
    """Whether the server has ended within this time."""
    deadline = time.monotonic() + seconds
    while is_alive(pid, folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return True


def pause(stopping: Event) -> None:
    """Wait a moment for a server; raises where we are to stop meanwhile."""
    if stopping.wait(SECONDS_BETWEEN_LOOKS):
        raise ServersUnavailable("stopped while a server was starting")


def said_since(log: Path, position: int) -> str:
    """What a server has said since its log was so long, the last 4 kB of it."""
    if not log.exists():
        return ""
    with log.open("rb") as text:
        text.seek(max(position, log.stat().st_size - 4096))
        return text.read().decode(errors="replace").strip()


def length(log: Path) -> int:
    """How long a log is by now, in bytes."""
    return log.stat().st_size if log.exists() else 0

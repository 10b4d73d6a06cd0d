"""The embedded Valkey of one data folder: adopt it where it runs, else start it; stop it.

It holds caches, limits and the queue; what must not be lost is in PostgreSQL. A few inline commands over its socket are
all we need of the protocol (valkey.io/topics/protocol).
"""

import signal
import socket
import subprocess
import time
from pathlib import Path
from threading import Event
from urllib.parse import quote

from hunter.servers.account import Account
from hunter.servers.errors import ServersUnavailable
from hunter.servers.places import Places
from hunter.servers.processes import alive_child, is_alive, length, pause, said_since, send, start_process, wait_for_end
from hunter.servers.programs import find_valkey, valkey_for

ANSWER_SECONDS = 5.0
START_SECONDS = 60.0
STOP_SECONDS = 30.0
#: Option, value, and why.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("--port", "0", "no TCP port"),
    ("--unixsocketperm", "700", "the second lock beside the closed folder"),
    ("--daemonize", "no", "we are its parent, so we see it end"),
    ("--set-proc-title", "no", "its command line names its folder, by which a later start knows it"),
    ("--logfile", "", "it speaks to the log that we open"),
    ("--databases", "16", "one each for broker and cache, and room"),
    ("--appendonly", "no", "queue and caches can be made again; the truth is in PostgreSQL"),
    ("--save", "300 1", "a snapshot after five minutes with a change, so a restart finds its caches warm"),
    ("--stop-writes-on-bgsave-error", "no", "a full disk must not stop caches and limits"),
    ("--maxmemory", "512mb", "evidence of many domains is cached; the machine has other work"),
    ("--maxmemory-policy", "volatile-ttl", "what ends soonest goes first; the queue has no end and never goes"),
    ("--enable-debug-command", "no", "nobody needs it"),
)


class Valkey:
    """One server; its methods are called by one process at a time, under the lock of starting."""

    name = "valkey"

    def __init__(self, places: Places, account: Account, *, stopping: Event) -> None:
        self._places, self._account, self._stopping = places, account, stopping
        self._found = find_valkey()
        self._log = places.logs / "valkey.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The first database, as redis-py reads it."""
        return f"unix://{quote(str(self._places.valkey_socket))}?db=0"

    def ensure_running(self) -> None:
        """Return when it answers: the one that runs, or one started now."""
        try:
            if self._answer("PING") != "+PONG" and not self._is_waited_for():
                self._start()
        except OSError as error:
            raise ServersUnavailable(f"Valkey cannot be started: {error}") from error

    def stop(self) -> None:
        """Stop it with its snapshot written. Nothing to do where it does not run."""
        own = alive_child(self._child)
        pid = own or self._pid()
        if not own and not is_alive(pid, self._places.valkey):
            return
        if self._answer("SHUTDOWN").startswith("-"):
            # It could not write its snapshot, for want of room for one; it ends all the same.
            self._answer("SHUTDOWN NOSAVE")
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, ANSWER_SECONDS)):
            send(pid, number)
            if self._has_ended(pid, seconds=seconds):
                return
        raise ServersUnavailable(f"Valkey (process {pid}) does not stop; see {self._log}")

    def open_line(self) -> socket.socket:
        """A connection that ends with the server, so that its end is an event and not a guess."""
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWER_SECONDS)
        try:
            line.connect(str(self._places.valkey_socket))
        except OSError as error:
            line.close()
            raise ServersUnavailable(f"Valkey does not answer: {error.strerror or error}") from error
        return line

    @property
    def _pid_file(self) -> Path:
        return self._places.valkey / "valkey.pid"

    def _answer(self, command: str) -> str:
        """The first line of its answer, empty where there is none."""
        try:
            with self.open_line() as line:
                line.sendall(f"{command}\r\n".encode())
                return line.recv(512).decode(errors="replace").partition("\r\n")[0]
        except (OSError, ServersUnavailable):
            return ""

    def _is_waited_for(self) -> bool:
        """Whether one that is alive but not answering has come to answer; one that does not is stopped."""
        pid = self._pid()
        deadline = time.monotonic() + START_SECONDS
        while is_alive(pid, self._places.valkey) and self._places.valkey_socket.exists():
            if self._answer("PING") == "+PONG":
                return True
            if time.monotonic() > deadline:
                break
            # It reads its snapshot, or is ending.
            pause(self._stopping)
        self.stop()
        return False

    def _start(self) -> None:
        program = valkey_for(self._account, self._found, self._places.programs)
        position = length(self._log)
        child = start_process(
            [
                str(program.path),
                *("--dir", str(self._places.valkey)),
                *("--unixsocket", str(self._places.valkey_socket)),
                *("--pidfile", str(self._pid_file)),
                *(word for option, value, _ in SETTINGS for word in (option, value)),
            ],
            account=self._account,
            log=self._log,
        )
        self._child = child
        deadline = time.monotonic() + START_SECONDS
        while child.poll() is None:
            if self._answer("PING") == "+PONG":
                return
            if time.monotonic() > deadline:
                raise ServersUnavailable(f"Valkey has not come up within {START_SECONDS:.0f} s; see {self._log}")
            pause(self._stopping)
        said = said_since(self._log, min(position, length(self._log)))
        raise ServersUnavailable(
            f"Valkey did not start (exit code {child.returncode}). If it cannot read "
            f"{self._places.valkey / 'dump.rdb'}, move that file away: it holds caches and the queue, "
            f"no leads. It said:\n{said}"
        )

    def _pid(self) -> int:
        """The process that the pid file names, 0 where it names none."""
        try:
            text = self._pid_file.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return 0
        return int(text) if text.isdigit() else 0

    def _has_ended(self, pid: int, *, seconds: float) -> bool:
        if self._child is None or self._child.pid != pid:
            return wait_for_end(pid, self._places.valkey, seconds=seconds)
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

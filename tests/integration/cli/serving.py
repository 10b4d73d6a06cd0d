"""A command that serves, as a user starts it: `hunter up` or `hunter demo` in a process of its own.

In: the command and its data folder. Out: its address once it has told it, and what it said when it has ended.
"""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.integration.cli.conftest import COMMAND, environment
from tests.integration.servers.watching import eventually, leftovers_of

PATIENCE_SECONDS = 60
_ADDRESS = re.compile(r"(?:serving on|API) (http://[\d.]+:\d+)")


@dataclass(frozen=True, slots=True)
class Serving:
    """A command that has told its address."""

    process: "subprocess.Popen[str]"
    address: str
    #: What it has written so far.
    output: str
    folder: Path

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.address).port or 0

    @property
    def database_url(self) -> str:
        """The database that it has started for itself."""
        return f"postgresql://hunter@/hunter?host={self.folder / 'run'}&port=5432"

    def client(self) -> httpx.Client:
        """A client for its API."""
        return httpx.Client(base_url=self.address, timeout=PATIENCE_SECONDS, trust_env=False)

    def get(self, path: str) -> httpx.Response:
        """Its answer."""
        with self.client() as client:
            return client.get(path)

    def post(self, body: dict[str, str]) -> httpx.Response:
        """Its answer to a company that is handed in."""
        with self.client() as client:
            return client.post("/api/v1/ingest/domain", json=body)

    def end(self, number: signal.Signals) -> int:
        """Tell it to end and wait for that; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def errors(self) -> str:
        """What it wrote on standard error."""
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def listens(self) -> bool:
        """Whether its port is open."""
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def serving(folder: Path, *arguments: str, **variables: str) -> Iterator[Serving]:
    """Start a command that serves, wait for its address, and leave nothing of it behind, however the test went.

    It takes a free port and keeps its things in `folder`, as far as the variables say nothing else.
    """
    own = {"HUNTER_DATA_DIR": str(folder), "HUNTER_API_PORT": "0", **variables}
    # A file and no pipe, because nobody reads it while the command runs.
    with (folder / "stderr").open("ab") as errors:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(**own),
            cwd=folder,
            text=True,
        )
    try:
        yield _told(process, folder)
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)
        kill_leftovers(folder)


def kill_leftovers(folder: Path) -> None:
    """Kill, by number, every server that was started for a folder."""
    for pid in leftovers_of(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: leftovers_of(folder) == [])


def _told(process: "subprocess.Popen[str]", folder: Path) -> Serving:
    assert process.stdout is not None
    output = ""
    for line in process.stdout:
        output += line
        if found := _ADDRESS.search(line):
            return Serving(process, found[1], output, folder)
    raise AssertionError(f"it ended: {(folder / 'stderr').read_text(encoding='utf-8')}")

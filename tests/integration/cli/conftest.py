"""The command line as a user starts it, and the lab's demo world behind a real name server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import DemoWorldSource
from tests.support.house import ROOT

COMMAND = [sys.executable, "-m", "hunter.cli.main"]


def command(*arguments: str) -> list[str]:
    """The command line; a scan stores nothing, so that no server is started, where a test is not about storing."""
    stores_nothing = ["--no-save"] if arguments[:1] == ("scan",) else []
    return [*COMMAND, *arguments, *stores_nothing]


def environment(**further: str) -> dict[str, str]:
    """The variables of a user who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TMPDIR", "SYSTEMROOT"}}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1", **further}


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Hunter:
    """Starts commands in a folder of their own."""

    folder: Path

    def __call__(self, *arguments: str, given: bytes = b"", **variables: str) -> Result:
        """Run a command to its end; `given` is its standard input."""
        return self.within(variables, *arguments, given=given)

    def within(self, variables: Mapping[str, str], *arguments: str, given: bytes = b"") -> Result:
        """Run a command to its end with these variables in its environment."""
        done = subprocess.run(
            command(*arguments),
            input=given,
            capture_output=True,
            env=environment(**variables),
            cwd=self.folder,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
        """Start a command and leave it running."""
        return subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**variables),
            cwd=self.folder,
        )


@pytest.fixture
def hunter(tmp_path: Path) -> Hunter:
    return Hunter(tmp_path)


@pytest.fixture(scope="session")
def demo_server() -> Iterator[str]:
    """Address of a name server that serves the demo world."""
    with start_name_server(DemoWorldSource()) as server:
        yield f"{server.host}:{server.port}"


@pytest.fixture
def closed_server() -> Iterator[str]:
    """Address at which nobody listens; the port stays taken by TCP, so that nobody else gets it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"

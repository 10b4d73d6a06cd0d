"""The supervisor in a process of its own, as `hunter up` would be: it can be interrupted and killed.

Started as a program, it keeps the servers of a folder running until its input ends.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hunter.servers.account import account_of_servers
from hunter.servers.supervisor import RunningServers, start_servers

#: Programs are loaded before the rights are given up: the interpreter may lie where an ordinary user cannot go.
PROGRAM = """
import json, os, sys
import tests.integration.servers.keeping as keeping
keeping.main(*json.loads(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Keeper:
    """A running supervisor."""

    process: subprocess.Popen[str]
    servers: RunningServers

    def leave(self) -> None:
        """Let it leave as at the end of a command."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """Kill it without a chance to stop anything."""
        self.process.kill()
        self.process.communicate(timeout=60)


def begin(folder: Path, *, uid: int | None = None, packages: Path | None = None) -> subprocess.Popen[str]:
    """Start a supervisor; as another user, or with the servers' packages from another place, if wished."""
    path = [str(packages)] if packages else []
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps([str(folder), uid])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([*path, *filter(None, sys.path)])},
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str]) -> Keeper:
    """Wait until its servers answer."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the supervisor ended with {process.wait()}"
    told = json.loads(line)
    assert "error" not in told, told
    return Keeper(process, RunningServers(**told))


def refusal(process: subprocess.Popen[str]) -> dict[str, str]:
    """Why it did not start: code and message."""
    output, _ = process.communicate(timeout=60)
    told = json.loads(output)
    assert isinstance(told["error"], dict)
    return told["error"]


@contextmanager
def kept(folder: Path, *, uid: int | None = None, packages: Path | None = None) -> Iterator[Keeper]:
    """A supervisor that is ended afterwards, however the test went."""
    process = begin(folder, uid=uid, packages=packages)
    try:
        yield wait_for(process)
    finally:
        process.kill()
        process.communicate(timeout=60)


def main(folder: str, uid: int | None) -> None:
    """Keep the servers running until the input ends; says where they are, or why not, in one line."""
    # Loaded by the first use, so before the rights to read it are gone.
    account_of_servers()
    json.dumps({}).encode("idna")
    if uid is not None:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    try:
        with start_servers(Path(folder), fsync=False) as running:
            print(json.dumps({"database_url": running.database_url, "redis_url": running.redis_url}), flush=True)
            sys.stdin.read()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        print(json.dumps({"error": {"code": getattr(error, "code", type(error).__name__), "message": str(error)}}))

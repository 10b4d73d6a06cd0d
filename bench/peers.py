"""The peers that are measured beside us: where they are, and how one round of each is run."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench.processes import run_measured
from hunter.core.errors import Unavailable
from hunter.lab.running import RunningNameServer

CHECKDMARC: Final = "checkdmarc"
NOT_ASKED_FOR: Final = "not asked for: `--peers` measures checkdmarc in the same run"
NOT_INSTALLED: Final = "checkdmarc is not installed: `./hunter bench dns --peers` installs requirements/peers.txt"
NO_DNSPERF: Final = "dnsperf is not on the path: Debian has it as the package `dnsperf`"

_DONE: Final = re.compile(r"Queries completed:\s+(\d+)")
_SECONDS: Final = re.compile(r"Run time \(s\):\s+([\d.]+)")


def why_no_checkdmarc(*, is_asked_for: bool) -> str | None:
    """Say why checkdmarc cannot be measured; None if it can."""
    if not is_asked_for:
        return NOT_ASKED_FOR
    return None if find_spec(CHECKDMARC) else NOT_INSTALLED


@dataclass(frozen=True, slots=True)
class PeerTurn:
    """What a peer needed for some domains or questions."""

    count: int
    cpu_seconds: float
    wall_seconds: float


class CheckDMARC:
    """A running checkdmarc process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def check(self, domains: Sequence[str]) -> PeerTurn:
        """Let it check the domains; raises `Unavailable` if it ended."""
        if self._process.stdin is None or self._process.stdout is None:
            raise Unavailable("checkdmarc was started without pipes")
        try:
            self._process.stdin.write(json.dumps(list(domains)) + "\n")
            self._process.stdin.flush()
            turn = json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as error:
            raise Unavailable("checkdmarc has ended: what it said stands above") from error
        return PeerTurn(turn["domains"], turn["cpu_seconds"], turn["wall_seconds"])


@contextmanager
def open_checkdmarc(server: RunningNameServer) -> Iterator[CheckDMARC]:
    """Start checkdmarc in a process of its own, against the lab's name server."""
    command = [sys.executable, "-m", "bench.peer_checkdmarc", server.host, str(server.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield CheckDMARC(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


def find_dnsperf() -> str | None:
    """Return the path of dnsperf, or None."""
    return shutil.which("dnsperf")


def run_dnsperf(program: str, questions: Path, server: RunningNameServer) -> PeerTurn:
    """Let dnsperf ask every question of a file once, with EDNS as we ask; raises `Unavailable` if it fails."""
    command = [program, "-s", server.host, "-p", str(server.port), "-d", str(questions), "-n", "1", "-e"]
    output = questions.with_suffix(".out")
    finished = run_measured(command, output=output, errors=questions.with_suffix(".err"))
    said = output.read_text(encoding="utf-8", errors="replace")
    done, seconds = _DONE.search(said), _SECONDS.search(said)
    if finished.exit_code or done is None or seconds is None or not int(done[1]):
        raise Unavailable(f"dnsperf did not measure anything: it ended with {finished.exit_code}")
    return PeerTurn(int(done[1]), finished.cpu_seconds, float(seconds[1]))

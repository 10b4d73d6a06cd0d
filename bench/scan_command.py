"""`hunter scan` as people start it: a process of its own, whose cost is measured from outside.

In: its arguments. Out: what it cost and what it printed.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Finished, run_measured
from hunter.lab.running import RunningNameServer


@dataclass(frozen=True, slots=True)
class Scan:
    """One run of the command."""

    finished: Finished
    #: What it wrote to standard output.
    output: Path
    errors: Path


def run_scan(arguments: Sequence[str], server: RunningNameServer, *, folder: Path) -> Scan:
    """Run `hunter scan` by DNS alone against the lab's name server, both streams in files of the folder."""
    options = ("--no-registration", "--no-save", "--server", f"{server.host}:{server.port}")
    command = [sys.executable, "-m", "hunter.cli.main", "scan", *arguments, *options]
    output, errors = folder / "output", folder / "errors"
    return Scan(run_measured(command, output=output, errors=errors), output, errors)


def last_words(scan: Scan) -> str:
    """Return the last line that the command said on standard error."""
    lines = scan.errors.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else "nothing"

"""Commands run as processes of their own, and what they cost: CPU, time, peak of memory. Linux only.

CPU is what the kernel counted for the process and the children it waited for. The peak is `VmHWM`, read while the
process runs: the kernel's figure after the end (`ru_maxrss`) may be that of the process which started it.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hunter.core.errors import Unavailable

_PROC: Final = Path("/proc")
_LOOK_SECONDS: Final = 0.01
#: Nothing that is measured takes longer.
_LONGEST_SECONDS: Final = 1800.0
_KIBIBYTES: Final = 1024
#: Places in `/proc/PID/stat` behind the name of the program.
_USER_TICKS: Final = 11
_SYSTEM_TICKS: Final = 12
MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """One command that ended."""

    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    #: Bytes.
    peak_memory: int


def run_measured(command: Sequence[str], *, output: Path, errors: Path) -> Finished:
    """Run a command to its end with both streams in files; raises `Unavailable` where it cannot be started or ended."""
    _require_proc()
    since = time.perf_counter()
    with output.open("wb") as out, errors.open("wb") as err:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        except OSError as error:
            raise Unavailable(f"{command[0]} cannot be started: {error}") from error
        return _watch(process, since)


def _watch(process: "subprocess.Popen[bytes]", since: float) -> Finished:
    peak = 0
    while True:
        peak = max(peak, peak_memory(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - since
        if ended:
            # Told to Popen, which would otherwise wait for a child that is gone.
            process.returncode = os.waitstatus_to_exitcode(status)
            return Finished(process.returncode, usage.ru_utime + usage.ru_stime, wall, peak)
        if wall > _LONGEST_SECONDS:
            process.kill()
            process.wait()
            raise Unavailable(f"{process.args!r} did not end within {_LONGEST_SECONDS:.0f} s")
        time.sleep(_LOOK_SECONDS)


def peak_memory(process_id: int | None = None) -> int:
    """Return the peak of resident memory of a process (this one if none is named), in bytes; 0 for one that is gone."""
    return _memory("VmHWM:", process_id)


def resident_memory(process_id: int | None = None) -> int:
    """Return the resident memory of a process (this one if none is named), in bytes; 0 for one that is gone."""
    return _memory("VmRSS:", process_id)


def processor_seconds(process_id: int) -> float:
    """Return how long all threads of a process have been on a processor; 0 for one that is gone."""
    try:
        text = (_PROC / str(process_id) / "stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    # The name stands in brackets and may hold anything; the state is the first field behind it.
    fields = text.rpartition(")")[2].split()
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / os.sysconf("SC_CLK_TCK")


def _memory(field: str, process_id: int | None) -> int:
    place = _PROC / ("self" if process_id is None else str(process_id)) / "status"
    try:
        lines = place.read_text(encoding="ascii", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = next((line for line in lines if line.startswith(field)), None)
    return int(found.split()[1]) * _KIBIBYTES if found else 0


def _require_proc() -> None:
    if not (_PROC / "self" / "status").is_file():
        raise Unavailable("memory and CPU of a process are read from /proc: run this benchmark on Linux")


@contextmanager
def on_one_core(neighbour: int | None) -> Iterator[str]:
    """Keep this process and what it starts on one core, the neighbour on the others; says what was done."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2 or neighbour is None:
        yield "there is one core only, for client and server"
        return
    os.sched_setaffinity(neighbour, cores[:-1])
    os.sched_setaffinity(0, cores[-1:])
    try:
        yield f"clients take turns on core {cores[-1]}, the name server has the others"
    finally:
        os.sched_setaffinity(0, cores)

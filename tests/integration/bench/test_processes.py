"""A command's cost is its own: its CPU, its memory, its time, not those of the process that started it."""

import sys
from pathlib import Path

import pytest

from bench.processes import MEBIBYTE, Finished, peak_memory, run_measured
from hunter.core.errors import Unavailable

#: Holds so much memory and touches every page of it.
LARGE = f"x = bytearray(80 * {MEBIBYTE}); print(len(x))"
#: Spends so much CPU time, however busy the machine is.
BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def run(code: str, folder: Path) -> Finished:
    return run_measured([sys.executable, "-c", code], output=folder / "output", errors=folder / "errors")


def test_the_peak_is_that_of_the_command(tmp_path: Path) -> None:
    small, large = (
        run("import time; time.sleep(0.1)", tmp_path),
        run(f"{LARGE}; import time; time.sleep(0.1)", tmp_path),
    )
    assert 79 * MEBIBYTE < large.peak_memory - small.peak_memory < 90 * MEBIBYTE
    assert (tmp_path / "output").read_text() == f"{80 * MEBIBYTE}\n"


def test_the_memory_of_the_one_who_measures_does_not_count(tmp_path: Path) -> None:
    ballast = bytearray(200 * MEBIBYTE)
    assert peak_memory() > len(ballast)
    assert run("import time; time.sleep(0.1)", tmp_path).peak_memory < 100 * MEBIBYTE


def test_cpu_time_is_counted_and_waiting_is_not(tmp_path: Path) -> None:
    busy, idle = run(BUSY, tmp_path), run("import time; time.sleep(0.5)", tmp_path)
    assert busy.cpu_seconds >= 0.3
    assert idle.cpu_seconds < idle.wall_seconds - 0.3


def test_the_exit_code_and_the_last_words_are_kept(tmp_path: Path) -> None:
    assert run("import sys; sys.exit('no')", tmp_path).exit_code == 1
    assert (tmp_path / "errors").read_text() == "no\n"


def test_a_command_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no-such-program cannot be started"):
        run_measured(["no-such-program"], output=tmp_path / "output", errors=tmp_path / "errors")

"""Peers that are other programs: what they say is read, and one that fails is no figure."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import throughput
from bench.effort import QUICK, Options
from bench.peers import NO_DNSPERF, NOT_ASKED_FOR, find_dnsperf, run_dnsperf, why_no_checkdmarc
from bench.processes import run_measured
from bench.report import Standing
from hunter.core.errors import Unavailable
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource

SAID = "Statistics:\n  Queries sent:         700\n  Queries completed:    699 (99.86%)\n  Run time (s):         0.250\n"

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Write a program of the name `dnsperf` with the given body."""

    def write(body: str) -> str:
        path = tmp_path / "dnsperf"
        path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.fixture
def server() -> Iterator[RunningNameServer]:
    with start_name_server(GeneratedWorldSource(10)) as running:
        yield running


def test_what_dnsperf_completed_is_counted(program: Program, server: RunningNameServer, tmp_path: Path) -> None:
    turn = run_dnsperf(program(f"print({SAID!r})"), tmp_path / "questions.txt", server)

    assert (turn.count, turn.wall_seconds) == (699, 0.25)
    assert turn.cpu_seconds > 0


@pytest.mark.parametrize("body", [f"print({SAID!r}); raise SystemExit(1)", "print('usage')"])
def test_a_dnsperf_that_fails_is_no_figure(
    body: str, program: Program, server: RunningNameServer, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="dnsperf did not measure anything"):
        run_dnsperf(program(body), tmp_path / "questions.txt", server)


def test_without_dnsperf_both_rows_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    measures = throughput.measure(Options(effort=QUICK))

    assert {(measure.standing, measure.done) for measure in measures} == {(Standing.NOT_MEASURED, NO_DNSPERF)}


def test_dnsperf_is_found_on_the_path(monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
    path = program("print('found')")
    monkeypatch.setenv("PATH", os.path.dirname(path))

    assert find_dnsperf() == path


def test_checkdmarc_is_measured_only_when_asked_for() -> None:
    assert why_no_checkdmarc(is_asked_for=False) == NOT_ASKED_FOR


def test_a_process_is_measured_from_outside(tmp_path: Path) -> None:
    body = "data = bytearray(50_000_000); print(len(data)); raise SystemExit(3)"

    finished = run_measured([sys.executable, "-c", body], output=tmp_path / "output", errors=tmp_path / "errors")

    assert finished.exit_code == 3
    assert (tmp_path / "output").read_text("ascii") == "50000000\n"
    assert finished.cpu_seconds > 0


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be started"):
        run_measured([str(tmp_path / "missing")], output=tmp_path / "output", errors=tmp_path / "errors")

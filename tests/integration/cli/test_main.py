"""The overview of commands, the version, and what becomes of wrong calls and closed streams."""

import shlex
import subprocess
import tomllib
from pathlib import Path

from tests.integration.cli.conftest import Hunter, command, environment
from tests.support.house import ROOT


def test_the_version_is_that_of_the_project(hunter: Hunter) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert hunter("--version").output == f"hunter {project['version']}\n"


def test_the_overview_names_every_command(hunter: Hunter) -> None:
    result = hunter("--help")
    assert result.code == 0
    assert all(f"\n  {name} " in result.output for name in ("scan", "demo", "lab"))


def test_every_command_explains_itself(hunter: Hunter) -> None:
    for name in ("scan", "demo", "lab"):
        result = hunter(name, "--help")
        assert (result.code, result.errors) == (0, "")
        assert result.output.startswith(f"usage: hunter {name}")


def test_a_wrong_command_ends_with_two_and_the_usage(hunter: Hunter) -> None:
    for arguments in ((), ("scann",), ("--no-such-option",)):
        result = hunter(*arguments)
        assert (result.code, result.output) == (2, "")
        assert "usage: hunter" in result.errors


def test_closed_streams_are_no_reason_to_stumble(tmp_path: Path, demo_server: str) -> None:
    call = shlex.join(command("scan", "pervane-yazilim.example", "--server", demo_server))
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(
            f"{call} {closed}",
            shell=True,
            capture_output=True,
            env=environment(),
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"pervane-yazilim.example") is (">&-" not in closed.replace("2>&-", ""))

"""The overview of commands, the version, and what becomes of wrong calls."""

import tomllib

from tests.integration.cli.conftest import Hunter
from tests.support.house import ROOT


def test_the_version_is_that_of_the_project(hunter: Hunter) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert hunter("--version").output == f"hunter {project['version']}\n"


def test_the_overview_names_every_command(hunter: Hunter) -> None:
    result = hunter("--help")
    assert result.code == 0
    assert all(f"\n  {name} " in result.output for name in ("scan", "demo", "lab", "bench"))


def test_every_command_explains_itself(hunter: Hunter) -> None:
    for name in ("scan", "demo", "lab", "bench"):
        result = hunter(name, "--help")
        assert (result.code, result.errors) == (0, "")
        assert result.output.startswith(f"usage: hunter {name}")


def test_a_wrong_command_ends_with_two_and_the_usage(hunter: Hunter) -> None:
    for arguments in ((), ("scann",), ("--no-such-option",)):
        result = hunter(*arguments)
        assert (result.code, result.output) == (2, "")
        assert "usage: hunter" in result.errors

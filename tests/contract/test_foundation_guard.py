"""What guards the core and the entry points names things that exist: owners, jobs, chores, commands, the version."""

import re
import tomllib

from hunter.cli.main import COMMANDS, VERSION
from scripts.chores import CHORES
from scripts.launcher import HELP
from tests.support.house import files, read

GUARDED = ("src/hunter/core/", "src/hunter/rules/", "tests/contract/test_core_")


def text(name: str) -> str:
    content = read(name)
    assert content is not None
    return content


def owned() -> list[str]:
    """The path patterns of the owners' file, from the checkout."""
    lines = text(".github/CODEOWNERS").splitlines()
    return [line.split()[0].lstrip("/").removesuffix("*") for line in lines if line.startswith("/")]


def test_every_guarded_path_has_an_owner_and_a_sentence_in_the_guide() -> None:
    assert set(GUARDED) <= set(owned())
    guide = text("CONTRIBUTING.md")
    assert [path for path in GUARDED if path not in guide] == []


def test_every_owned_path_exists() -> None:
    assert [path for path in owned() if not any(name.startswith(path) for name in files())] == []


def test_the_job_of_the_core_runs_tests_that_exist() -> None:
    job = text(".github/workflows/ci.yml").partition("\n  core-regression:")[2].partition("\n  everything:")[0]
    named = re.findall(r"tests/\S+", job)
    assert len(named) == 3
    assert [name for name in named if name not in files()] == []


def test_every_regression_file_is_run_by_the_job_of_the_core() -> None:
    workflow = text(".github/workflows/ci.yml")
    promised = [name for name in files() if name.startswith("tests/contract/test_core_")]
    assert [name for name in promised if name not in workflow] == []


def test_no_chore_hides_a_command_of_the_product() -> None:
    assert {command.name for command in COMMANDS} & {*CHORES, *HELP} == set()


def test_the_guide_names_every_chore() -> None:
    guide = text("CONTRIBUTING.md")
    assert [name for name in CHORES if f"./hunter {name}" not in guide] == []


def test_the_version_is_the_same_everywhere() -> None:
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == VERSION

"""A page that names a file of the project names one that is there. Decisions keep the paths of their day."""

import re
from pathlib import PurePosixPath

import pytest

from tests.support.house import files, read

PAGES = tuple(
    name
    for name in files()
    if name.endswith(".md") and not name.startswith("docs/decisions/") and name != "CHANGELOG.md"
)
#: Folders at the top of the checkout, and rooms below `src/hunter`, by which pages name files.
FOLDERS = frozenset(
    {PurePosixPath(name).parts[0] for name in files() if "/" in name}
    | {PurePosixPath(name).parts[2] for name in files() if name.startswith("src/hunter/") and name.count("/") > 2}
)
#: A path with its ending in backticks, or a whole folder with its slash: `core/evidence.py`, `api/routes/`.
NAMED = re.compile(r"`((?:[\w.-]+/)+(?:[\w-]+\.(?:py|json|toml|md|txt|po))?)`")
DECISION = re.compile(r"^docs/decisions/(\d{4})-")


def existing() -> frozenset[str]:
    """Files and folders of the checkout, with and without `src/hunter/`."""
    paths = {str(path) for name in files() for path in (PurePosixPath(name), *PurePosixPath(name).parents)}
    return frozenset(paths | {path.removeprefix("src/hunter/") for path in paths})


def missing(text: str) -> list[str]:
    """Paths that a text names and that are not there."""
    named = [path for path in NAMED.findall(text) if path.split("/")[0] in FOLDERS]
    return [path for path in named if path.rstrip("/") not in existing()]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    assert missing(read(page) or "") == []


@pytest.mark.parametrize("path", ["core/no_such_file.py", "src/hunter/nowhere/", "tests/contract/gone.json"])
def test_a_path_that_is_gone_is_noticed(path: str) -> None:
    assert missing(f"Write it into `{path}`.") == [path]


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [found[1] for name in files() if (found := DECISION.match(name))]
    assert sorted(set(numbers)) == sorted(numbers)

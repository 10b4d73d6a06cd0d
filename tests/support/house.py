"""The checkout as the house rules see it: its files, and its Python sources as syntax trees."""

import ast
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file; `name` is its path from the checkout, with forward slashes."""

    name: str
    text: str
    tree: ast.Module


@cache
def files() -> tuple[str, ...]:
    """Every file of the project, also those not yet committed; nothing that git is told to ignore."""
    # A checkout of another user is read all the same: nothing of its configuration is run.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return tuple(sorted({name for name in os.fsdecode(listed).split("\0") if name and (ROOT / name).is_file()}))


def read(name: str) -> str | None:
    """The text of a file; `None` if it is no UTF-8."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def parse(name: str, text: str) -> Source:
    return Source(name, text, ast.parse(text))


@cache
def sources() -> tuple[Source, ...]:
    """All Python of the project: product, scripts, tests and the launcher."""
    names = [name for name in files() if name.endswith(".py") or name == "hunter"]
    return tuple(parse(name, (ROOT / name).read_text(encoding="utf-8")) for name in names)

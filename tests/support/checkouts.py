"""Small checkouts for tests of the launcher: its real scripts, no packages, a command line of a few lines.

Nothing is fetched: the requirement files are empty, and pip is told that there is no index.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.house import ROOT

COMMAND_LINE = '''"""Says what it was given; exits with 3 if one of its arguments is `fail`."""
import json, os, random, sys
told = {"arguments": sys.argv[1:], "prefix": sys.prefix, "path": sys.path, "random": random.__file__}
print(json.dumps(told | {"variables": dict(os.environ), "folder": os.getcwd()}))
sys.exit(3 if "fail" in sys.argv else 0)
'''
# Pinned, but offered by no folder: its installation fails, without a network.
UNOBTAINABLE = f"hunter-test-package==1.0 --hash=sha256:{'0' * 64}\n"
# The Python behind the virtual environment in which the tests run.
PYTHON = str(getattr(sys, "_base_executable", sys.executable))


@dataclass(frozen=True, slots=True)
class Checkout:
    """One checkout and a cache folder that belongs to it alone."""

    root: Path
    cache: Path

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    def command(self, *arguments: str, python: str = PYTHON) -> list[str]:
        return [python, str(self.root / "hunter"), *arguments]

    def variables(self, **more: str) -> dict[str, str]:
        return os.environ | {"XDG_CACHE_HOME": str(self.cache), "PIP_NO_INDEX": "1"} | more

    def start(
        self,
        *arguments: str,
        cwd: Path | None = None,
        variables: dict[str, str] | None = None,
        python: str = PYTHON,
    ) -> "Started":
        """Start the launcher and wait for its end."""
        ended = subprocess.run(
            self.command(*arguments, python=python),
            cwd=cwd or self.root,
            env=variables or self.variables(),
            capture_output=True,
            text=True,
            check=False,
        )
        return Started(ended.returncode, ended.stdout, ended.stderr)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the launcher and go on; its words are read by the test."""
        return subprocess.Popen(
            self.command(*arguments), env=self.variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def require(self, name: str, content: str) -> None:
        (self.root / "requirements" / f"{name}.txt").write_text(content, encoding="utf-8")

    def below(self, *parts: str) -> set[str]:
        """The names of what lies in a folder of the checkout."""
        return {entry.name for entry in self.root.joinpath(*parts).iterdir()}


@dataclass(frozen=True, slots=True)
class Started:
    """How one start ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """What the command line of the checkout said."""
        said: dict[str, Any] = json.loads(self.out)
        return said


def make_checkout(folder: Path) -> Checkout:
    """A checkout in a folder whose name has a space, a quote and Turkish letters, as people's folders do."""
    root = folder / "Ayşe'nin işi"
    (root / "requirements").mkdir(parents=True)
    (root / "scripts").mkdir()
    (root / "src" / "hunter" / "cli").mkdir(parents=True)
    shutil.copy2(ROOT / "hunter", root)
    for script in (ROOT / "scripts").glob("*.py"):
        shutil.copy2(script, root / "scripts")
    for package in ("hunter", "hunter/cli"):
        (root / "src" / package / "__init__.py").touch()
    (root / "src" / "hunter" / "cli" / "main.py").write_text(COMMAND_LINE, encoding="utf-8")
    (root / "bench").mkdir()
    (root / "bench" / "__init__.py").touch()
    (root / "bench" / "__main__.py").write_text(COMMAND_LINE, encoding="utf-8")
    checkout = Checkout(root, folder / "cache")
    for name in ("app", "dev", "peers"):
        checkout.require(name, "")
    return checkout

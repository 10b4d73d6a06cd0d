"""The lint rules of pyproject.toml, held against lines in the rooms that forbid them and in rooms that allow them."""

import json
import subprocess
import sys

import pytest

from tests.support.house import ROOT

PURE = ("src/hunter/core/sample.py", "src/hunter/core/records/sample.py", "src/hunter/sales/sample.py")
# The rule that must speak in a pure room, and what breaks it.
FORBIDDEN_IN_PURE_ROOMS = [
    ("TID251", "from datetime import UTC, datetime\n\nprinted = datetime.now(UTC)\n"),
    ("TID251", "from datetime import date\n\ntoday = date.today()  # noqa: DTZ011\n"),
    ("TID251", "import time\n\nstarted = time.monotonic()\n"),
    ("TID251", "from random import choice\n\nchosen = choice([1])\n"),
    ("TID251", "from pathlib import Path\n\ncontent = Path()\n"),
    ("TID251", "import logging\n\nlog = logging.getLogger()\n"),
    ("PTH123", 'content = open("rules.json")\n'),
    ("T201", 'print("seen")\n'),
]
ALLOWED_OUTSIDE = [
    ("src/hunter/wiring/process.py", "from datetime import UTC, datetime\n\nnow = datetime.now(UTC)\n"),
    ("src/hunter/rules/load.py", "from pathlib import Path\n\ncontent = Path()\n"),
    ("src/hunter/resilience/rate_limiter.py", "import time\n\nstarted = time.monotonic()\n"),
    ("src/hunter/cli/main.py", 'print("seen")\n'),
]


def codes(name: str, text: str) -> set[str]:
    """The rules that speak when the text stands in a file of that name."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json"]
    ended = subprocess.run(
        [*command, "--stdin-filename", name, "-"], cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )
    return {breach["code"] for breach in json.loads(ended.stdout)}


@pytest.mark.parametrize("room", PURE)
@pytest.mark.parametrize(("code", "text"), FORBIDDEN_IN_PURE_ROOMS)
def test_a_pure_room_has_no_clock_no_file_no_log_and_no_printing(room: str, code: str, text: str) -> None:
    assert code in codes(room, text)


@pytest.mark.parametrize(("room", "text"), ALLOWED_OUTSIDE)
def test_other_rooms_may(room: str, text: str) -> None:
    assert codes(room, text) == set()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("PLC0415", "def late() -> None:\n    import json\n\n    json.dumps(1)\n"),
        ("DTZ005", "from datetime import datetime\n\nnaive = datetime.now()\n"),
        ("FIX002", "# TODO: later\n"),
        ("PGH003", "x: int = 1  # type: ignore\n"),
        ("B", "def gather(found: list[str] = []) -> None: ...\n"),
    ],
)
def test_nowhere(code: str, text: str) -> None:
    assert any(found.startswith(code) for found in codes("src/hunter/wiring/process.py", text))

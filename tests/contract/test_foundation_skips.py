"""In CI a test that did not run is a failure: shown by real runs over a file of tests that do not run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.house import ROOT
from tests.support.skips import UnreadableLedgerError, read_allowed

TESTS = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="marked")
def test_marked():
    pass

def test_decides_while_running():
    pytest.skip("no browser")

@pytest.mark.xfail(reason="not yet", strict=True)
def test_expected_to_fail():
    assert False
"""
MODULE = """
import pytest

pytest.importorskip("a_module_that_nobody_has")
"""
NOT_RUN = (
    "test_a.py::test_marked",
    "test_a.py::test_decides_while_running",
    "test_a.py::test_expected_to_fail",
    "test_b.py",
)


def run(folder: Path, *, allowed: tuple[str, ...], ci: str) -> subprocess.CompletedProcess[str]:
    """Run the tests above under the project's own conftest."""
    tests = folder / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text(TESTS, encoding="utf-8")
    (tests / "test_b.py").write_text(MODULE, encoding="utf-8")
    (tests / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    lines = [f"tests/{test} # The reason.\n" for test in allowed]
    (tests / "allowed_skips.txt").write_text("".join(lines), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    variables = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests"]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def test_in_ci_what_was_skipped_makes_the_run_fail(tmp_path: Path) -> None:
    ended = run(tmp_path, allowed=(), ci="true")
    told = re.findall(r"^skipped without leave: tests/(\S+): (.+)$", ended.stdout, re.MULTILINE)
    assert ended.returncode == 1
    assert {test for test, _ in told} == set(NOT_RUN)
    assert ("test_a.py::test_decides_while_running", "Skipped: no browser") in told
    assert "\nskipped: 4\n" in ended.stdout


def test_one_skip_without_leave_is_enough(tmp_path: Path) -> None:
    ended = run(tmp_path, allowed=NOT_RUN[1:], ci="true")
    assert ended.returncode == 1
    assert ended.stdout.count("skipped without leave") == 1


def test_in_ci_what_is_listed_may_be_skipped(tmp_path: Path) -> None:
    ended = run(tmp_path, allowed=NOT_RUN, ci="true")
    assert ended.returncode == 0, ended.stdout
    assert "skipped without leave" not in ended.stdout


def test_on_a_laptop_a_skip_is_no_failure(tmp_path: Path) -> None:
    assert run(tmp_path, allowed=(), ci="").returncode == 0


def test_a_skip_is_not_allowed_without_a_reason(tmp_path: Path) -> None:
    listed = tmp_path / "allowed.txt"
    listed.write_text("# A comment.\n\ntests/test_a.py::test_one # \n", encoding="utf-8")
    with pytest.raises(UnreadableLedgerError, match="test_one"):
        read_allowed(listed)

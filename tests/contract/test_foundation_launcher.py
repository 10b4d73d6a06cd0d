"""The launcher, started for real in small checkouts.

Making an environment takes seconds: tests that leave it as it is share a ready checkout; those that have it made anew
share a worn one, and each brings it into the state it needs.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.chores import CHORES
from scripts.long_tests import LANES
from tests.support.checkouts import PYTHON, UNOBTAINABLE, Checkout, make_checkout

SETTING_UP = "hunter: setting up"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that was started once; tests leave its environment as it is."""
    checkout = make_checkout(tmp_path_factory.mktemp("ready"))
    first = checkout.start("scan")
    assert first.code == 0, first.err
    return checkout


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in whatever state the test before has left it."""
    return make_checkout(tmp_path_factory.mktemp("worn"))


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """A checkout that was never started."""
    return make_checkout(tmp_path)


def ages(folder: Path) -> dict[str, int]:
    """When each file of an environment's top was last written."""
    return {entry.name: entry.stat().st_mtime_ns for entry in folder.iterdir()}


def test_a_start_hands_arguments_and_exit_code_through(ready: Checkout) -> None:
    started = ready.start("scan", "fail", "--json", "a b")
    assert started.code == 3
    assert started.told["arguments"] == ["scan", "fail", "--json", "a b"]
    assert started.told["prefix"] == str(ready.environment)
    assert str(ready.root / "src") in started.told["path"]


def test_a_second_start_sets_nothing_up(ready: Checkout) -> None:
    before = ages(ready.environment)
    second = ready.start("scan")
    assert (second.code, second.err) == (0, "")
    assert ages(ready.environment) == before


def test_a_start_by_a_link_from_elsewhere_finds_its_checkout(ready: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "hunter"
    link.symlink_to(ready.root / "hunter")
    started = subprocess.run([link, "scan"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(started.stdout)["prefix"] == str(ready.environment)


def test_what_the_caller_has_set_leads_nothing_astray(worn: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "hunter").mkdir(parents=True)
    (elsewhere / "random.py").write_text("raise SystemExit('the stranger was imported')", encoding="utf-8")
    worn.require("app", "# To be made under strange variables.\n")
    strangers = {
        "PYTHONPATH": str(elsewhere / "hunter"),
        "PYTHONHOME": sys.base_prefix,
        "VIRTUAL_ENV": str(elsewhere),
        "PIP_TARGET": str(elsewhere),
        "PIP_USER": "1",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_CONSTRAINT": str(elsewhere / "missing.txt"),
    }
    started = worn.start("scan", cwd=elsewhere, variables=worn.variables(**strangers))
    assert started.code == 0, started.err
    assert started.told["prefix"] == str(worn.environment)
    assert not [path for path in started.told["path"] if path.startswith(str(elsewhere))]
    # The way to the index stays the caller's; everything that would change what is installed is gone.
    assert started.told["variables"]["PIP_NO_INDEX"] == "1"
    assert strangers.keys() & started.told["variables"].keys() == set()


def test_packages_that_cannot_be_fetched_are_said_and_leave_nothing_half_done(worn: Checkout) -> None:
    assert worn.start("scan").code == 0
    worn.require("dev", UNOBTAINABLE)
    failed = worn.start("setup")
    assert failed.code == 1
    assert "the packages were not installed" in failed.err
    assert "No matching distribution found for hunter-test-package" in failed.err
    assert f"The whole record: {worn.environment / 'setup.log'}" in failed.err
    assert "Traceback" not in failed.err
    half_written = worn.environment / "half-written"
    half_written.touch()
    worn.require("dev", "")
    assert worn.start("setup").code == 0
    assert not half_written.exists()
    assert {"app.stamp", "dev.stamp"} <= worn.below(".venv")
    assert "setup.unfinished" not in worn.below(".venv")


def test_a_changed_requirement_file_makes_the_environment_anew(worn: Checkout) -> None:
    assert worn.start("scan").code == 0
    left_over = worn.environment / "left-over"
    left_over.touch()
    worn.require("app", "# Changed.\n")
    # Started by the very Python that is made anew, as in a shell where the environment is activated.
    again = worn.start("scan", python=str(worn.environment / "bin" / "python"))
    assert again.code == 0, again.err
    assert SETTING_UP in again.err
    assert not left_over.exists()


def test_tools_are_added_to_a_ready_environment(ready: Checkout) -> None:
    assert ready.start("scan").code == 0
    app_stamp = (ready.environment / "app.stamp").stat().st_mtime_ns
    assert ready.start("setup").code == 0
    assert "dev.stamp" in ready.below(".venv")
    assert (ready.environment / "app.stamp").stat().st_mtime_ns == app_stamp
    assert ready.start("setup").err == ""


def test_a_benchmark_takes_paths_as_its_caller_means_them(ready: Checkout, tmp_path: Path) -> None:
    started = ready.start("bench", "leads", "--data", "here", cwd=tmp_path)
    assert started.code == 0, started.err
    assert started.told["arguments"] == ["leads", "--data", "here"]
    assert started.told["folder"] == str(tmp_path)


def test_peers_are_installed_only_when_the_benchmark_asks_for_them(ready: Checkout) -> None:
    assert ready.start("bench", "dns").code == 0
    assert "peers.stamp" not in ready.below(".venv")
    assert ready.start("bench", "dns", "--peers").code == 0
    assert "peers.stamp" in ready.below(".venv")


def test_the_long_run_goes_through_every_lane_and_ends_with_their_table(ready: Checkout) -> None:
    # Without pytest no lane can pass.
    started = ready.start("test", "--long")
    assert started.code == 1
    table = [line.split(" | ") for line in started.out.splitlines() if line.startswith("| ")]
    assert [(name, result) for name, result, _ in table[1:]] == [(f"| {lane.name}", "FAILED with 1") for lane in LANES]


def test_a_set_up_that_was_killed_is_taken_up_by_the_next_start(worn: Checkout) -> None:
    worn.require("app", "# To be killed.\n")
    killed = worn.begin("scan")
    assert killed.stderr is not None
    assert killed.stderr.readline().startswith(SETTING_UP)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    # The step that was running goes on without its parent; the next start waits for it, then begins anew.
    after = worn.start("scan")
    assert after.code == 0, after.err
    assert SETTING_UP in after.err
    assert "setup.unfinished" not in worn.below(".venv")


def test_two_starts_at_once_set_up_once(worn: Checkout) -> None:
    worn.require("app", "# For two.\n")
    both = [worn.begin("scan"), worn.begin("scan")]
    errors = [started.communicate()[1] for started in both]
    assert [started.returncode for started in both] == [0, 0]
    assert "".join(errors).count(SETTING_UP) == 1


def test_a_folder_that_was_not_made_by_hunter_is_left_alone(fresh: Checkout) -> None:
    fresh.environment.mkdir()
    (fresh.environment / "mine.txt").write_text("precious", encoding="utf-8")
    started = fresh.start("scan")
    assert started.code == 1
    assert "was not made by hunter. Remove or rename it" in started.err
    assert fresh.below(".venv") == {"mine.txt"}


def give_away(checkout: Checkout) -> None:
    """Make the checkout one of somebody else's: owned by another user where that can be done, else read-only."""
    if os.geteuid() == 0:
        os.chown(checkout.root, 65534, 65534)
    else:
        checkout.root.chmod(0o555)


def test_in_a_checkout_of_somebody_else_the_environment_lies_in_the_cache(fresh: Checkout) -> None:
    give_away(fresh)
    before = fresh.below()
    started = fresh.start("scan")
    fresh.root.chmod(0o755)
    assert started.code == 0, started.err
    assert started.told["prefix"].startswith(str(fresh.cache / "hunter"))
    assert started.told["variables"]["PYTHONPYCACHEPREFIX"].startswith(started.told["prefix"])
    assert fresh.below() == before


def test_a_ready_environment_of_somebody_else_is_used(ready: Checkout) -> None:
    owner = ready.root.stat().st_uid
    give_away(ready)
    started = ready.start("scan")
    os.chown(ready.root, owner, -1)
    ready.root.chmod(0o755)
    assert started.code == 0, started.err
    assert started.told["prefix"] == str(ready.environment)


def test_without_any_place_for_an_environment_the_way_out_is_said(fresh: Checkout) -> None:
    give_away(fresh)
    fresh.cache.write_text("a file where the cache should be", encoding="utf-8")
    started = fresh.start("scan")
    fresh.root.chmod(0o755)
    assert started.code == 1
    assert "belongs to somebody else or is read-only" in started.err
    assert "Set XDG_CACHE_HOME" in started.err
    assert "Traceback" not in started.err


def test_help_lists_the_chores_and_then_the_commands(ready: Checkout) -> None:
    started = ready.start("help")
    assert started.code == 0
    assert [name for name in CHORES if f"./hunter {name} " not in started.out] == []
    assert '{"arguments": ["--help"]' in started.out


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_is_also_what_no_command_gives(ready: Checkout, arguments: list[str]) -> None:
    assert ready.start(*arguments).out.splitlines()[0] == ready.start("help").out.splitlines()[0]


def test_a_chore_that_takes_no_arguments_says_so(ready: Checkout) -> None:
    started = ready.start("types", "src")
    assert (started.code, started.out) == (2, "")
    assert "`types` takes no arguments" in started.err


UNDER_AN_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2)
sys.argv = [{launcher!r}, "scan", "here"]
runpy.run_path({launcher!r}, run_name="__main__")
"""


def start_under_an_old_python(checkout: Checkout, programs: Path) -> subprocess.CompletedProcess[str]:
    """Start the launcher in a Python that says it is 3.9; only the programs in the folder are found."""
    code = UNDER_AN_OLD_PYTHON.format(launcher=str(checkout.root / "hunter"))
    variables = checkout.variables(PATH=str(programs))
    return subprocess.run([PYTHON, "-c", code], env=variables, capture_output=True, text=True, check=False)


def test_an_old_python_says_which_one_is_needed(ready: Checkout, tmp_path: Path) -> None:
    ended = start_under_an_old_python(ready, tmp_path)
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_old_python_hands_over_to_a_newer_one_and_is_not_fooled_by_a_shim(ready: Checkout, tmp_path: Path) -> None:
    shim = tmp_path / "python3.14"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    (tmp_path / "python3.11").symlink_to(PYTHON)
    ended = start_under_an_old_python(ready, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert '{"arguments": ["scan", "here"]' in ended.stdout

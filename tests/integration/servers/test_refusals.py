"""What the servers refuse, and that a refusal changes nothing: every message says what to do."""

import json
from pathlib import Path

import pytest

from hunter.servers.errors import AlreadyServing, DataFolderUnusable, DataRefused, OtherMajor, ServersUnavailable
from hunter.servers.serving import claim_serving, serving_address
from hunter.servers.supervisor import start_servers
from tests.integration.servers.keeping import begin, refusal
from tests.integration.servers.watching import one, processes_of


def content(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def start(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pytest.fail("it started")


def test_rows_of_another_major_version_are_refused_with_the_way_out(folder: Path) -> None:
    former = folder / "postgresql-17"
    former.mkdir()
    (former / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherMajor) as caught:
        start(folder)
    for words in (
        str(former),
        "PostgreSQL 17",
        "PostgreSQL 18",
        "hunter db backup",
        "hunter db restore",
        "cluster.json",
    ):
        assert words in str(caught.value)
    assert not (folder / "postgresql-18").exists()
    assert content(former) == {Path("PG_VERSION")}
    assert processes_of(folder) == []


def test_rows_of_this_version_beside_those_of_another_are_used(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        (folder / "postgresql-17").mkdir()
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select 1") == 1


@pytest.mark.parametrize("damage", ["PG_VERSION", "global/pg_control"])
def test_a_damaged_cluster_is_refused_and_left_as_it_is(folder: Path, damage: str) -> None:
    with start_servers(folder, fsync=False):
        pass
    cluster = folder / "postgresql-18"
    (cluster / damage).rename(folder / "put-aside")
    before = content(cluster)
    with pytest.raises(DataRefused, match="no readable PostgreSQL cluster"):
        start(folder)
    assert content(cluster) == before
    (folder / "put-aside").rename(cluster / damage)
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select 1") == 1


def test_a_folder_that_is_something_else_is_refused(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pass
    (folder / "postgresql-18").rename(folder / "put-aside")
    (folder / "postgresql-18").write_text("not a folder")
    with pytest.raises(DataRefused):
        start(folder)
    assert (folder / "postgresql-18").read_text() == "not a folder"


@pytest.mark.parametrize("leave_empty_folder", [True, False])
def test_rows_that_have_gone_are_missed(folder: Path, leave_empty_folder: bool) -> None:
    with start_servers(folder, fsync=False):
        pass
    cluster, aside = folder / "postgresql-18", folder / "elsewhere"
    cluster.rename(aside)
    if leave_empty_folder:
        cluster.mkdir()
    with pytest.raises(DataRefused, match="Is a disk not mounted"):
        start(folder)
    assert content(cluster) == set()
    (folder / "cluster.json").unlink()
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select 1") == 1


def test_a_set_up_that_was_interrupted_is_begun_again(folder: Path) -> None:
    half = folder / "postgresql-18.partial.1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select 1") == 1
    assert not half.exists()


def test_a_file_in_place_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(DataFolderUnusable, match="HUNTER_DATA_DIR"):
        start(folder / "file" / "data")


def test_a_snapshot_that_valkey_cannot_read_is_kept_and_named(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pass
    snapshot = folder / "valkey" / "dump.rdb"
    snapshot.write_bytes(b"VALKEY999 from the future")
    with pytest.raises(ServersUnavailable) as caught:
        start(folder)
    assert str(snapshot) in str(caught.value)
    assert "no leads" in str(caught.value)
    assert snapshot.read_bytes() == b"VALKEY999 from the future"
    assert processes_of(folder) == []


def test_what_postgresql_says_when_it_cannot_start_is_passed_on(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pass
    auto = folder / "postgresql-18" / "postgresql.auto.conf"
    auto.write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(ServersUnavailable, match="shared_buffers"):
        start(folder)


def test_a_second_one_who_wants_to_serve_hears_where_the_first_does(folder: Path) -> None:
    assert serving_address(folder) is None
    with claim_serving(folder, address="http://127.0.0.1:8000"):
        assert serving_address(folder) == "http://127.0.0.1:8000"
        with pytest.raises(AlreadyServing, match=r"already running at http://127\.0\.0\.1:8000 \(process") as caught:
            claim_serving(folder, address="http://127.0.0.1:9000").__enter__()
        assert caught.value.pid > 0
    assert serving_address(folder) is None
    with claim_serving(folder, address="http://127.0.0.1:9000"):
        assert serving_address(folder) == "http://127.0.0.1:9000"


def test_a_note_that_says_nothing_is_not_believed(folder: Path) -> None:
    with claim_serving(folder, address="http://127.0.0.1:8000"):
        (folder / "locks" / "serving").write_text(json.dumps(["half"]))
        with pytest.raises(AlreadyServing, match="not told yet"):
            claim_serving(folder, address="http://127.0.0.1:9000").__enter__()


def test_a_refusal_reaches_the_command_as_code_and_message(folder: Path) -> None:
    (folder / "postgresql-17").mkdir()
    told = refusal(begin(folder))
    assert told["code"] == "data_of_other_major"

"""A database into a file and back: whole, or an error and nothing changed."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hunter.servers.backup import backup, restore, restore_over
from hunter.servers.errors import BackupFailed, DatabaseNotEmpty
from hunter.servers.supervisor import RunningServers
from tests.integration.servers.watching import connect, one
from tests.support.postgres import Databases

SCHEMA = """
create extension pg_trgm;
create table alembic_version (version_num text);
insert into alembic_version values ('0001');
create table company (id bigint generated always as identity primary key, name text, folded text);
create index on company using gin (folded gin_trgm_ops);
create view names as select name from company;
"""
ROWS = "insert into company (name, folded) select 'Işık ' || n || E'\\t\\\\N', 'isik' from generate_series(1, 5000) n"
ALL = "select md5(string_agg(id || name, '|' order by id)) from company"


def prepare(url: str) -> None:
    with connect(url) as connection:
        connection.execute(SCHEMA)


@pytest.fixture(scope="module")
def databases(servers: RunningServers) -> Databases:
    return Databases(servers.database_url, prepare=prepare)


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    with databases.clone() as cloned:
        yield cloned


@pytest.fixture
def full(databases: Databases) -> Iterator[str]:
    with databases.clone() as cloned:
        with connect(cloned) as connection:
            connection.execute(ROWS.encode())
        yield cloned


def test_what_was_saved_comes_back(full: str, url: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    backup(full, file)
    restore(url, file)
    assert one(url, ALL) == one(full, ALL)
    assert one(url, "select count(*) from names where name like 'Işık 1%'") == 1111
    assert one(url, "insert into company (name) values ('next') returning id") == 5001
    assert one(url, "select reltuples from pg_class where relname = 'company'") == 5000


def test_the_file_is_for_its_owner_only_and_nothing_else_is_left(full: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    backup(full, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_an_existing_file_is_never_overwritten(full: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    file.write_text("older")
    with pytest.raises(BackupFailed, match="is there already"):
        backup(full, file)
    assert file.read_text() == "older"


def test_a_place_that_cannot_be_written_to_is_named(full: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="cannot be written: No such file or directory"):
        backup(full, tmp_path / "missing" / "leads.backup")


def test_a_database_that_does_not_answer_leaves_no_file(full: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no_such_database"):
        backup(full.replace("/template_", "/no_such_database_"), tmp_path / "leads.backup")
    assert list(tmp_path.iterdir()) == []


def test_rows_are_not_replaced_unless_that_is_asked_for(full: str, databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    backup(full, file)
    with connect(full) as connection:
        connection.execute("delete from company where id > 10")
        connection.execute("create table newer (id int)")
    with pytest.raises(DatabaseNotEmpty, match=r"public\.company"):
        restore(full, file)
    assert one(full, "select count(*) from company") == 10
    restore_over(full, file)
    assert one(full, "select count(*) from company") == 5000
    assert one(full, "select to_regclass('newer') is null") is True


@pytest.mark.parametrize("part", [0.1, 0.95], ids=["in the table of contents", "in the rows"])
def test_a_file_that_was_cut_off_changes_nothing(full: str, tmp_path: Path, part: float) -> None:
    file, cut = tmp_path / "leads.backup", tmp_path / "cut.backup"
    backup(full, file)
    whole = file.read_bytes()
    cut.write_bytes(whole[: int(len(whole) * part)])
    before = one(full, ALL)
    with pytest.raises(BackupFailed, match="the database is as it was"):
        restore_over(full, cut)
    assert one(full, ALL) == before


def test_rows_that_came_in_meanwhile_are_not_dropped(full: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    backup(full, file)
    with connect(full) as connection:
        connection.execute("insert into company (name) values ('Yeni')")
    with pytest.raises(BackupFailed, match=r"the database has got rows meanwhile \(in public.company\)"):
        restore_over(full, file, must_be_empty=True)
    assert one(full, "select count(*) from company") == 5001


def test_a_file_that_is_no_backup_is_refused(url: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("domain\nornek.example\n")
    with pytest.raises(BackupFailed, match="no backup"):
        restore(url, file)


def test_restoring_does_not_wait_for_ever_for_others(full: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.backup"
    backup(full, file)
    with psycopg.connect(full.replace("+psycopg", "")) as reader:
        reader.execute("select count(*) from company")
        with pytest.raises(BackupFailed, match="lock timeout"):
            restore_over(full, file, lock_seconds=0.2)
    assert one(full, "select count(*) from company") == 5000

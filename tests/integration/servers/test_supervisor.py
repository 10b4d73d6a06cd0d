"""Starting and stopping: rows stay, doors are closed, several users share, the last one stops the servers."""

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest

from hunter.servers.supervisor import start_servers
from tests.integration.servers.keeping import begin, kept, wait_for
from tests.integration.servers.watching import ask_valkey, connect, one, postmaster, processes_of, tcp_ports_of


def test_rows_stay_from_one_start_to_the_next(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers, connect(servers.database_url) as connection:
        connection.execute("create table lead (name text)")
        connection.execute("insert into lead values ('örnek.example')")
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select name from lead") == "örnek.example"


def test_cached_values_stay_from_one_start_to_the_next(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers:
        assert ask_valkey(servers.redis_url, "SET name value") == "+OK\r\n"
    with start_servers(folder, fsync=False) as servers:
        assert ask_valkey(servers.redis_url, "GET name") == "$5\r\nvalue\r\n"


def test_nothing_runs_afterwards(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        assert len(processes_of(folder)) == 2
    assert processes_of(folder) == []


def test_nothing_runs_after_a_failure_inside(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), start_servers(folder, fsync=False):
        raise RuntimeError("on purpose")
    assert processes_of(folder) == []


def test_no_port_is_open_and_the_sockets_are_closed_to_others(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        assert [tcp_ports_of(pid) for pid in processes_of(folder)] == [[], []]
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in (folder / "run").iterdir()}
        assert stat.S_IMODE((folder / "run").stat().st_mode) == 0o700
        assert modes[".s.PGSQL.5432"] == modes["valkey.sock"] == 0o700


def test_what_is_acknowledged_is_synced_unless_told_otherwise(folder: Path) -> None:
    with start_servers(folder) as servers:
        assert one(servers.database_url, "show fsync") == "on"
        assert one(servers.database_url, "show synchronous_commit") == "on"
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "show fsync") == "off"


def test_the_product_owns_its_database_and_nothing_else(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers, connect(servers.database_url) as connection:
        assert one(servers.database_url, "select rolsuper or rolcreaterole from pg_roles where rolname = user") is False
        for extension in ("pg_trgm", "unaccent", "citext"):
            connection.execute(f"create extension {extension}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("copy pg_class to program 'true'")


def test_text_is_utf8_and_order_is_that_of_the_code_points(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "show server_encoding") == "UTF8"
        assert one(servers.database_url, "select 'z' < 'ç' and lower('Ç') = 'ç'") is True


def test_servers_whose_urls_are_given_are_not_started(folder: Path) -> None:
    data = folder / "data"
    with start_servers(data, database_url="postgresql://a/b", redis_url="redis://a") as servers:
        assert (servers.database_url, servers.redis_url) == ("postgresql://a/b", "redis://a")
        assert not data.exists()
    with start_servers(folder, redis_url="redis://elsewhere", fsync=False) as servers:
        assert servers.redis_url == "redis://elsewhere"
        assert processes_of(folder) == [postmaster(folder)]


def test_the_last_one_stops_also_what_only_others_wanted(folder: Path) -> None:
    with kept(folder) as keeper:
        keeper.kill()
    assert len(processes_of(folder)) == 2
    with start_servers(folder, database_url="postgresql://elsewhere/b", fsync=False):
        assert len(processes_of(folder)) == 2
    assert processes_of(folder) == []


def test_a_log_that_has_grown_long_is_put_aside(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        pass
    log = folder / "logs" / "postgresql.log"
    log.write_bytes(b"x" * 10_000_001)
    with start_servers(folder, fsync=False):
        assert 0 < log.stat().st_size < 10_000
    assert (folder / "logs" / "postgresql.1.log").stat().st_size == 10_000_001


def test_two_starts_at_once_share_the_servers_and_the_last_one_stops_them(folder: Path) -> None:
    started = [begin(folder), begin(folder)]
    try:
        first, second = wait_for(started[0]), wait_for(started[1])
        assert first.servers == second.servers
        running = processes_of(folder)
        assert len(running) == 2
        first.leave()
        assert processes_of(folder) == running
        assert one(second.servers.database_url, "select 1") == 1
        second.leave()
        assert processes_of(folder) == []
    finally:
        # One that is left would start the servers again under the hands of the one who tidies up.
        for process in started:
            process.kill()
            process.communicate(timeout=60)


def test_ctrl_c_reaches_the_command_which_then_stops_the_servers(folder: Path) -> None:
    with kept(folder) as keeper:
        # In a terminal the whole foreground group gets it, so the servers must not be of it.
        assert {os.getpgid(pid) for pid in processes_of(folder)} == set(processes_of(folder))
        os.killpg(keeper.process.pid, signal.SIGINT)
        assert keeper.process.wait(60) == 130
    assert processes_of(folder) == []

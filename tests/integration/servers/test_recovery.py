"""Kill -9 of supervisor and servers: the next start picks up, and every acknowledged row is there."""

import os
import signal
import subprocess
import threading
from itertools import count
from pathlib import Path

import psycopg
import pytest

from hunter.servers.account import account_of_servers
from hunter.servers.supervisor import start_servers
from tests.integration.servers.keeping import begin, kept
from tests.integration.servers.watching import ask_valkey, connect, eventually, one, postmaster, processes_of


class Writer:
    """Writes row after row and remembers which were acknowledged, until the server goes away."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[int] = []
        self.has_written = threading.Event()
        self._url = url
        self._thread = threading.Thread(target=self._write)
        with connect(url) as connection:
            connection.execute("create table if not exists written (number int)")
        self._thread.start()

    def end(self) -> list[int]:
        self._thread.join(60)
        return self.acknowledged

    def _write(self) -> None:
        try:
            with connect(self._url) as connection:
                for number in count():
                    connection.execute("insert into written values (%s)", [number])
                    self.acknowledged.append(number)
                    if number == 100:
                        self.has_written.set()
        except psycopg.OperationalError:
            return


def numbers(url: str) -> set[object]:
    with connect(url) as connection:
        return {row[0] for row in connection.execute("select number from written").fetchall()}


def test_servers_of_a_killed_supervisor_are_adopted_and_stopped(folder: Path) -> None:
    with kept(folder) as keeper:
        running = processes_of(folder)
        keeper.kill()
    assert processes_of(folder) == running
    with start_servers(folder, fsync=False) as servers:
        assert processes_of(folder) == running
        assert one(servers.database_url, "select 1") == 1
    assert processes_of(folder) == []


def test_a_supervisor_killed_while_it_sets_up_leaves_nothing_in_the_way(folder: Path) -> None:
    process = begin(folder)
    eventually(lambda: any(folder.glob("postgresql-18.partial.*/global")))
    process.kill()
    process.communicate(timeout=60)
    assert not (folder / "postgresql-18").exists()
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select 1") == 1


def test_all_killed_under_load_the_next_start_has_every_acknowledged_row(folder: Path) -> None:
    with kept(folder) as keeper:
        writer = Writer(keeper.servers.database_url)
        assert writer.has_written.wait(60)
        keeper.kill()
        for pid in processes_of(folder):
            os.kill(pid, signal.SIGKILL)
        acknowledged = writer.end()
    with start_servers(folder, fsync=False) as servers:
        assert set(acknowledged) <= numbers(servers.database_url)


def test_a_killed_postgresql_comes_back_by_itself_with_every_acknowledged_row(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers:
        former = postmaster(folder)
        writer = Writer(servers.database_url)
        assert writer.has_written.wait(60)
        os.kill(former, signal.SIGKILL)
        acknowledged = writer.end()

        def is_back() -> bool:
            try:
                return one(servers.database_url, "select 1") == 1
            except psycopg.OperationalError:
                return False

        eventually(is_back)
        assert set(acknowledged) <= numbers(servers.database_url)
        assert postmaster(folder) != former
    assert processes_of(folder) == []


def test_a_killed_valkey_comes_back_by_itself(folder: Path) -> None:
    with start_servers(folder, fsync=False) as servers:
        former = next(pid for pid in processes_of(folder) if pid != postmaster(folder))
        os.kill(former, signal.SIGKILL)

        def is_back() -> bool:
            try:
                return ask_valkey(servers.redis_url, "PING") == "+PONG\r\n"
            except OSError:
                return False

        eventually(lambda: former not in processes_of(folder) and is_back())
    assert processes_of(folder) == []


def test_an_adopted_postgresql_that_is_killed_comes_back_too(folder: Path) -> None:
    with kept(folder) as keeper:
        keeper.kill()
    with start_servers(folder, fsync=False) as servers:
        former = postmaster(folder)
        os.kill(former, signal.SIGKILL)

        def is_back() -> bool:
            try:
                return one(servers.database_url, "select 1") == 1
            except psycopg.OperationalError:
                return False

        eventually(lambda: former not in processes_of(folder) and is_back())
        assert postmaster(folder) != former


def test_who_leaves_while_a_server_is_being_started_again_leaves_nothing_running(folder: Path) -> None:
    former: set[int] = set()

    def is_being_started() -> bool:
        return not former.issuperset(processes_of(folder))

    for _ in range(3):
        with start_servers(folder, fsync=False):
            former.update(processes_of(folder))
            for pid in processes_of(folder):
                os.kill(pid, signal.SIGKILL)
            eventually(is_being_started)
        assert processes_of(folder) == []


def test_a_stale_number_that_is_now_somebody_else_is_no_obstacle(folder: Path) -> None:
    with kept(folder) as keeper:
        keeper.kill()
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: processes_of(folder) == [])
    account = account_of_servers()
    with subprocess.Popen(["sleep", "600"], user=account.uid if account.is_dropped else None) as stranger:
        try:
            for path in (folder / "postgresql-18" / "postmaster.pid", folder / "run" / ".s.PGSQL.5432.lock"):
                lines = path.read_text().splitlines()
                path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            (folder / "valkey" / "valkey.pid").write_text(f"{stranger.pid}\n")
            with start_servers(folder, fsync=False) as servers:
                assert one(servers.database_url, "select 1") == 1
            assert stranger.poll() is None
        finally:
            stranger.kill()


@pytest.mark.parametrize("name", [".s.PGSQL.5432", "valkey.sock"])
def test_a_server_whose_socket_was_removed_is_replaced(folder: Path, name: str) -> None:
    with kept(folder) as keeper:
        with connect(keeper.servers.database_url) as connection:
            connection.execute("create table kept (number int)")
        keeper.kill()
    former = processes_of(folder)
    (folder / "run" / name).unlink()
    with start_servers(folder, fsync=False) as servers:
        assert one(servers.database_url, "select count(*) from kept") == 0
        assert ask_valkey(servers.redis_url, "PING") == "+PONG\r\n"
        assert len(set(processes_of(folder)) - set(former)) == 1
        assert len(processes_of(folder)) == 2


def test_a_server_that_is_too_busy_to_answer_is_waited_for_and_not_stopped(folder: Path) -> None:
    with start_servers(folder, fsync=False):
        settings = folder / "postgresql-18" / "postgresql.auto.conf"
        settings.write_text("max_connections = 4\nsuperuser_reserved_connections = 0\n")
    with kept(folder) as keeper:
        keeper.kill()
    running = processes_of(folder)
    log = folder / "logs" / "postgresql.log"
    busy = [connect(keeper.servers.database_url) for _ in range(4)]

    def hang_up_when_there_was_no_room() -> None:
        eventually(lambda: "too many clients" in log.read_text())
        for connection in busy:
            connection.close()

    release = threading.Thread(target=hang_up_when_there_was_no_room)
    release.start()
    with start_servers(folder, fsync=False):
        assert processes_of(folder) == running
    release.join()
    assert "too many clients" in log.read_text()


def test_a_start_waits_for_processes_of_a_killed_server(folder: Path) -> None:
    with kept(folder) as keeper, connect(keeper.servers.database_url) as connection:
        keeper.kill()
        leftover = connection.info.backend_pid
        # Stopped, it does not notice that its server has gone, and holds the shared memory.
        os.kill(leftover, signal.SIGSTOP)
        os.kill(postmaster(folder), signal.SIGKILL)
        log = folder / "logs" / "postgresql.log"

        def end_it_when_it_was_in_the_way() -> None:
            eventually(lambda: "still in use" in log.read_text())
            os.kill(leftover, signal.SIGKILL)

        release = threading.Thread(target=end_it_when_it_was_in_the_way)
        release.start()
        with start_servers(folder, fsync=False) as servers:
            assert one(servers.database_url, "select 1") == 1
        release.join()
        assert "still in use" in log.read_text()

"""`hunter up`: servers, schema and API on one machine; whatever ends it leaves nothing running."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hunter.servers.supervisor import RunningServers
from hunter.storage.schema import heads
from tests.integration.cli.conftest import COMMAND, environment
from tests.integration.cli.serving import PATIENCE_SECONDS, Serving, serving
from tests.integration.cli.stored.conftest import Database
from tests.integration.servers.watching import eventually, one, postmaster, processes_of
from tests.support.postgres import data_folder

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty data folder."""
    with data_folder() as made:
        yield made


@pytest.fixture(scope="module")
def up() -> Iterator[Serving]:
    """A `hunter up` that the tests only look at."""
    with data_folder() as made, serving(made, "up") as running:
        yield running


def refused(folder: Path, **variables: str) -> tuple[int, str, str]:
    """Start a `hunter up` that must end by itself: its exit code, output and errors."""
    own = {"HUNTER_DATA_DIR": str(folder), "HUNTER_API_PORT": "0", **variables}
    ended = subprocess.run(
        [*COMMAND, "up"], capture_output=True, text=True, env=environment(**own), cwd=folder, timeout=60, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


@contextmanager
def locked_tables(url: str) -> Iterator[None]:
    """Hold the tables of companies and leads, so that every request for them waits."""
    with psycopg.connect(url) as connection:
        connection.execute("lock table companies, leads in access exclusive mode")
        yield


def test_it_prints_its_address_and_is_ready(up: Serving) -> None:
    assert up.output == f"serving on {up.address}\n"
    assert up.address == f"http://127.0.0.1:{up.port}"
    answer = up.get("/healthz/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_bound_to_all_addresses_it_prints_one_that_it_answers(folder: Path) -> None:
    with serving(folder, "up", HUNTER_API_HOST="0.0.0.0") as running:
        assert running.output == f"serving on http://127.0.0.1:{running.port}\n"
        assert running.get("/healthz").status_code == 200


def test_the_schema_is_that_of_this_release(up: Serving) -> None:
    assert up.get("/healthz/startup").json()["status"] == "ready"
    assert one(up.database_url, "select version_num from alembic_version") == heads()[0]


def test_both_servers_run(up: Serving) -> None:
    assert len(processes_of(up.folder)) == 2
    health = up.get("/healthz").json()
    assert (health["database"], health["redis"]) == ("ok", "ok")


def test_a_second_one_on_the_same_folder_is_refused_with_the_address_of_the_first(up: Serving) -> None:
    code, output, errors = refused(up.folder)
    said = f"hunter: Hunter is already running at {up.address} (process {up.process.pid})\n"
    assert (code, output, errors) == (1, "", said)
    assert up.get("/healthz/ready").status_code == 200


def test_a_second_one_on_the_same_port_too_is_refused_with_the_address_of_the_first(up: Serving) -> None:
    code, output, errors = refused(up.folder, HUNTER_API_PORT=str(up.port))
    said = f"hunter: Hunter is already running at {up.address} (process {up.process.pid})\n"
    assert (code, output, errors) == (1, "", said)
    assert up.get("/healthz/ready").status_code == 200


@contextmanager
def hang_up_is(action: signal.Handlers) -> Iterator[None]:
    """What a closed terminal does to processes that are started here; it is handed down."""
    before = signal.signal(signal.SIGHUP, action)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def test_started_with_nohup_it_stays_when_the_terminal_is_closed(folder: Path) -> None:
    with hang_up_is(signal.SIG_IGN), serving(folder, "up") as up:
        up.process.send_signal(signal.SIGHUP)
        assert up.get("/healthz/ready").status_code == 200
        assert up.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_finishes_requests_and_leaves_nothing_running(folder: Path, number: signal.Signals) -> None:
    with (
        hang_up_is(signal.SIG_DFL),
        serving(folder, "up", HUNTER_READ_TIMEOUT_MS="60000") as up,
        ThreadPoolExecutor(2) as requests,
    ):
        with locked_tables(up.database_url):
            read = requests.submit(up.get, "/api/v1/leads/hic-gelmedi.example")
            write = requests.submit(up.post, {"domain": "son-firma.example"})
            eventually(lambda: one(up.database_url, _WAITING) == 2, seconds=10)
            up.process.send_signal(number)
            eventually(lambda: not up.listens())
            assert up.process.poll() is None
        assert read.result(PATIENCE_SECONDS).json()["code"] == "not_ingested"
        assert write.result(PATIENCE_SECONDS).status_code == 201
        assert up.process.wait(PATIENCE_SECONDS) == 0
        assert processes_of(folder) == []
        assert "Traceback" not in up.errors()


def test_a_killed_one_is_picked_up_by_the_next_start(folder: Path) -> None:
    with serving(folder, "up") as first:
        assert first.post({"domain": "kalan-firma.example"}).status_code == 201
        first.process.kill()
        first.process.wait(PATIENCE_SECONDS)
        running = processes_of(folder)
        assert postmaster(folder) in running
        with serving(folder, "up") as second:
            assert processes_of(folder) == running
            assert second.get("/healthz/ready").json()["status"] == "ready"
            assert one(second.database_url, "select domain from companies") == "kalan-firma.example"
            assert second.end(signal.SIGINT) == 0
            assert processes_of(folder) == []
            assert not second.listens()


def test_with_both_urls_no_server_is_started(folder: Path, bare_database: Database, servers: RunningServers) -> None:
    urls = {"HUNTER_DATABASE_URL": bare_database.url, "HUNTER_REDIS_URL": servers.redis_url}
    with serving(folder, "up", **urls) as up:
        assert up.get("/healthz/startup").json()["status"] == "ready"
        assert bare_database.rows("select version_num from alembic_version") == [heads()]
        assert processes_of(folder) == []
        assert not (folder / "postgresql-18").exists()
        assert up.end(signal.SIGINT) == 0
    assert bare_database.rows("select 1") == [(1,)]


def test_a_taken_port_is_said_and_nothing_is_started(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, output, errors = refused(folder, HUNTER_API_PORT=str(port))
    said = f"hunter: 127.0.0.1, port {port}: Address already in use; choose another HUNTER_API_PORT\n"
    assert (code, output, errors) == (1, "", said)
    assert list(folder.iterdir()) == []


def test_production_with_the_sample_password_is_refused(folder: Path) -> None:
    url = "postgresql://hunter:CHANGE_ME@127.0.0.1:1/hunter"
    code, output, errors = refused(folder, HUNTER_ENVIRONMENT="production", HUNTER_DATABASE_URL=url)
    assert (code, output) == (1, "")
    assert errors == (
        "hunter: HUNTER_DATABASE_URL has the sample password: set one of your own before going into production\n"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "ends_with", "said"),
    [
        ({"HUNTER_API_PORT": "70000"}, 2, "HUNTER_API_PORT must be a port from 0 to 65535"),
        ({"HUNTER_API_HOST": "192.0.2.1"}, 1, "192.0.2.1, port 0: "),
        ({"HUNTER_API_HOST": "bu bir ad degil"}, 1, "bu bir ad degil, port 0: "),
    ],
)
def test_an_address_that_cannot_be_had_is_said(
    folder: Path, variables: dict[str, str], ends_with: int, said: str
) -> None:
    code, output, errors = refused(folder, **variables)
    assert (code, output) == (ends_with, "")
    assert errors.startswith(f"hunter: {said}")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("host", ["192.0.2.1", "bu bir ad degil"])
def test_an_address_of_another_machine_is_no_matter_of_the_port(folder: Path, host: str) -> None:
    _, _, errors = refused(folder, HUNTER_API_HOST=host)
    assert errors.endswith("; HUNTER_API_HOST must be an address of this machine\n")

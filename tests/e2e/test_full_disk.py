"""The disk is full while something is stored: a clear answer, nothing half-written, and all is well once there is room.

No disk is filled for that. The files of two tables, still empty, give way to `/dev/full`, into which the system lets
nobody write (ENOSPC) while everything else on the disk works; so it needs no rights and does not trouble the machine.
"""

import asyncio
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from hunter.core.new_company import NewCompany
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import DemoWorldSource
from hunter.servers.cluster import SUPERUSER
from hunter.servers.supervisor import start_servers
from hunter.storage.engine import open_engine
from hunter.storage.schema import upgrade
from hunter.storage.unit_of_work import UnitOfWork
from tests.integration.cli.conftest import COMMAND, environment
from tests.integration.cli.serving import Serving, serving
from tests.integration.servers.watching import connect, one
from tests.support.postgres import data_folder

FULL = Path("/dev/full")
#: Written last in what an intake and a scan store, so that much is written before there is no room.
TABLES = ("raw_leads", "evidence")
KNOWN, NEW = "pervane-yazilim.example", "anadolu-rulman.example"
STORED = """
select (select count(*) from companies), (select count(*) from raw_leads), (select count(*) from evidence),
    (select count(*) from domain_signals), (select count(*) from lead_scores),
    (select count(*) from leads where priority_score is not null)
"""
NOTHING_BUT_ONE_COMPANY = (1, 0, 0, 0, 0, 0)
HANG_UP = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hunter'"


class Disk:
    """The files that may have no room."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files

    def fill(self) -> None:
        """Let nothing more be written to the files."""
        for file in self._files:
            file.rename(file.with_suffix(".kept"))
            file.symlink_to(FULL)

    def make_room(self, up: Serving) -> None:
        """Give the files back; who has them open looks for them anew."""
        for file in self._files:
            file.unlink()
            file.with_suffix(".kept").rename(file)
        with connect(up.database_url.replace("hunter@", f"{SUPERUSER}@", 1)) as connection:
            connection.execute(HANG_UP)


@pytest.fixture(scope="module")
def name_server() -> Iterator[str]:
    """A name server that knows the companies."""
    with start_name_server(DemoWorldSource()) as server:
        yield f"{server.host}:{server.port}"


async def take_in(url: str, domain: str) -> None:
    """Keep a company, and nothing of how it came."""
    engine = open_engine(url)
    async with UnitOfWork(engine) as unit:
        await unit.companies.intake(NewCompany(domain=domain))
    await engine.dispose()


@contextmanager
def up_on_a_full_disk(folder: Path, name_server: str) -> Iterator[tuple[Serving, Disk]]:
    """A `hunter up` with one company, whose disk is full."""
    with start_servers(folder) as servers:
        upgrade(servers.database_url)
        asyncio.run(take_in(servers.database_url, KNOWN))
        with connect(servers.database_url) as connection:
            paths = [connection.execute("select pg_relation_filepath(%s)", (name,)).fetchone() for name in TABLES]
    files = [folder / "postgresql-18" / str(path[0]) for path in paths if path is not None]
    assert [file.stat().st_size for file in files] == [0, 0]
    disk = Disk(files)
    disk.fill()
    with serving(folder, "up", HUNTER_DNS_SERVERS=name_server) as up:
        yield up, disk


@pytest.fixture(scope="module")
def on_full_disk(name_server: str) -> Iterator[Serving]:
    """A `hunter up` whose disk stays full; nothing can be stored in it, so tests may share it."""
    with data_folder() as folder, up_on_a_full_disk(folder, name_server) as (up, _):
        yield up


def stored(up: Serving) -> object:
    with connect(up.database_url) as connection:
        return connection.execute(STORED.encode()).fetchone()


def scanned(up: Serving, name: str) -> tuple[int, object]:
    with up.client() as client:
        answer = client.post("/api/v1/scan/domain", json={"domain": name})
    return answer.status_code, answer.json().get("code")


def command(up: Serving, *arguments: str) -> tuple[int, str, str]:
    """Run a command beside the `hunter up`: its exit code, output and errors."""
    own = environment(HUNTER_DATA_DIR=str(up.folder))
    ended = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=own, cwd=up.folder, timeout=60, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_an_intake_is_503_storage_full_and_nothing_of_it_is_kept(on_full_disk: Serving) -> None:
    answer = on_full_disk.post({"domain": NEW})
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert int(answer.headers["retry-after"]) > 0
    assert stored(on_full_disk) == NOTHING_BUT_ONE_COMPANY


def test_a_scan_is_503_storage_full_and_nothing_of_it_is_kept(on_full_disk: Serving) -> None:
    assert scanned(on_full_disk, KNOWN) == (503, "storage_full")
    assert stored(on_full_disk) == NOTHING_BUT_ONE_COMPANY


def test_what_is_there_is_still_read(on_full_disk: Serving) -> None:
    assert on_full_disk.post({"domain": NEW}).status_code == 503
    assert on_full_disk.get("/healthz/ready").status_code == 200
    assert on_full_disk.get("/api/v1/leads").status_code == 200
    assert on_full_disk.get(f"/api/v1/leads/{KNOWN}").json()["code"] == "not_scanned"


def test_hunter_ingest_says_so_and_keeps_nothing(on_full_disk: Serving) -> None:
    rows = "".join(f"f{number}.example\n" for number in range(3_000))
    (on_full_disk.folder / "liste.csv").write_text(f"domain\n{rows}", encoding="utf-8")
    code, output, errors = command(on_full_disk, "ingest", "liste.csv")
    assert (code, output, errors) == (1, "", "hunter: the database has no room left\n")
    assert stored(on_full_disk) == NOTHING_BUT_ONE_COMPANY


def test_hunter_scan_shows_its_answer_and_notes_that_it_was_not_stored(on_full_disk: Serving, name_server: str) -> None:
    code, output, errors = command(on_full_disk, "scan", KNOWN, "--json", "--server", name_server)
    assert (code, json.loads(output)["score"]) == (0, 90)
    assert errors == "Sonuçlar kaydedilmedi: the database has no room left\n"
    assert stored(on_full_disk) == NOTHING_BUT_ONE_COMPANY


def test_once_there_is_room_everything_works_without_a_restart(name_server: str) -> None:
    with data_folder() as folder, up_on_a_full_disk(folder, name_server) as (up, disk):
        assert up.post({"domain": NEW}).json()["code"] == "storage_full"
        assert scanned(up, KNOWN) == (503, "storage_full")
        disk.make_room(up)
        assert up.post({"domain": NEW}).status_code == 201
        assert scanned(up, KNOWN)[0] == 200
        assert stored(up) == (2, 1, 1, 1, 1, 1)
        assert one(up.database_url, "select readiness_score from leads where priority_score is not null") == 90
        assert command(up, "db", "check") == (0, "no difference\n", "")

"""Kill -9 of the API and of PostgreSQL under load: whatever was acknowledged is there afterwards.

Several clients hand in companies and have companies of the lab's world scanned. Everything runs as it is shipped.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import pytest

from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from tests.integration.cli.conftest import COMMAND, environment
from tests.integration.cli.serving import PATIENCE_SECONDS, Serving, serving
from tests.integration.servers.watching import PROC, connect, eventually, postmaster, processes_of
from tests.support.postgres import data_folder

INTAKES, SCANNERS = 4, 2
#: Acknowledged companies and scans before anything is killed.
ENOUGH_INTAKES, ENOUGH_SCANS = 150, 30
WORLD_SIZE = 5_000
#: One transaction writes a company and what was sent; the scanned ones have come the same way.
HALF_KEPT = """
select count(*) from companies c full join raw_leads r on r.domain = c.domain where c.id is null or r.id is null
"""


@dataclass(slots=True)
class Clients:
    """What clients were told; each of them adds to it."""

    kept: set[str] = field(default_factory=set)
    scanned: set[str] = field(default_factory=set)
    #: Status and code of every answer that was no success.
    refusals: set[tuple[int, str]] = field(default_factory=set)
    may_end: threading.Event = field(default_factory=threading.Event)

    def have_enough(self) -> bool:
        """Whether there is something to lose."""
        return len(self.kept) >= ENOUGH_INTAKES and len(self.scanned) >= ENOUGH_SCANS

    def hand_in(self, client: httpx.Client, number: int) -> None:
        """Hand companies in until there is nobody who takes them."""
        for turn in count():
            self._post(client, "/api/v1/ingest/domain", f"i{number}-{turn}.example", self.kept)

    def scan(self, client: httpx.Client, number: int) -> None:
        """Hand companies of the world in and have them scanned."""
        for turn in range(number, WORLD_SIZE, SCANNERS):
            name = f"f{turn:07}.example"
            self._post(client, "/api/v1/ingest/domain", name, self.kept)
            if name in self.kept:
                self._post(client, "/api/v1/scan/domain", name, self.scanned)

    def _post(self, client: httpx.Client, path: str, name: str, acknowledged: set[str]) -> None:
        if self.may_end.is_set():
            raise Ended
        answer = client.post(path, json={"domain": name})
        if answer.is_success:
            acknowledged.add(name)
        else:
            self.refusals.add((answer.status_code, answer.json()["code"]))


class Ended(Exception):
    """A client was told to end."""


@contextmanager
def clients_of(up: Serving) -> Iterator[Clients]:
    """Clients that go on until they are told to end or the API is gone; all have ended when the block is left."""
    clients = Clients()

    def work(task: object, number: int) -> None:
        assert callable(task)
        with up.client() as client:
            try:
                task(client, number)
            except (Ended, httpx.TransportError):
                return

    threads = [threading.Thread(target=work, args=(clients.hand_in, number)) for number in range(INTAKES)]
    threads += [threading.Thread(target=work, args=(clients.scan, number)) for number in range(SCANNERS)]
    for thread in threads:
        thread.start()
    try:
        yield clients
    finally:
        clients.may_end.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty data folder."""
    with data_folder() as made:
        yield made


@pytest.fixture(scope="module")
def name_server() -> Iterator[str]:
    """A name server that knows the scanned companies."""
    with start_name_server(GeneratedWorldSource(WORLD_SIZE)) as server:
        yield f"{server.host}:{server.port}"


def family_of(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for entry in PROC.glob("[0-9]*"):
        try:
            parent = entry.joinpath("stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == pid:
            found.append(int(entry.name))
    return found


def kill_all(pids: list[int]) -> None:
    for pid in pids:
        # A child may have noticed that its parent has gone.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def see_that_all_is_there(url: str, clients: Clients) -> None:
    with connect(url) as connection:
        kept = {domain for (domain,) in connection.execute("select domain from companies").fetchall()}
        scanned = {domain for (domain,) in connection.execute("select domain from evidence").fetchall()}
        assert connection.execute("show fsync").fetchone() == ("on",)
        (half,) = connection.execute(HALF_KEPT.encode()).fetchall()
    assert clients.kept - kept == set()
    assert clients.scanned - scanned == set()
    assert half == (0,)


def checked(folder: Path) -> str:
    """What `hunter db check` says."""
    own = environment(HUNTER_DATA_DIR=str(folder))
    ended = subprocess.run(
        [*COMMAND, "db", "check"], capture_output=True, text=True, env=own, cwd=folder, timeout=60, check=True
    )
    return ended.stdout


def test_api_and_postgresql_killed_under_load_lose_nothing_that_was_acknowledged(
    folder: Path, name_server: str
) -> None:
    with serving(folder, "up", HUNTER_DNS_SERVERS=name_server) as up, clients_of(up) as clients:
        eventually(clients.have_enough, seconds=PATIENCE_SECONDS)
        up.process.kill()
        kill_all(family_of(postmaster(folder)))
        kill_all([pid for pid in processes_of(folder) if pid != postmaster(folder)])
    assert clients.refusals == set()
    with serving(folder, "up", HUNTER_DNS_SERVERS=name_server) as up:
        assert up.get("/healthz/ready").json()["status"] == "ready"
        see_that_all_is_there(up.database_url, clients)
        assert up.get(f"/api/v1/leads/{min(clients.scanned)}").status_code == 200
        assert checked(folder) == "no difference\n"
        assert up.end(signal.SIGINT) == 0


def test_postgresql_killed_under_load_is_back_by_itself_and_clients_are_told(folder: Path, name_server: str) -> None:
    with serving(folder, "up", HUNTER_DNS_SERVERS=name_server) as up:
        with clients_of(up) as clients:
            eventually(clients.have_enough, seconds=PATIENCE_SECONDS)
            kill_all(family_of(postmaster(folder)))
            eventually(lambda: bool(clients.refusals))
            before = len(clients.kept), len(clients.scanned)
            eventually(lambda: len(clients.kept) > before[0] + 50 and len(clients.scanned) > before[1] + 5)
        assert clients.refusals == {(503, "database_unavailable")}
        see_that_all_is_there(up.database_url, clients)
        assert checked(folder) == "no difference\n"
        assert up.end(signal.SIGINT) == 0
        assert processes_of(folder) == []

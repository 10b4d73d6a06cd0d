"""A scan in trouble: the database is away or refuses, Ctrl-C comes, the process is killed; what is said is stored."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from hunter.lab.dns.faults import Faults
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.servers.backup import libpq_url
from hunter.services.scan import keeping
from tests.integration.cli.stored.conftest import Commands, Database
from tests.integration.servers.watching import eventually

GOOGLE, MICROSOFT = "pervane-yazilim.example", "anadolu-rulman.example"
HALF_DEAD = Faults(dead=0.5)
#: Nobody listens there.
NOWHERE = "postgresql://hunter@127.0.0.1:1/hunter"
_WAITING = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
#: Every transaction that writes leads beyond the first so many loses its connection.
_BREAK_OFF = """
create function break_off() returns trigger language plpgsql as $$ begin
    if (select count(*) from leads) > 200 then perform pg_terminate_backend(pg_backend_pid()); end if;
    return null;
end $$;
create trigger break_off after insert on leads for each statement execute function break_off();
"""


@pytest.fixture
def server() -> Iterator[str]:
    """A server that knows many companies."""
    with start_name_server(GeneratedWorldSource(450)) as running:
        yield f"{running.host}:{running.port}"


def names_of(count: int) -> str:
    return "".join(f"f{number:07}.example\n" for number in range(count))


@contextmanager
def held_up(hunter: Commands, database: Database, server: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A scan that wants to store its first results, and must wait until the block is left."""
    hunter.write("liste.txt", names_of(100))
    with psycopg.connect(libpq_url(database.url)) as other:
        other.execute("lock table companies in exclusive mode")
        process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", server)
        eventually(lambda: len(database.rows(_WAITING)) == 1)
        yield process


@pytest.mark.parametrize("names", [(GOOGLE,), (GOOGLE, MICROSOFT)], ids=["one name", "two names"])
def test_a_database_that_cannot_be_had_costs_one_note_and_not_the_scan(
    hunter: Commands, demo_server: str, names: tuple[str, ...]
) -> None:
    asked = ("scan", *names, "--json", "--server", demo_server)
    result = hunter(*asked, HUNTER_DATABASE_URL=NOWHERE)
    assert {json.loads(line)["domain"] for line in result.output.splitlines()} == set(names)
    assert (result.code, result.errors) == (0, "Sonuçlar kaydedilmedi: the database cannot be reached\n")


def test_a_database_of_another_release_is_left_alone(
    hunter: Commands, bare_database: Database, demo_server: str
) -> None:
    result = hunter("scan", GOOGLE, "--server", demo_server, HUNTER_DATABASE_URL=bare_database.url)
    assert result.code == 0
    assert result.output.startswith(f"{GOOGLE} · Skor 90")
    assert result.errors == (
        "Sonuçlar kaydedilmedi: the schema of HUNTER_DATABASE_URL is not that of this release: hunter db upgrade\n"
    )
    assert bare_database.rows("select count(*) from pg_tables where schemaname = 'public'") == [(0,)]


def test_a_database_that_takes_no_rows_is_said_once(hunter: Commands, database: Database, server: str) -> None:
    database.run("alter table leads add constraint full_up check (domain is null) not valid")
    hunter.write("liste.txt", names_of(450))
    result = hunter("scan", "-f", "liste.txt", "--json", "--server", server)
    assert len(result.output.splitlines()) == 450
    assert result.errors.count("Sonuçlar kaydedilmedi: ") == 1
    assert database.rows("select count(*) from companies") == [(0,)]


def test_a_connection_that_breaks_off_costs_nothing(hunter: Commands, database: Database, server: str) -> None:
    with held_up(hunter, database, server) as process:
        database.rows(f"select pg_terminate_backend(pid) from ({_WAITING}) w")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, b"kaydedil" in errors) == (0, False)
    assert len(database.domains()) == len(output.splitlines()) == 100


def test_a_database_that_does_not_come_back_is_said_with_what_was_stored(
    hunter: Commands, database: Database, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PATIENCE_SECONDS", 0.0)
    database.run(_BREAK_OFF)
    hunter.write("liste.txt", names_of(450))
    result = hunter("scan", "-f", "liste.txt", "--json", "--server", server)
    assert (result.code, len(result.output.splitlines())) == (0, 450)
    stored = len(database.domains())
    assert 0 < stored <= 200
    assert result.errors == f"{stored} sonuç kaydedildi, sonrakiler kaydedilmedi: the database cannot be reached\n"


@pytest.fixture
def slow_server() -> Iterator[str]:
    """A server that answers about half of its domains at once and never the others."""
    with start_name_server(GeneratedWorldSource(100), faults=HALF_DEAD) as server:
        yield f"{server.host}:{server.port}"


def test_ctrl_c_keeps_what_is_finished(hunter: Commands, database: Database, slow_server: str) -> None:
    hunter.write("liste.txt", names_of(100))
    process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", slow_server)
    eventually(lambda: database.rows("select count(*) > 0 from leads") == [(True,)])
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    shown = {json.loads(line)["domain"] for line in output.decode().splitlines()}
    said = re.search(r"Durduruldu\. Biten alan adı: (\d+)\.", errors.decode())
    assert said is not None
    assert 0 < len(shown) == int(said[1]) < 100
    assert {domain for (domain,) in database.rows("select domain from leads")} == shown


def test_what_is_being_stored_when_ctrl_c_comes_is_stored_and_shown(
    hunter: Commands, database: Database, server: str
) -> None:
    with held_up(hunter, database, server) as process:
        process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    shown = {json.loads(line)["domain"] for line in output.decode().splitlines()}
    assert process.returncode == 130
    assert shown
    assert {domain for (domain,) in database.rows("select domain from leads")} == shown


def test_a_second_ctrl_c_does_not_wait_and_counts_what_was_shown(
    hunter: Commands, database: Database, server: str
) -> None:
    with held_up(hunter, database, server) as process:
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            # Long enough for an end: a signal that meets a Python which is shutting down ends it by that signal.
            with suppress(subprocess.TimeoutExpired):
                process.wait(3)
        output, errors = process.communicate()
    assert (process.returncode, output) == (130, b"")
    assert errors.decode().splitlines()[-1] == "Durduruldu. Biten alan adı: 0."


def test_a_killed_scan_leaves_nothing_half_stored(hunter: Commands, database: Database, slow_server: str) -> None:
    hunter.write("liste.txt", names_of(100))
    process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", slow_server)
    eventually(lambda: database.rows("select count(*) > 0 from leads") == [(True,)])
    process.kill()
    process.communicate(timeout=20)
    assert hunter("db", "check").output == "no difference\n"


def test_what_is_finished_is_stored_and_shown_while_others_are_still_awaited(
    hunter: Commands, database: Database, slow_server: str
) -> None:
    names = [f"f{number:07}.example" for number in range(100)]
    living = {name for name in names if not HALF_DEAD.is_dead(name)}
    hunter.write("liste.txt", "".join(f"{name}\n" for name in names))
    process = hunter.start("scan", "-f", "liste.txt", "--json", "--server", slow_server)
    assert process.stdout is not None
    shown = {json.loads(process.stdout.readline())["domain"] for _ in living}
    stored = {domain for (domain,) in database.rows("select domain from leads")}
    process.kill()
    process.communicate(timeout=20)
    assert shown == stored == living

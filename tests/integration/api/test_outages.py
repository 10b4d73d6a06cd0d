"""The database hangs, breaks off, and comes back: each request gets its answer, and the next one is served."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.support.api_application import StandingWorld
from tests.support.api_server import RunningAPI
from tests.support.storage_database import StorageServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

Stored = tuple[RunningAPI, StandingWorld]
#: Served from the table itself; nobody brought this company in.
PATH = "/api/v1/leads/firma.example"
_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = %s"
_BREAK_OFF = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
_BREAK_OFF_WAITING = f"{_BREAK_OFF} and wait_event_type = 'Lock'"


@contextmanager
def locked_leads(url: str) -> Iterator[str]:
    """Hold the table of leads, so that every read of it waits; gives the name of the database."""
    with psycopg.connect(url) as connection:
        connection.execute("lock table leads in access exclusive mode")
        yield connection.info.dbname


async def until_somebody_waits(watcher: psycopg.Connection, database: str) -> None:
    """Return as soon as a request stands before the lock."""
    while watcher.execute(_WAITING, (database,)).fetchone() == (0,):
        await asyncio.sleep(0.01)


async def test_a_read_that_takes_too_long_is_503_and_the_next_is_served(stored: Stored, database_url: str) -> None:
    api, _ = stored
    with locked_leads(database_url):
        answer = await api.client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (503, "read_timeout")
    assert answer.headers["retry-after"]
    assert (await api.client.get(PATH)).json()["code"] == "not_ingested"


async def test_a_connection_that_breaks_off_in_a_request_is_503_and_the_next_is_served(
    stored: Stored, database_url: str, postgresql: StorageServer
) -> None:
    api, _ = stored
    with (
        locked_leads(database_url) as database,
        psycopg.connect(postgresql.url("postgres"), autocommit=True) as watcher,
    ):
        request = asyncio.create_task(api.client.get(PATH))
        await asyncio.wait_for(until_somebody_waits(watcher, database), 5)
        watcher.execute(_BREAK_OFF_WAITING, (database,))
        answer = await request
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert (await api.client.get(PATH)).json()["code"] == "not_ingested"


async def test_connections_that_died_between_requests_are_noticed(
    stored: Stored, database_url: str, postgresql: StorageServer
) -> None:
    api, _ = stored
    await asyncio.gather(*(api.client.get(PATH) for _ in range(4)))
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as watcher:
        watcher.execute(_BREAK_OFF, (psycopg.conninfo.conninfo_to_dict(database_url)["dbname"],))
    answers = await asyncio.gather(*(api.client.get("/api/v1/leads") for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    body = {"domain": "sonra-gelen.example"}
    assert (await api.client.post("/api/v1/ingest/domain", json=body)).status_code == 201

"""One transaction: it commits on a clean exit, rolls back on an error, and translates what the database says."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.errors import Conflict, HunterError, InvalidInput
from hunter.core.new_company import NewCompany
from hunter.storage import idle_connections
from hunter.storage.engine import DatabaseUnavailable, ReadTimedOut, WriteContended, open_engine
from hunter.storage.unit_of_work import UnitOfWork
from tests.integration.servers.watching import eventually
from tests.support.assessed import intake


async def count(engine: AsyncEngine) -> int:
    async with UnitOfWork(engine) as unit:
        return int((await unit.connection.exec_driver_sql("select count(*) from companies")).scalar_one())


async def test_an_exception_leaves_nothing_behind(engine: AsyncEngine) -> None:
    async def fail() -> None:
        async with UnitOfWork(engine) as unit:
            await unit.companies.intake(NewCompany(domain="a.example"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await count(engine) == 0
    await intake(engine, "a.example")
    assert await count(engine) == 1


@pytest.mark.parametrize(
    ("statement", "error", "code"),
    [
        (
            "insert into companies (canonical_name, domain) values ('A', 'a.example'), ('A', 'a.example')",
            Conflict,
            "conflict",
        ),
        ("select 1 / 0", InvalidInput, "invalid_input"),
        ("select pg_terminate_backend(pg_backend_pid())", DatabaseUnavailable, "database_unavailable"),
        ("do $$ begin raise exception 'x' using errcode = '53100'; end $$", HunterError, "storage_full"),
        ("do $$ begin raise exception 'x' using errcode = '40P01'; end $$", WriteContended, "write_contended"),
        ("select * from nowhere", HunterError, "error"),
    ],
)
async def test_errors_of_the_database_come_out_as_ours(
    engine: AsyncEngine, statement: str, error: type[HunterError], code: str
) -> None:
    with pytest.raises(error) as raised:
        async with UnitOfWork(engine) as unit:
            await unit.connection.exec_driver_sql(statement)
    assert raised.value.code == code
    assert raised.value.__cause__ is not None
    assert await count(engine) == 0


async def test_a_read_that_takes_too_long_is_ended(database: str) -> None:
    engine = open_engine(database, read_only=True, statement_timeout=timedelta(milliseconds=50))
    with pytest.raises(ReadTimedOut):
        async with UnitOfWork(engine) as unit:
            await unit.connection.exec_driver_sql("select pg_sleep(5)")
    await engine.dispose()


async def test_a_read_only_engine_writes_nothing_and_sees_one_moment(engine: AsyncEngine, reads: AsyncEngine) -> None:
    async with UnitOfWork(reads) as unit:
        assert await unit.companies.find("a.example") is None
        await intake(engine, "a.example")
        assert await unit.companies.find("a.example") is None
    with pytest.raises(HunterError):
        async with UnitOfWork(reads) as unit:
            await unit.companies.intake(NewCompany(domain="b.example"))


async def backend_of(engine: AsyncEngine) -> int:
    """The process behind the connection that the next unit is given, too."""
    async with UnitOfWork(engine) as unit:
        return int((await unit.connection.exec_driver_sql("select pg_backend_pid()")).scalar_one())


@contextmanager
def stopped(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def test_a_server_that_hangs_is_unavailable_and_comes_back(engine: AsyncEngine) -> None:
    async def ask() -> None:
        async with UnitOfWork(engine, within=timedelta(milliseconds=100)) as unit:
            await unit.companies.find("a.example")
            pytest.fail("a stopped process answered")

    with stopped(await backend_of(engine)), pytest.raises(DatabaseUnavailable, match="did not answer in time"):
        await ask()
    assert await count(engine) == 0


async def test_a_connection_that_lay_idle_for_long_is_asked_before_it_is_used(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_connections, "_TRUSTED_SECONDS", 0.0)
    with (
        stopped(await backend_of(engine)),
        pytest.raises(DatabaseUnavailable, match="did not answer in time"),
    ):
        async with UnitOfWork(engine, within=timedelta(milliseconds=100)):
            pytest.fail("the connection was taken for a good one")
    assert await count(engine) == 0


async def test_a_connection_that_the_server_closed_is_made_anew(engine: AsyncEngine) -> None:
    before = await backend_of(engine)
    os.kill(before, signal.SIGTERM)
    eventually(lambda: not Path(f"/proc/{before}").exists())
    assert await backend_of(engine) != before


async def test_what_takes_too_long_in_a_unit_leaves_nothing_behind(engine: AsyncEngine) -> None:
    async def be_slow() -> None:
        async with UnitOfWork(engine, within=timedelta(milliseconds=100)) as unit:
            await unit.companies.intake(NewCompany(domain="a.example"))
            await unit.connection.exec_driver_sql("select pg_sleep(20)")

    with pytest.raises(DatabaseUnavailable, match="did not answer in time"):
        await be_slow()
    assert await count(engine) == 0


@pytest.mark.parametrize("url", ["kotu", "", "postgresql://u:gizli@h:port/x", "mysql://u:gizli@h/x", "postgresql:"])
def test_what_is_no_address_of_a_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidInput, match="postgresql://") as raised:
        open_engine(url)
    assert "gizli" not in str(raised.value)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://hunter@/hunter?host={tmp_path}")
    with pytest.raises(DatabaseUnavailable):
        async with UnitOfWork(engine):
            pass
    await engine.dispose()

"""One database for each test that writes."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.engine import open_engine
from tests.support.storage_database import StorageServer


@pytest.fixture(scope="session")
def server(postgresql: StorageServer) -> StorageServer:
    """The running server with the migrated template."""
    return postgresql


@pytest.fixture
def database(server: StorageServer) -> Iterator[str]:
    """URL of a migrated, empty database."""
    with server.database() as url:
        yield url


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    """An engine that may write."""
    opened = open_engine(database)
    yield opened
    await opened.dispose()


@pytest.fixture
async def reads(database: str) -> AsyncIterator[AsyncEngine]:
    """An engine that may only read, as the API has it."""
    opened = open_engine(database, read_only=True, statement_timeout=timedelta(seconds=2))
    yield opened
    await opened.dispose()

"""Use cases on real servers: a migrated database for each test, and a Valkey that is emptied for it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.cache.connection import RedisConnection
from hunter.servers.supervisor import RunningServers
from hunter.storage.engine import open_engine
from hunter.storage.schema import upgrade
from tests.support.postgres import Databases, servers_for_tests


@pytest.fixture(scope="session")
def servers() -> Iterator[RunningServers]:
    """The two servers, without a row."""
    with servers_for_tests() as running:
        yield running


@pytest.fixture(scope="session")
def databases(servers: RunningServers) -> Databases:
    """Databases whose schema is that of this release."""
    return Databases(servers.database_url, prepare=upgrade)


@pytest.fixture
async def engine(databases: Databases) -> AsyncIterator[AsyncEngine]:
    """An engine on a database with the schema and no company."""
    with databases.clone() as url:
        opened = open_engine(url, pool_size=8)
        yield opened
        await opened.dispose()


@pytest.fixture
async def redis(servers: RunningServers) -> AsyncIterator[RedisConnection]:
    """A connection to an empty server."""
    async with RedisConnection(servers.redis_url, seconds=20) as connection:
        await connection.call(lambda client: client.flushall())
        yield connection

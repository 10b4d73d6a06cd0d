"""The embedded Valkey, emptied for each test of the room, and connections to it."""

from collections.abc import AsyncIterator

import pytest

from hunter.cache.connection import RedisConnection
from hunter.cache.redis_buckets import RedisBuckets
from hunter.cache.tally import Tally
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.servers.supervisor import RunningServers


@pytest.fixture(scope="session")
def valkey_url(servers: RunningServers) -> str:
    """The URL of a Valkey that the supervisor keeps running."""
    return servers.redis_url


@pytest.fixture
async def redis(valkey_url: str) -> AsyncIterator[RedisConnection]:
    """A connection to an empty server."""
    # A busy machine is no failure of the code.
    async with RedisConnection(valkey_url, seconds=20) as connection:
        await connection.call(lambda client: client.flushall())
        yield connection


@pytest.fixture
async def nobody() -> AsyncIterator[RedisConnection]:
    """A connection to a server that is not there."""
    async with RedisConnection("unix:///nowhere/redis.sock") as connection:
        yield connection


@pytest.fixture
def tally() -> Tally:
    """Counts of this process."""
    return Tally()


@pytest.fixture
def buckets(redis: RedisConnection, tally: Tally) -> RedisBuckets:
    """Shared buckets; without Redis this process has all of a limit."""
    return RedisBuckets(redis, tally, fallback=MemoryBuckets())

"""The three kinds of stores that are held to one contract, each opened anew on one place as often as a test likes."""

from collections.abc import AsyncIterator, Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from hunter.cache.connection import RedisConnection
from hunter.cache.redis_buckets import RedisBuckets
from hunter.cache.redis_cache import RedisCache
from hunter.cache.tally import Tally
from hunter.resilience.cache_store import CacheCodec, CacheStore
from hunter.resilience.file_buckets import FileBuckets
from hunter.resilience.file_cache import FileCache
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.memory_cache import MemoryCache
from hunter.resilience.token_bucket import BucketStore
from hunter.servers.supervisor import RunningServers

#: Dates and other shapes are the codec's business: here a value is wrapped, so that one written bare cannot be read.
CODEC: CacheCodec[Any] = CacheCodec(lambda value: {"value": value}, lambda written: written["value"])
OpenBuckets: TypeAlias = Callable[[], BucketStore]
OpenCache: TypeAlias = Callable[[], CacheStore[Any]]


class Kind(StrEnum):
    """Where a store keeps things."""

    MEMORY = "memory"
    FILE = "file"
    REDIS = "redis"


@pytest.fixture(params=list(Kind))
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every kind in turn."""
    return Kind(request.param)


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
def open_buckets(kind: Kind, redis: RedisConnection, tmp_path: Path) -> Iterator[OpenBuckets]:
    """Opens a store of buckets; all that it opens are one store."""
    memory, files = MemoryBuckets(), list[FileBuckets]()

    def open_one() -> BucketStore:
        match kind:
            case Kind.MEMORY:
                return memory
            case Kind.FILE:
                files.append(FileBuckets(tmp_path))
                return files[-1]
            case Kind.REDIS:
                return RedisBuckets(redis, Tally(), fallback=MemoryBuckets())

    yield open_one
    for one in files:
        one.close()


@pytest.fixture
def open_cache(kind: Kind, redis: RedisConnection, tmp_path: Path) -> OpenCache:
    """Opens a store of a cache; all that it opens are one store."""
    memory = MemoryCache[Any]()

    def open_one() -> CacheStore[Any]:
        match kind:
            case Kind.MEMORY:
                return memory
            case Kind.FILE:
                return FileCache(tmp_path, CODEC)
            case Kind.REDIS:
                return RedisCache(redis, Tally(), "tenant", CODEC)

    return open_one

"""What is cached for all workers: its keys, its counts, and trouble of every kind.

What it has in common with other stores: tests/integration/resilience.
"""

from datetime import date

import pytest

from hunter.cache.connection import RedisConnection
from hunter.cache.redis_cache import RedisCache
from hunter.cache.tally import Tally
from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.core.evidence import Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.resilience.cache_store import CacheHit, CacheStore
from hunter.wiring.cache_codecs import REGISTRATION, TENANT

NAME = "cinar.example"
FOUND = Registration(Outcome.FOUND, registrar="Çınar", expires_at=date(2027, 3, 1), nameservers=("ns.cinar.example",))


def registrations(connection: RedisConnection, tally: Tally) -> CacheStore[Registration]:
    return RedisCache(connection, tally, "whois", REGISTRATION)


def tenants(connection: RedisConnection, tally: Tally) -> CacheStore[Signal[Tenant]]:
    return RedisCache(connection, tally, "tenant", TENANT)


@pytest.mark.parametrize("registration", [FOUND, Registration(Outcome.NOT_REGISTERED), unavailable("timeout")])
async def test_a_cached_outcome_is_no_miss(redis: RedisConnection, tally: Tally, registration: Registration) -> None:
    cache = registrations(redis, tally)
    assert await cache.get(NAME) is None
    await cache.put(NAME, registration, 600.0)
    assert await cache.get(NAME) == CacheHit(registration)
    assert tally.seen() == {"cache": {"whois:misses": 1, "whois:sets": 1, "whois:hits": 1}}


@pytest.mark.parametrize("signal", [Found(Tenant("5f0e", "EU")), Absent("no_tenant"), Unknown("timeout")])
async def test_a_cached_signal_keeps_its_state(redis: RedisConnection, tally: Tally, signal: Signal[Tenant]) -> None:
    store = tenants(redis, tally)
    await store.put(NAME, signal, 60)
    assert await store.get(NAME) == CacheHit(signal)


async def test_the_key_and_the_time_are_the_contract_s(redis: RedisConnection, tally: Tally) -> None:
    await registrations(redis, tally).put(NAME, FOUND, 86_400.0)
    assert 86_390 < await redis.call(lambda client: client.ttl(f"cache:whois:{NAME}")) <= 86_400
    text = await redis.call(lambda client: client.get(f"cache:whois:{NAME}"))
    assert isinstance(text, bytes)
    assert b'"expires_at":"2027-03-01"' in text


async def test_what_is_forgotten_is_a_miss_and_only_what_was_there_is_counted(
    redis: RedisConnection, tally: Tally
) -> None:
    cache = registrations(redis, tally)
    await cache.put(NAME, FOUND, 600.0)
    await cache.forget(NAME)
    await cache.forget(NAME)
    assert await cache.get(NAME) is None
    assert tally.seen()["cache"]["whois:deletes"] == 1


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"null", b"[]", b"{}", b'{"outcome":"lost"}', b"[" * 100_000])
async def test_what_cannot_be_read_is_a_miss(redis: RedisConnection, tally: Tally, text: bytes) -> None:
    await redis.call(lambda client: client.set(f"cache:whois:{NAME}", text))
    assert await registrations(redis, tally).get(NAME) is None


async def test_without_redis_nothing_is_cached_and_nothing_fails(nobody: RedisConnection, tally: Tally) -> None:
    cache = registrations(nobody, tally)
    await cache.put(NAME, FOUND, 600.0)
    await cache.forget(NAME)
    assert await cache.get(NAME) is None
    assert tally.seen() == {"cache": {"whois:misses": 1}}


async def test_a_server_that_refuses_is_as_good_as_none(redis: RedisConnection, tally: Tally) -> None:
    await redis.call(lambda client: client.lpush(f"cache:whois:{NAME}", "no text"))
    assert await registrations(redis, tally).get(NAME) is None

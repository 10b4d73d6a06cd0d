"""What is kept for all workers: hits, misses, kept failures, and trouble of every kind."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from hunter.cache.connection import RedisConnection
from hunter.cache.evidence_cache import KeptInRedis
from hunter.cache.tally import Tally
from hunter.collectors.microsoft.kept_answers import AnswerStore
from hunter.collectors.registration.cache import RegistrationCache
from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.core.evidence import Tenant
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.core.snapshot_microsoft import read_tenant, write_tenant
from hunter.core.snapshot_signals import read_signal, write_signal
from hunter.wiring.kept_shapes import read_registration, write_registration

NAME = "cinar.example"
FOUND = Registration(Outcome.FOUND, registrar="Çınar", expires_at=date(2027, 3, 1), nameservers=("ns.cinar.example",))


def registrations(connection: RedisConnection, tally: Tally) -> RegistrationCache:
    return KeptInRedis(connection, tally, "whois", to_json=write_registration, from_json=read_registration)


def tenants(connection: RedisConnection, tally: Tally) -> AnswerStore[Tenant]:
    return KeptInRedis(
        connection,
        tally,
        "tenant",
        to_json=partial(write_signal, write=write_tenant),
        from_json=partial(read_signal, read=read_tenant),
    )


@pytest.mark.parametrize("registration", [FOUND, Registration(Outcome.NOT_REGISTERED), unavailable("timeout")])
async def test_a_kept_outcome_is_no_miss(redis: RedisConnection, tally: Tally, registration: Registration) -> None:
    cache = registrations(redis, tally)
    assert await cache.get(NAME) is None
    await cache.put(NAME, registration, 600.0)
    assert await cache.get(NAME) == replace(registration, is_cached=True)
    assert tally.seen() == {"cache": {"whois:misses": 1, "whois:sets": 1, "whois:hits": 1}}


@pytest.mark.parametrize("signal", [Found(Tenant("5f0e", "EU")), Absent("no_tenant"), Unknown("timeout")])
async def test_a_kept_signal_keeps_its_state(redis: RedisConnection, tally: Tally, signal: Signal[Tenant]) -> None:
    store = tenants(redis, tally)
    await store.put(NAME, signal, 60)
    assert await store.get(NAME) == signal


async def test_a_kept_null_is_no_miss(redis: RedisConnection, tally: Tally) -> None:
    store = KeptInRedis(
        redis, tally, "ip_enrichment", to_json=lambda facts: facts, from_json=lambda written: (written,)
    )
    await store.put("192.0.2.1", None, 60)
    assert await store.get("192.0.2.1") == (None,)


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


async def test_what_is_kept_for_no_time_is_not_kept_nor_what_was_there(redis: RedisConnection, tally: Tally) -> None:
    cache = registrations(redis, tally)
    await cache.put(NAME, FOUND, 600.0)
    await cache.put(NAME, FOUND, 0.0)
    assert await cache.get(NAME) is None


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"null", b"[]", b"{}", b'{"outcome":"lost"}', b"[" * 100_000])
async def test_what_cannot_be_read_is_a_miss(redis: RedisConnection, tally: Tally, text: bytes) -> None:
    await redis.call(lambda client: client.set(f"cache:whois:{NAME}", text))
    assert await registrations(redis, tally).get(NAME) is None


async def test_without_redis_nothing_is_kept_and_nothing_fails(nobody: RedisConnection, tally: Tally) -> None:
    cache = registrations(nobody, tally)
    await cache.put(NAME, FOUND, 600.0)
    await cache.forget(NAME)
    assert await cache.get(NAME) is None
    assert tally.seen() == {"cache": {"whois:misses": 1}}


async def test_a_server_that_refuses_is_as_good_as_none(redis: RedisConnection, tally: Tally) -> None:
    await redis.call(lambda client: client.lpush(f"cache:whois:{NAME}", "no text"))
    assert await registrations(redis, tally).get(NAME) is None

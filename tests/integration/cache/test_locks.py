"""Locks of scans on a real server: one holder over all processes, and none that a killed one keeps."""

import asyncio
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection

from hunter.cache.connection import RedisConnection
from hunter.cache.locks import SharedLocks

DOMAINS = ("bir.example", "iki.example")


async def test_of_two_processes_one_holds_a_lock(redis: RedisConnection) -> None:
    first, second = SharedLocks(redis), SharedLocks(redis)
    assert await first.take(DOMAINS) == set(DOMAINS)
    assert await second.take(("iki.example", "uc.example")) == {"uc.example"}
    await first.give_back(DOMAINS)
    assert await second.take(DOMAINS) == set(DOMAINS)


async def test_one_process_does_not_take_its_own_lock_twice(redis: RedisConnection) -> None:
    locks = SharedLocks(redis)
    assert await locks.take(DOMAINS) == set(DOMAINS)
    assert await locks.take(DOMAINS) == frozenset()


async def test_who_does_not_hold_a_lock_gives_nothing_back(redis: RedisConnection) -> None:
    holder, other = SharedLocks(redis), SharedLocks(redis)
    await holder.take(DOMAINS)
    await other.give_back(DOMAINS)
    assert await other.take(DOMAINS) == frozenset()


async def test_the_lock_of_a_killed_holder_ends_by_itself(valkey_url: str, redis: RedisConnection) -> None:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(valkey_url, there))
    process.start()
    assert await asyncio.to_thread(here.recv) == sorted(DOMAINS)
    locks = SharedLocks(redis)
    assert await locks.take(DOMAINS) == frozenset()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    while not await locks.take(DOMAINS):
        await asyncio.sleep(0.02)
    assert await SharedLocks(redis).take(DOMAINS) == frozenset()


async def test_without_redis_each_process_keeps_its_own_scans_apart(nobody: RedisConnection) -> None:
    locks, other = SharedLocks(nobody), SharedLocks(nobody)
    assert await locks.take(DOMAINS) == set(DOMAINS)
    assert await locks.take(DOMAINS) == frozenset()
    assert await other.take(DOMAINS) == set(DOMAINS)
    await locks.give_back(DOMAINS)
    assert await locks.take(DOMAINS) == set(DOMAINS)


def _hold(url: str, channel: Connection) -> None:
    async def hold() -> None:
        async with RedisConnection(url, seconds=20) as connection:
            channel.send(sorted(await SharedLocks(connection, lease_seconds=1.0).take(DOMAINS)))
            await asyncio.Event().wait()

    asyncio.run(hold())

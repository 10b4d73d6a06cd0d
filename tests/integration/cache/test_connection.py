"""The connection: its answers, its breaker, its sentences, and a server that dies and comes back."""

import asyncio
import os
import signal
import socket
import traceback
from pathlib import Path

import pytest

from hunter.cache.connection import RedisConnection
from hunter.cache.errors import RedisUnavailable
from hunter.core.errors import InvalidInput
from hunter.resilience.circuit_breaker import CircuitBreaker


async def echo(redis: RedisConnection, text: bytes) -> bytes | str:
    return await redis.call(lambda client: client.echo(text))


async def test_a_server_that_runs_answers_the_check(redis: RedisConnection) -> None:
    await redis.check()
    assert not redis.is_circuit_open


async def test_five_failures_open_the_breaker_and_then_nobody_connects() -> None:
    calls: list[str] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append("connected")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, RedisConnection(f"redis://127.0.0.1:{port}/0") as connection:
        for _ in range(5):
            with pytest.raises(RedisUnavailable):
                await connection.check()
        assert connection.is_circuit_open
        before = len(calls)
        with pytest.raises(RedisUnavailable, match="circuit"):
            await connection.check()
        assert len(calls) == before


async def test_the_breaker_closes_when_the_server_is_there_again(valkey_url: str, tmp_path: Path) -> None:
    link = tmp_path / "redis.sock"
    now = [0.0]
    told: list[bool] = []
    breaker = CircuitBreaker("redis", clock=lambda: now[0], tell=told.append)
    async with RedisConnection(f"unix://{link}?db=0", breaker=breaker, seconds=20) as connection:
        for _ in range(5):
            with pytest.raises(RedisUnavailable, match="cannot be reached"):
                await connection.check()
        link.symlink_to(valkey_url.removeprefix("unix://").partition("?")[0])
        with pytest.raises(RedisUnavailable, match="circuit"):
            await connection.check()
        now[0] = 60.0
        await connection.check()
    assert told == [True, False]


async def test_a_killed_server_is_used_again_once_it_is_back(redis: RedisConnection) -> None:
    told = await redis.call(lambda client: client.info("server"))
    os.kill(int(told["process_id"]), signal.SIGKILL)
    async with asyncio.timeout(60):
        while True:
            try:
                again = await redis.call(lambda client: client.info("server"))
            except RedisUnavailable:
                assert not redis.is_circuit_open
                await asyncio.sleep(0.25)
            else:
                break
    assert again["run_id"] != told["run_id"]


async def test_a_server_that_says_nothing_costs_no_more_than_the_time_of_a_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with RedisConnection(f"redis://127.0.0.1:{port}/0", seconds=0.05) as connection:
            async with asyncio.timeout(5):
                with pytest.raises(RedisUnavailable, match="does not answer in time"):
                    await connection.check()


async def test_a_call_that_was_cancelled_mixes_up_no_answers(redis: RedisConnection) -> None:
    task = asyncio.create_task(redis.call(lambda client: client.blpop(["nothing"], timeout=0)))
    await asyncio.sleep(0)
    while not (await redis.call(lambda client: client.info("clients")))["blocked_clients"]:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    texts = [f"text {number}".encode() for number in range(20)]
    assert await asyncio.gather(*(echo(redis, text) for text in texts)) == texts
    assert not redis.is_circuit_open


async def test_a_password_is_in_no_message_even_where_the_server_repeats_it() -> None:
    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = b" ".join((await reader.read(4096)).split())
        writer.write(b"-ERR unknown command, with args beginning with: " + asked + b"\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(repeat, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, RedisConnection(f"redis://user:s3cr3t-w0rd@127.0.0.1:{port}/0") as connection:
        with pytest.raises(RedisUnavailable) as caught:
            await connection.check()
    shown = "".join(traceback.format_exception(caught.value))
    assert "s3cr3t-w0rd" not in shown
    assert str(port) not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1", "redis://user:pa/ss@127.0.0.1/0", "redis://127.0.0.1/0?colour=red", "redis://[::1/0", ""],
)
async def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        RedisConnection(url)
    assert "127.0.0.1" not in str(caught.value)
    assert "pa" not in "".join(traceback.format_exception(caught.value)).partition("InvalidInput")[2].split("PATH")[0]

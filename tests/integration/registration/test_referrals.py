"""Referrals of WHOIS over real sockets: who may point on, and whose word counts behind a pointer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from hunter.collectors.registration.port43 import WhoisClient
from hunter.collectors.registration.registration import Outcome, Registration
from hunter.outbound.guard import Guard
from hunter.outbound.targets import parse_targets

DOMAIN = "ornek-hunter.com"
LookUp = Callable[[str, str], Awaitable[tuple[Registration, int]]]


@pytest.fixture
async def look_up() -> AsyncIterator[LookUp]:
    """Asks a server about the domain; tells the outcome and how often the server that it points to was asked.

    `{next}` in the first answer stands for that server.
    """
    async with AsyncExitStack() as servers:

        async def serve(text: str, asked: list[bytes]) -> str:
            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                asked.append(await reader.readline())
                writer.write(text.encode())
                await writer.drain()
                writer.close()

            server = await servers.enter_async_context(await asyncio.start_server(answer, "127.0.0.1", 0))
            return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

        async def ask(first: str, second: str) -> tuple[Registration, int]:
            asked: list[bytes] = []
            behind = await serve(second, asked)
            front = await serve(first.replace("{next}", behind), [])
            client = WhoisClient(Guard(parse_targets([front, behind])), {})
            return await client.look_up(front, DOMAIN), len(asked)

        yield ask


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("Query limit exceeded\nWhois Server: {next}\n", "rate_limited"),
        ("Access denied\nrefer: {next}\n", "refused"),
        ("Internal server error\nrefer: {next}\n", "server_error"),
    ],
)
async def test_a_server_in_trouble_points_nowhere(look_up: LookUp, first: str, reason: str) -> None:
    registration, asked = await look_up(first, f"Domain Name: {DOMAIN}\nRegistrar: B\n")
    assert (registration.reason, asked) == (reason, 0)


async def test_the_registry_behind_a_pointer_is_believed(look_up: LookUp) -> None:
    registration, asked = await look_up("refer: {next}\n\ndomain: COM\n", f"No match for {DOMAIN}\n")
    assert (registration.outcome, asked) == (Outcome.NOT_REGISTERED, 1)


@pytest.mark.parametrize("first", ["Registrar WHOIS Server: {next}\n", "hello\nWhois Server: {next}\n"])
async def test_a_registrar_that_knows_nothing_frees_no_domain(look_up: LookUp, first: str) -> None:
    registration, asked = await look_up(first, f"No match for {DOMAIN}\n")
    assert (registration.reason, asked) == ("malformed", 1)


async def test_a_registrar_that_knows_nothing_takes_no_record_back(look_up: LookUp) -> None:
    first = f"Domain Name: {DOMAIN}\nRegistrar: A\nRegistrar WHOIS Server: {{next}}\n"
    registration, asked = await look_up(first, f"No match for {DOMAIN}\n")
    assert (registration.outcome, registration.registrar, asked) == (Outcome.FOUND, "A", 1)


async def test_a_record_without_the_name_fills_no_gap(look_up: LookUp) -> None:
    first = f"Domain Name: {DOMAIN}\nRegistrar: A\nRegistrar WHOIS Server: {{next}}\n"
    registration, asked = await look_up(first, "Expiry Date: 2026-12-01\nName Server: ns1.b-hunter.net\n")
    assert (registration.registrar, registration.expires_at, registration.nameservers, asked) == ("A", None, (), 1)


async def test_an_answer_without_an_end_is_too_large_and_frees_no_domain(look_up: LookUp) -> None:
    registration, _ = await look_up(f"No match for {DOMAIN}\n" + "% filler\n" * 100_000, "")
    assert registration.reason == "too_large"

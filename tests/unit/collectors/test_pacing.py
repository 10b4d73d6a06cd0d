"""Pace, and which neighbours are public."""

import asyncio
import time

import pytest

from hunter.collectors.pacing import Pace, is_public_address


async def seconds_for(pace: Pace, acts: int) -> float:
    """How long so many acts take when all want to begin at once."""
    since = time.monotonic()
    await asyncio.gather(*(pace.wait() for _ in range(acts)))
    return time.monotonic() - since


async def begins_at_once(pace: Pace) -> bool:
    """Whether one more act may begin without waiting."""
    act = pace.wait()
    try:
        act.send(None)
    except StopIteration:
        return True
    act.close()
    return False


async def test_unlimited_pace_never_waits() -> None:
    pace = Pace(0)
    assert [await begins_at_once(pace) for _ in range(1_000)] == [True] * 1_000


async def test_a_second_of_acts_may_begin_at_once_and_the_rest_has_to_wait() -> None:
    pace = Pace(1)
    assert [await begins_at_once(pace), await begins_at_once(pace)] == [True, False]


async def test_what_goes_beyond_the_first_second_keeps_the_pace() -> None:
    assert await seconds_for(Pace(100), 130) > 0.25


async def test_acts_begin_in_the_order_they_came() -> None:
    pace = Pace(50)
    order: list[int] = []

    async def act(number: int) -> None:
        await pace.wait()
        order.append(number)

    await asyncio.gather(*(act(number) for number in range(60)))
    assert order == list(range(60))


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("dns.firma.example", True),
        ("127.0.0.1", False),
        ("127.0.0.53", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("fd00::53", False),
        ("169.254.1.1", False),
    ],
)
def test_public_is_what_everybody_can_reach(host: str, is_public: bool) -> None:
    assert is_public_address(host) is is_public

"""Nobody is asked twice for what does not change."""

import asyncio
from dataclasses import dataclass, field

import pytest

from hunter.collectors.microsoft.kept_answers import KeptAnswers, MemoryStore
from hunter.core.signals import Absent, Found, Signal, Unknown


@dataclass(slots=True)
class Asked:
    """Counts how often somebody was asked, and answers always the same after a moment."""

    signal: Signal[str]
    names: list[str] = field(default_factory=list)

    async def ask(self, name: str = "firma.example") -> Signal[str]:
        self.names.append(name)
        await asyncio.sleep(0)
        return self.signal


@dataclass(slots=True)
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("signal", "seconds"),
    [
        (Found("id"), 30 * 86_400),
        (Absent("no_tenant"), 7 * 86_400),
        (Unknown("timeout"), 60),
        (Unknown("rate_limited"), 60),
        (Unknown("name"), 60),
    ],
)
async def test_each_state_is_kept_as_long_as_is_polite(signal: Signal[str], seconds: int) -> None:
    asked, clock = Asked(signal), Clock()
    kept = KeptAnswers(MemoryStore[str](clock=clock))

    assert await kept.get("firma.example", asked.ask) == signal
    clock.now = seconds - 1
    assert await kept.get("firma.example", asked.ask) == signal
    assert len(asked.names) == 1
    clock.now = seconds
    assert await kept.get("firma.example", asked.ask) == signal
    assert len(asked.names) == 2


@pytest.mark.parametrize("reason", ["circuit_open", "not_in_turn"])
async def test_where_nobody_was_asked_nothing_is_kept(reason: str) -> None:
    asked = Asked(Unknown(reason))
    kept = KeptAnswers(MemoryStore[str]())

    await kept.get("firma.example", asked.ask)
    await kept.get("firma.example", asked.ask)
    assert len(asked.names) == 2


async def test_a_hundred_who_want_to_know_at_once_ask_once() -> None:
    asked = Asked(Found("id"))
    kept = KeptAnswers(MemoryStore[str]())
    signals = await asyncio.gather(*(kept.get("firma.example", asked.ask) for _ in range(100)))

    assert signals == [Found("id")] * 100
    assert len(asked.names) == 1


async def test_the_next_asks_where_the_first_gave_up() -> None:
    asked = Asked(Found("id"))
    kept = KeptAnswers(MemoryStore[str]())
    silence = asyncio.Event()

    async def never() -> Signal[str]:
        await silence.wait()
        raise AssertionError("nobody sets it")

    first = asyncio.create_task(kept.get("firma.example", never))
    await asyncio.sleep(0)
    second = asyncio.create_task(kept.get("firma.example", asked.ask))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == Found("id")


async def test_the_memory_has_an_end() -> None:
    store = MemoryStore[str](most=3)
    for number in range(5):
        await store.put(f"f{number}.example", Found(str(number)), 60)

    kept = [await store.get(f"f{number}.example") for number in range(5)]
    assert kept == [None, None, Found("2"), Found("3"), Found("4")]

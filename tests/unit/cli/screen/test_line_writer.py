"""The writer of lines: order, a slow reader, a reader that is gone."""

import asyncio
import threading
from io import BytesIO

import pytest

from hunter.cli.screen.line_writer import MOST_UNWRITTEN, LineWriter


class GatedStream(BytesIO):
    """A stream that takes nothing until its gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def write(self, block: object) -> int:
        self.gate.wait()
        return super().write(bytes(memoryview(block)))  # type: ignore[arg-type]  # Whatever bytes are handed in.


class BrokenStream(BytesIO):
    """A stream whose reader is gone."""

    def write(self, block: object) -> int:
        raise BrokenPipeError


class DrippingStream(BytesIO):
    """A stream that takes seven bytes at a time."""

    def write(self, block: object) -> int:
        return super().write(bytes(memoryview(block))[:7])  # type: ignore[arg-type]  # Whatever bytes are handed in.


async def test_lines_come_out_whole_and_in_order() -> None:
    stream = DrippingStream()
    writer = LineWriter(stream)
    for number in range(500):
        await writer.write(f"satır {number}")
    writer.close()
    assert stream.getvalue().decode() == "".join(f"satır {number}\n" for number in range(500))


async def test_a_reader_that_is_behind_makes_the_sender_wait_and_nothing_else() -> None:
    stream = GatedStream()
    writer = LineWriter(stream)
    sender = asyncio.create_task(writer.write("x" * (MOST_UNWRITTEN + 1)))
    done, _ = await asyncio.wait({sender}, timeout=0.2)
    assert not done
    stream.gate.set()
    await sender
    writer.close()
    assert len(stream.getvalue()) == MOST_UNWRITTEN + 2


async def test_a_reader_that_is_gone_is_told_to_the_sender() -> None:
    writer = LineWriter(BrokenStream())
    await writer.write("a")
    with pytest.raises(BrokenPipeError):
        writer.close()
    with pytest.raises(BrokenPipeError):
        await writer.write("b")


async def test_a_farewell_does_not_wait_for_a_reader_that_does_not_read() -> None:
    stream = GatedStream()
    writer = LineWriter(stream)
    await writer.write("a")
    writer.close(seconds=0.05)
    assert stream.getvalue() == b""
    stream.gate.set()

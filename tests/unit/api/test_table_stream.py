"""Rows become a file while they come, and everything ends when the reader leaves or the rows fail."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator

import pytest

from hunter.api.table_stream import Row, begun, stream_table

WIDE = ("x" * 100,)


def plain(rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield ",".join(row).encode()


class Source:
    """Rows that say how many were taken, and whether they were closed."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.taken = 0
        self.closed = asyncio.Event()
        self._count = count
        self._fails_at = fails_at

    async def rows(self) -> AsyncGenerator[Row, None]:
        try:
            for number in range(self._count):
                if number == self._fails_at:
                    raise LookupError("the database went away")
                await asyncio.sleep(0)
                self.taken += 1
                yield (str(number),)
        finally:
            self.closed.set()


async def test_every_row_comes_in_order() -> None:
    source = Source(2000)
    chunks = [chunk async for chunk in stream_table(source.rows(), plain)]
    assert chunks == [str(number).encode() for number in range(2000)]
    assert source.closed.is_set()


async def test_the_first_row_is_there_before_the_second_is_asked_for() -> None:
    source = Source(2000)
    stream = stream_table(source.rows(), plain)
    assert await anext(stream) == b"0"
    assert source.taken < 2000
    await stream.aclose()


async def test_a_slow_reader_holds_the_rows_back() -> None:
    source = Source(20_000)
    stream = stream_table(source.rows(), plain)
    for _ in range(10):
        await anext(stream)
    assert source.taken < 2000
    await stream.aclose()
    await asyncio.wait_for(source.closed.wait(), 5)


async def test_what_the_rows_raise_is_raised_to_the_reader() -> None:
    source = Source(2000, fails_at=700)
    with pytest.raises(LookupError):
        async for _ in stream_table(source.rows(), plain):
            pass
    assert source.closed.is_set()


async def test_rows_that_fail_at_once_fail_before_the_file_begins() -> None:
    with pytest.raises(LookupError):
        await begun(Source(5, fails_at=0).rows())


async def test_begun_rows_are_all_there() -> None:
    rows = await begun(Source(3).rows())
    assert [row async for row in rows] == [("0",), ("1",), ("2",)]


async def test_a_reader_that_is_cancelled_closes_the_rows() -> None:
    source = Source(20_000)

    async def read() -> None:
        async for _ in stream_table(source.rows(), plain):
            await asyncio.sleep(0.001)

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.wait_for(source.closed.wait(), 5)

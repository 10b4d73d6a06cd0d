"""A table as a download: rows come from the database while the file is being written, and memory stays flat.

In: rows as they come, and a writer of `documents` that turns an iterable of rows into chunks of bytes. Out: the
chunks. The writer runs in a thread; the database stays in the loop.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
from contextlib import aclosing
from threading import Event
from typing import Any, Final, TypeAlias, TypeVar

T = TypeVar("T")

Row: TypeAlias = tuple[str, ...]
#: Rows in, the bytes of a file out.
TableWriter: TypeAlias = Callable[[Iterable[Row]], Iterator[bytes]]

#: Rows that cross from the loop to the thread together.
_ROWS_AT_ONCE: Final = 500
#: Chunks that may wait for a slow reader.
_CHUNKS_WAITING: Final = 4
#: How often the thread of a download that was left is looked after.
_LOOK_SECONDS: Final = 0.05
#: Downloads that were left and are being closed; the loop itself keeps tasks by a thread only.
_CLOSING: Final[set[asyncio.Task[None]]] = set()


async def begun(rows: AsyncGenerator[Row, None]) -> AsyncGenerator[Row, None]:
    """Return the rows again once the first of them is there; what stands in its way is raised here."""
    first = await anext(rows)

    async def all_rows() -> AsyncGenerator[Row, None]:
        async with aclosing(rows):
            yield first
            async for row in rows:
                yield row

    return all_rows()


async def stream_table(rows: AsyncGenerator[Row, None], write: TableWriter) -> AsyncGenerator[bytes, None]:
    """Yield the chunks of a file; what the rows raise is raised here, and a reader who leaves ends everything."""
    table = _Table(rows, write)
    try:
        while (chunk := await table.chunks.get()) is not None:
            yield chunk
        await table.written
    finally:
        # In a task of its own: a reader who leaves cancels this one, again and again.
        closing = asyncio.create_task(table.close())
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)
        await asyncio.shield(closing)


class _Table:
    """One file that is being written, and the queue of what is ready of it."""

    def __init__(self, rows: AsyncGenerator[Row, None], write: TableWriter) -> None:
        #: None is the end.
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue(_CHUNKS_WAITING)
        self._rows = rows
        self._loop = asyncio.get_running_loop()
        self._is_left = Event()
        self.written = asyncio.create_task(self._write(write))

    async def close(self) -> None:
        """Let the thread come to its end, whatever it is waiting for, and close the rows."""
        self._is_left.set()
        while not self.written.done():
            while not self.chunks.empty():
                self.chunks.get_nowait()
            await asyncio.wait({self.written}, timeout=_LOOK_SECONDS)
        if not self.written.cancelled():
            # Seen, so that nobody is told of an error in a file that nobody reads.
            self.written.exception()
        await self._rows.aclose()

    async def _write(self, write: TableWriter) -> None:
        try:
            await asyncio.to_thread(self._write_in_thread, write)
        finally:
            if not self._is_left.is_set():
                await self.chunks.put(None)

    def _write_in_thread(self, write: TableWriter) -> None:
        for chunk in write(self._pulled()):
            if self._is_left.is_set():
                return
            self._in_loop(self.chunks.put(chunk))

    def _pulled(self) -> Iterator[Row]:
        """Yield rows in the thread; the first, which are the headers, come alone so that a download begins at once."""
        most = 1
        while batch := self._in_loop(self._take(most)):
            yield from batch
            most = _ROWS_AT_ONCE

    async def _take(self, most: int) -> list[Row]:
        batch: list[Row] = []
        if not self._is_left.is_set():
            async for row in self._rows:
                batch.append(row)
                if len(batch) >= most:
                    break
        return batch

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

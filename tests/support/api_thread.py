"""The API in a thread of its own, for tests that are not asynchronous themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from tests.support.api_application import StandingWorld, open_application
from tests.support.api_server import RunningAPI, running_api

_PATIENCE_SECONDS: Final = 30
#: Fills the database before the first request of a test.
Prepare = Callable[[RunningAPI, StandingWorld], Awaitable[None]]


@contextmanager
def api_in_thread(database_url: str, prepare: Prepare) -> Iterator[str]:
    """Serve a database, prepared; gives the address."""
    has_started, may_end = Event(), Event()
    address: list[str] = []

    async def serve() -> None:
        async with open_application(database_url) as (application, world), running_api(application) as api:
            await prepare(api, world)
            address.append(f"http://127.0.0.1:{api.port}")
            has_started.set()
            await asyncio.to_thread(may_end.wait)

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        if not has_started.wait(_PATIENCE_SECONDS):
            raise RuntimeError("the server did not start")
        yield address[0]
    finally:
        may_end.set()
        thread.join(_PATIENCE_SECONDS)

"""Name servers on real sockets: one in a thread for most tests, closed at the end of each."""

from collections.abc import Callable, Iterator, Mapping
from threading import Thread

import pytest

from hunter.lab.faults import NO_FAULTS, Faults
from hunter.lab.name_server import NameServer
from hunter.lab.worlds import Records, ServedWorld, World

Serve = Callable[..., NameServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a name server for a world, or for records as `World.from_records` takes them."""
    started: list[tuple[NameServer, Thread]] = []

    def start(world: ServedWorld | Records, faults: Faults = NO_FAULTS, *, host: str = "127.0.0.1") -> NameServer:
        served = World.from_records(world) if isinstance(world, Mapping) else world
        server = NameServer(served, faults, host=host)
        thread = Thread(target=server.serve_forever)
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.close()
        thread.join()

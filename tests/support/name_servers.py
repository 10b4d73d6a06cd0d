"""Name servers of the lab in threads of the test process, for tests over real sockets."""

from collections.abc import Callable, Iterator, Mapping
from threading import Thread

from hunter.lab.dns.faults import NO_FAULTS, Faults
from hunter.lab.dns.name_server import NameServer
from hunter.lab.dns.worlds import Records, ServedWorld, World

#: Starts a name server for a world, or for records as `World.from_records` takes them.
Serve = Callable[..., NameServer]


def name_servers() -> Iterator[Serve]:
    """Yield a starter of name servers once, and close all that it started."""
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

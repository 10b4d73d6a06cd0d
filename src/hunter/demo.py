"""The demo: the lab's sixty companies behind a real name server on this machine.

In: nothing. Out: an open name server and the names it serves, until the block ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hunter.lab.demo_world import demo_companies
from hunter.lab.running import start_name_server
from hunter.lab.world_sources import DemoWorldSource


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """A name server that serves the companies."""

    #: `HOST:PORT`, as `--server` takes it.
    server: str
    #: As the world file writes them, in its order; some in Turkish letters.
    names: tuple[str, ...]


@contextmanager
def open_demo_world() -> Iterator[DemoWorld]:
    """Serve the demo world over UDP and TCP on a free port of the loopback address while the block runs."""
    names = tuple(company.display_domain for company in demo_companies())
    with start_name_server(DemoWorldSource()) as server:
        yield DemoWorld(f"{server.host}:{server.port}", names)

"""Name servers on real sockets: one in a thread for most tests, closed at the end of each."""

from collections.abc import Iterator

import pytest

from tests.support.name_servers import Serve, name_servers


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a name server for a world, or for records as `World.from_records` takes them."""
    yield from name_servers()

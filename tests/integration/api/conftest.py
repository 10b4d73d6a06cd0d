"""The API for its tests: each module has a database of its own, and a server that answers from it."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import structlog

from tests.support.api_application import StandingWorld, open_application
from tests.support.api_server import RunningAPI, running_api
from tests.support.storage_database import StorageServer


@pytest.fixture(scope="session", autouse=True)
def quiet_requests() -> Iterator[None]:
    """A server in a thread writes its line for a request also when nobody captures output any more."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def database_url(postgresql: StorageServer) -> Iterator[str]:
    """A migrated database with nothing in it."""
    with postgresql.database() as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(database_url: str) -> AsyncIterator[tuple[RunningAPI, StandingWorld]]:
    """A server with a database, and the world it looks at."""
    async with open_application(database_url) as (application, world), running_api(application) as api:
        yield api, world

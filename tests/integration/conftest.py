"""One PostgreSQL and one Valkey for all integration tests that a process runs; each test has databases of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hunter.servers.supervisor import RunningServers
from tests.support.prepared import prepared_folder, prepared_servers
from tests.support.storage_database import StorageServer


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that is copied and never started in; one for all workers of the run."""
    own = tmp_path_factory.getbasetemp()
    return prepared_folder(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def servers(prepared: Path) -> Iterator[RunningServers]:
    """The two servers, without a row."""
    with prepared_servers(prepared) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql(servers: RunningServers) -> StorageServer:
    """The database server, with the migrated template."""
    return StorageServer(servers.database_url)

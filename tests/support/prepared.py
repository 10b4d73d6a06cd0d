"""A data folder in which the servers were started once, to be copied: setting one up takes longer than most tests.

In: a folder that all workers of a run share. Out: folders that are ready to be started in; their database server has a
template with the schema, which `StorageServer.database` clones.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hunter.servers.supervisor import RunningServers, start_servers
from scripts.locking import locked
from tests.support.postgres import data_folder
from tests.support.storage_database import StorageServer


def prepared_folder(shared: Path) -> Path:
    """Make the folder to be copied, unless another worker has made it; waits while one is at it."""
    made = shared / "prepared-servers"
    with locked(shared / "prepared-servers.lock", while_waiting=lambda: None):
        if not made.exists():
            partial = shared / "prepared-servers.partial"
            # Made elsewhere, because the servers of root cannot enter the folder of a test run.
            with data_folder() as folder:
                with start_servers(folder, fsync=False) as running:
                    StorageServer(running.database_url).make_template()
                copy_into(partial, folder)
            partial.rename(made)
    return made


def copy_into(folder: Path, prepared: Path) -> None:
    """Copy a prepared folder with owners and rights into one that is empty or not there."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{prepared}/.", str(folder)], check=True)


@contextmanager
def prepared_servers(prepared: Path) -> Iterator[RunningServers]:
    """PostgreSQL and Valkey on a copy, quick instead of safe: nothing is synced to the disk."""
    with data_folder() as folder:
        copy_into(folder, prepared)
        with start_servers(folder, fsync=False) as running:
            yield running

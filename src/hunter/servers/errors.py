"""What can keep the embedded servers from running, each with what to do about it in its message."""

from pathlib import Path

from hunter.core.errors import Conflict, InvalidInput, Unavailable


class ServersUnavailable(Unavailable):
    """The embedded servers cannot run here, or not now."""

    code = "servers_unavailable"


class DataFolderUnusable(InvalidInput):
    """The data folder cannot hold the servers' files."""

    code = "data_folder_unusable"


class DataRefused(Conflict):
    """There is data that these servers cannot read; nothing was touched, and nothing new was begun in its place."""

    code = "data_refused"


class OtherMajor(DataRefused):
    """The rows were written by another major version of PostgreSQL."""

    code = "data_of_other_major"

    def __init__(self, found: Path, *, mark: Path, major: int) -> None:
        former = found.name.rpartition("-")[2]
        super().__init__(
            f"{found} was written by PostgreSQL {former}; this release brings PostgreSQL {major}, which cannot read "
            "it. Nothing was changed. To carry the rows over: (1) with the former release: hunter db backup FILE; "
            f"(2) move {found.name} and {mark.name} out of {found.parent} and keep them; "
            "(3) with this release: hunter db restore FILE"
        )
        #: The folder that holds the rows.
        self.found = found
        #: What this release brings.
        self.major = major


class AlreadyServing(Conflict):
    """Another process serves from this data folder."""

    code = "already_serving"

    def __init__(self, *, address: str, pid: int) -> None:
        super().__init__(f"Hunter is already running at {address} (process {pid})")
        #: Where it answers, as the other process announced it.
        self.address = address
        #: The other process; 0 where it has not said so yet.
        self.pid = pid


class BackupFailed(Unavailable):
    """A copy could not be written or read back; neither the database nor an older file was changed."""

    code = "backup_failed"


class DatabaseNotEmpty(Conflict):
    """Restoring would overwrite rows, and that was not asked for."""

    code = "database_not_empty"

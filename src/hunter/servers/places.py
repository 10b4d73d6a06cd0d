"""Where the embedded servers keep things: the tree of the data folder and the folder of their sockets.

In: the data folder and whose the servers are. Out: `Places`, with every folder there and its rights set.
"""

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hunter.servers.account import Account, hand_over
from hunter.servers.errors import DataFolderUnusable

#: `sun_path` holds 108 bytes on Linux and 104 on macOS and BSD, a closing zero among them; the smaller counts.
LONGEST_SOCKET_PATH_BYTES = 103
#: The longest name beside it in the folder: PostgreSQL's socket.
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"
#: A comma separates hosts for libpq, a quote or a space needs another spelling in each place that names the socket.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
UNSPEAKABLE = re.compile(r"[\"$`\\\x00-\x1f]")
PASSABLE_BY_ALL = 0o001


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation."""

    #: The data folder. As root it can be passed through by all, but only root lists it.
    data: Path
    #: 0700, of the servers; short enough for a socket.
    sockets: Path
    #: 0700, of whoever starts: lock files.
    locks: Path
    #: 0700, of whoever starts: what the servers say.
    logs: Path
    #: 0700, of the servers.
    valkey: Path
    #: Copies of the servers' programs; used as root only.
    programs: Path

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def postgres_settings(self) -> Path:
        return self.data / "postgresql.conf"

    @property
    def cluster_mark(self) -> Path:
        """Says that a cluster was made here, so that its absence is noticed."""
        return self.data / "cluster.json"

    def cluster(self, major: int) -> Path:
        """The rows, as this major version of PostgreSQL writes them."""
        return self.data / f"postgresql-{major}"


def make_places(data_dir: Path, account: Account) -> Places:
    """Make what is missing of the tree; raises `DataFolderUnusable` where that cannot be."""
    try:
        data = data_dir.expanduser().resolve()
        _see_that_it_can_be_named(data)
        if account.is_dropped:
            _see_that_it_can_be_reached(data, account)
        _make_folder(data)
        if account.is_dropped:
            # Others may pass through to what is theirs; they see nothing of what lies here.
            data.chmod(stat.S_IMODE(data.stat().st_mode) | 0o011)
        places = Places(
            data=data,
            sockets=socket_folder(data, account),
            locks=make_lock_folder(data_dir),
            logs=_private(data / "logs"),
            valkey=_of_servers(data / "valkey", account),
            programs=data / "programs",
        )
        _of_servers(places.sockets, account)
    except OSError as error:
        raise _unusable(data_dir, error) from error
    return places


def make_lock_folder(data_dir: Path) -> Path:
    """The folder of the lock files; all that is needed of the tree where no server is started."""
    data = data_dir.expanduser().resolve()
    try:
        _make_folder(data)
        return _private(data / "locks")
    except OSError as error:
        raise _unusable(data_dir, error) from error


def socket_folder(data: Path, account: Account) -> Path:
    """Inside the data folder, or a short folder named after it where that path is too long or not plain."""
    inside = data / "run"
    if len(os.fsencode(inside)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(
        str(inside)
    ):
        return inside
    # Not under TMPDIR or the login session's folder: every start must come to the same place, from a login or not.
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    root_only = Path("/run")
    if account.is_dropped and root_only.is_dir():
        return root_only / f"hunter-{name}"
    return Path("/tmp") / f"hunter-{account.uid}-{name}"


def _unusable(data_dir: Path, error: OSError) -> DataFolderUnusable:
    return DataFolderUnusable(
        f"the data folder {data_dir} cannot be used: {error.strerror or error} ({error.filename}). "
        "Choose one that you may write to with HUNTER_DATA_DIR"
    )


def _see_that_it_can_be_named(data: Path) -> None:
    found = UNSPEAKABLE.search(str(data))
    if found:
        raise DataFolderUnusable(
            f"the data folder {str(data)!r} has {found[0]!r} in its name, which PostgreSQL's set-up hands to a shell: "
            "choose another with HUNTER_DATA_DIR"
        )


def _see_that_it_can_be_reached(data: Path, account: Account) -> None:
    for folder in data.parents:
        if not folder.exists():
            continue
        found = folder.stat()
        if not found.st_mode & PASSABLE_BY_ALL and found.st_uid != account.uid:
            raise DataFolderUnusable(
                f"the data folder {data} lies in {folder}, which only its owner may enter. As root the servers run as "
                f"an unprivileged user ({account.uid}), who cannot get there: choose a folder that others may pass "
                "through, such as /var/lib/hunter, with HUNTER_DATA_DIR"
            )


def _make_folder(data: Path) -> None:
    for missing in [folder for folder in reversed(data.parents) if not folder.exists()]:
        missing.mkdir(exist_ok=True)
        if missing.stat().st_uid == 0:
            # Whatever the umask of root is, the servers must come through.
            missing.chmod(0o755)
    data.mkdir(mode=0o700, exist_ok=True)


def _private(folder: Path) -> Path:
    """A folder of whoever starts the servers."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(folder))
    return folder


def _of_servers(folder: Path, account: Account) -> Path:
    """A folder that the servers alone may enter; one that somebody else has put there is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        # Made just now: here, by another start that is at this line too, or by one that was killed before it.
        hand_over(folder, account)
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise DataFolderUnusable(
            f"{folder} is not a folder of user {account.uid}, under whom the servers run here. "
            "Start Hunter as the user who made it, or choose another folder with HUNTER_DATA_DIR"
        )
    folder.chmod(0o700)
    return folder

"""The folder of the rows: made once, never begun anew over something that is there.

In: the places and the programs. Out: a cluster of this major version, or a refusal that says the way out.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hunter.servers.account import Account, account_with_a_name, hand_over, hand_over_tree
from hunter.servers.errors import DataRefused, OtherMajor, ServersUnavailable
from hunter.servers.places import Places
from hunter.servers.processes import VARIABLES
from hunter.servers.programs import PostgresPrograms

#: Owner of the cluster; used by the supervisor only.
SUPERUSER = "postgres"
#: Role and database of the product. The role owns the database and has no further rights.
OWNER = "hunter"
DATABASE = "hunter"


def has_cluster(places: Places, major: int, account: Account) -> bool:
    """Whether there is a cluster of this version; raises `DataRefused` for all that is neither that nor nothing."""
    folder = places.cluster(major)
    if not os.path.lexists(folder) or _is_empty(folder):
        _refuse_to_begin_anew(places, folder, major)
        return False
    found = folder.lstat()
    if found.st_uid != account.uid:
        raise DataRefused(
            f"{folder} belongs to user {found.st_uid}, but the servers run as user {account.uid} here. "
            "Start Hunter as the user who made it, or choose another folder with HUNTER_DATA_DIR"
        )
    try:
        version = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
        (folder / "global" / "pg_control").stat()
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefused(
            f"{folder} is there but is no readable PostgreSQL cluster ({error}). Nothing was changed. Bring the "
            "folder back from a copy, or move it away and read a backup back with hunter db restore FILE"
        ) from error
    if version != str(major):
        raise DataRefused(f"{folder} says of itself that it was written by PostgreSQL {version!r}. Nothing was changed")
    _mark(places, major)
    return True


def make_cluster(places: Places, programs: PostgresPrograms, account: Account, *, fsync: bool) -> None:
    """Set up an empty cluster; it gets its name when it is whole, so an interrupted set-up leaves no half of one."""
    folder = places.cluster(programs.major)
    for left in places.data.glob(f"{folder.name}.partial.*"):
        # By a set-up that was killed; under this name no server has ever run. Its initdb may still be at it, hence a
        # folder of our own, and no complaint about what it leaves.
        shutil.rmtree(left, ignore_errors=True)
    partial = folder.with_name(f"{folder.name}.partial.{os.getpid()}")
    maker = account_with_a_name(account)
    partial.mkdir(mode=0o700)
    hand_over(partial, maker)
    try:
        _run_initdb(partial, programs, maker, fsync=fsync)
        if account.is_dropped:
            hand_over_tree(partial, account)
        if folder.exists():
            # Empty, as has_cluster has seen; rmdir fails if it is not.
            folder.rmdir()
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _mark(places, programs.major)


def _run_initdb(folder: Path, programs: PostgresPrograms, maker: Account, *, fsync: bool) -> None:
    command = [
        str(programs.program("initdb")),
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        # Whoever can reach the socket is us: its folder is closed to all others. No other way in is open.
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        # Built in, so that order and case are the same on every machine; Turkish order is a column of its own.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *(_syncing() if fsync else ["--no-sync"]),
    ]
    try:
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=VARIABLES,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            user=maker.uid if maker.is_dropped else None,
            group=maker.gid if maker.is_dropped else None,
            extra_groups=[] if maker.is_dropped else None,
        )
    except OSError as error:
        raise ServersUnavailable(f"{command[0]} cannot be started: {error.strerror or error}") from error
    if ended.returncode:
        raise ServersUnavailable(f"setting up PostgreSQL in {folder} failed: {ended.stderr.strip()}")


def _syncing() -> list[str]:
    """One call for the whole file system where there is such a call: a thousand single ones took four times as long."""
    return ["--sync-method=syncfs"] if sys.platform == "linux" else []


def _is_empty(folder: Path) -> bool:
    try:
        return folder.is_dir() and not any(folder.iterdir())
    except OSError as error:
        raise DataRefused(f"{folder} cannot be read: {error.strerror}. Nothing was changed") from error


def _refuse_to_begin_anew(places: Places, folder: Path, major: int) -> None:
    """No cluster here: that is a first start, or rows are somewhere else."""
    mark = places.cluster_mark
    for other in sorted(places.data.glob("postgresql-*")):
        if other != folder and other.name.rpartition("-")[2].isdigit():
            raise OtherMajor(other, mark=mark, major=major)
    if mark.exists():
        raise DataRefused(
            f"rows were kept in {places.data}, but the folder {folder.name} is gone or empty. Is a disk not "
            "mounted? Bring the folder back. To begin without those rows, or to read a backup back with hunter db "
            f"restore FILE, remove {mark} first"
        )


def _mark(places: Places, major: int) -> None:
    """Say that rows of this version are kept here."""
    content = json.dumps({"major": major})
    mark = places.cluster_mark
    if not mark.exists() or mark.read_text(encoding="utf-8") != content:
        partial = mark.with_suffix(".partial")
        partial.write_text(content, encoding="utf-8")
        partial.replace(mark)

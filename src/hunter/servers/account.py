"""Whose processes the servers are: the user's own, or, where root starts them, one fixed number without any rights."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from hunter.servers.errors import ServersUnavailable

if sys.platform != "win32":
    import pwd

#: Between 60706 and 61183 neither Debian's policy nor systemd hands out numbers, and no ordinary account has one there.
#: Below 65536, so that it also exists in a container whose numbers are mapped.
SERVER_ID = 61007
#: The account that owns nothing; the set-up of PostgreSQL runs under it, see `account_with_a_name`.
NOBODY_ID = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """Under which user and group a server runs."""

    uid: int
    gid: int
    #: True where root starts the servers and they give up its rights.
    is_dropped: bool


def account_of_servers() -> Account:
    """PostgreSQL refuses to run as root; everybody else runs it as themselves."""
    if sys.platform == "win32":
        raise ServersUnavailable(
            "there is no embedded Valkey for Windows: set HUNTER_DATABASE_URL and HUNTER_REDIS_URL to servers of your "
            "own, or run Hunter in WSL"
        )
    if os.geteuid() == 0:
        return Account(SERVER_ID, SERVER_ID, is_dropped=True)
    return Account(os.geteuid(), os.getegid(), is_dropped=False)


def account_with_a_name(account: Account) -> Account:
    """Who may run `initdb`: it refuses a user number that no account has.

    Root lets nobody make the cluster and hands it over afterwards: giving `SERVER_ID` a name would mean to write the
    machine's list of accounts.
    """
    if account.is_dropped:
        entry = _entry(NOBODY_ID) or next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)
        if entry is not None:
            return Account(entry.pw_uid, entry.pw_gid, is_dropped=True)
    elif _entry(account.uid):
        return account
    raise ServersUnavailable(
        f"the user number {account.uid} has no account on this machine, and setting up PostgreSQL needs one: "
        "add it to the accounts, or set HUNTER_DATABASE_URL to a server of your own"
    )


def hand_over(path: Path, account: Account) -> None:
    """Give one file or folder to the servers, never what a link points at."""
    if account.is_dropped:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def hand_over_tree(folder: Path, account: Account) -> None:
    """Give a folder and all in it to the servers."""
    for _, folders, files, handle in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, account.uid, account.gid, dir_fd=handle, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None

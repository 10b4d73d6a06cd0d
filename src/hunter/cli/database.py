"""`hunter db ACT`: the schema, the comparison of tables, retention, copies.

In: the command's options. Out: what was done, on standard output; the exit code.
"""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Final

from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.screen.terminal import printable
from hunter.cli.screen.views import print_lines
from hunter.cli.serving import ready_servers, running_servers, say_progress
from hunter.core.errors import InvalidInput
from hunter.servers.backup import backup, restore
from hunter.settings.fields import Settings
from hunter.storage.check import differences
from hunter.storage.do_not_contact import NameKeyChanged, RefusedNames
from hunter.storage.revision import at_head, revisions_of
from hunter.storage.schema import downgrade, upgrade
from hunter.storage.tidy import tidy
from hunter.wiring.application import open_write_engine, retention_of
from hunter.wiring.process import name_key_of, settings_of_this_process

ACTS: Final = {
    "upgrade": "upgrade the schema to this release",
    "downgrade": "downgrade the schema to a revision: -1, base or a name",
    "check": "compare the lead index with its source tables, and the secret key; report every difference",
    "tidy": "delete data whose retention has ended",
    "backup": "write all data to a file",
    "restore": "restore a backup into an empty database",
}
#: Differences that are named one by one.
_MOST_NAMED: Final = 100


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    acts = "\n".join(f"  {act:<10} {meaning}" for act, meaning in ACTS.items())
    parser = argparse.ArgumentParser(
        prog="hunter db",
        description="Manage the database.",
        epilog=f"acts:\n{acts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("act", choices=ACTS, metavar="ACT", help="see below")
    parser.add_argument("target", nargs="?", metavar="FILE or REVISION", help="for backup and restore, or downgrade")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code: 1 where `check` found a difference."""
    settings = settings_of_this_process()
    act, target = options.act, options.target
    if act in ("backup", "restore", "downgrade") and not (target or "").strip():
        raise InvalidInput(f"hunter db {act} needs {'a REVISION' if act == 'downgrade' else 'a FILE'}")
    if act in ("upgrade", "check", "tidy") and target is not None:
        raise InvalidInput(f"hunter db {act} takes nothing more")
    match act:
        case "check":
            with ready_servers(settings) as servers:
                return asyncio.run(_check(settings, servers.database_url))
        case "tidy":
            with ready_servers(settings) as servers:
                return asyncio.run(_tidy(settings, servers.database_url))
        case _:
            return _with_schema(settings, act, target)


def _with_schema(settings: Settings, act: str, target: str | None) -> int:
    """Do what needs no loop, on whatever schema is there."""
    with running_servers(settings) as servers:
        url, file = servers.database_url, Path(target or "")
        match act:
            case "upgrade":
                said = "nothing to do" if at_head(url) else "the schema is that of this release now"
                upgrade(url, say=say_progress)
            case "downgrade":
                downgrade(url, target or "")
                said = f"the schema is at {', '.join(sorted(revisions_of(url))) or 'base'} now"
            case "backup":
                backup(url, file)
                said = f"written: {file}"
            case _:
                restore(url, file)
                upgrade(url, say=say_progress)
                said = f"restored from {file}"
    print_lines(sys.stdout, [said])
    return SUCCESS


async def _check(settings: Settings, url: str) -> int:
    engine = open_write_engine(settings, url)
    found = 0
    try:
        async with engine.connect() as connection:
            async for one in differences(connection):
                found += 1
                if found <= _MOST_NAMED:
                    place = f"{one.table}.{one.column}" if one.column else f"{one.table}, the row"
                    line = f"{one.domain or 'all'}: {place} is {one.kept!r} and ought to be {one.expected!r}"
                    print_lines(sys.stdout, [printable(line)])
            try:
                await RefusedNames(connection, partial(name_key_of, settings)).check_key()
            except NameKeyChanged as error:
                found += 1
                print_lines(sys.stdout, [f"do_not_contact: {error}"])
    finally:
        await engine.dispose()
    print_lines(sys.stdout, [f"{found} differences" if found else "no difference"])
    return FAILED if found else SUCCESS


async def _tidy(settings: Settings, url: str) -> int:
    engine = open_write_engine(settings, url)
    try:
        removed = await tidy(engine, retention_of(settings))
    finally:
        await engine.dispose()
    print_lines(sys.stdout, [f"{table}: {rows} removed" for table, rows in removed.items()] or ["nothing to remove"])
    return SUCCESS

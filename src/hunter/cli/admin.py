"""`hunter admin`: the admin token of this machine, and the keys with which other programs deliver leads.

In: the command's options. Out: what was asked for, on standard output. A key's text is shown once.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from hunter.cli.exit_codes import SUCCESS
from hunter.cli.screen.terminal import printable
from hunter.cli.screen.views import print_lines
from hunter.cli.serving import ready_servers
from hunter.core.errors import InvalidInput
from hunter.services.secret_files import ADMIN_TOKEN_FILE, read_or_make_secret
from hunter.settings.fields import Settings
from hunter.storage.unit_of_work import UnitOfWork
from hunter.wiring.application import open_write_engine, unit_of
from hunter.wiring.process import data_folder, settings_of_this_process

T = TypeVar("T")

KEY_ACTS: Final = ("create", "list", "deactivate", "activate")
_LONGEST_NAME: Final = 255


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter admin", description="Show the admin token; manage API keys for webhooks.", allow_abbrev=False
    )
    parser.add_argument("what", choices=["token", "api-key"], help="print the token, or manage keys")
    parser.add_argument("act", nargs="?", choices=KEY_ACTS, help="what to do with api-key")
    parser.add_argument("which", nargs="?", metavar="NAME or ID", help="name of a new key, or id of an existing one")
    parser.add_argument(
        "--rate", type=int, default=60, metavar="N", help="rate limit of a new key, requests per minute (60)"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    settings = settings_of_this_process()
    if options.what == "token":
        token = settings.admin_token or read_or_make_secret(data_folder(settings), ADMIN_TOKEN_FILE)
        print_lines(sys.stdout, [token])
        return SUCCESS
    if options.act is None:
        raise InvalidInput(f"hunter admin api-key needs one of {', '.join(KEY_ACTS)}")
    if options.act != "list" and not (options.which or "").strip():
        needed = "a NAME" if options.act == "create" else "an ID"
        raise InvalidInput(f"hunter admin api-key {options.act} needs {needed}")
    if options.act == "create" and not (len(options.which) <= _LONGEST_NAME and options.which.isprintable()):
        raise InvalidInput(f"a NAME has at most {_LONGEST_NAME} characters, and none that cannot be printed")
    with ready_servers(settings) as servers:
        lines = asyncio.run(_keys(settings, servers.database_url, options))
    print_lines(sys.stdout, map(printable, lines))
    return SUCCESS


async def _keys(settings: Settings, url: str, options: argparse.Namespace) -> list[str]:
    async def act(unit: UnitOfWork) -> list[str]:
        match options.act:
            case "create":
                if not 1 <= options.rate <= 10_000:
                    raise InvalidInput("--rate must lie between 1 and 10000")
                key, text = await unit.access.create(options.which, rate_limit_per_minute=options.rate)
                return [f"{key.id}  {key.name}", text, "This text is shown once: keep it now."]
            case "list":
                keys = await unit.access.list_keys()
                return [
                    f"{key.id}  {key.name}  {key.prefix}…  {key.rate_limit_per_minute}/min  "
                    f"{'active' if key.is_active else 'inactive'}"
                    for key in keys
                ] or ["no key"]
            case _:
                await unit.access.set_active(_id_of(options.which), options.act == "activate")
                return [f"{options.which} is {options.act}d"]

    return await _in_a_unit(settings, url, act)


def _id_of(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise InvalidInput(f"{text!r} is no id: hunter admin api-key list")
    return int(text)


async def _in_a_unit(settings: Settings, url: str, act: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    engine = open_write_engine(settings, url)
    try:
        async with unit_of(engine, settings)() as unit:
            return await act(unit)
    finally:
        await engine.dispose()

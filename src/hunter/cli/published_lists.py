"""`hunter data refresh`: renews the lists that others publish and Hunter keeps copies of.

In: the command's options. Out: a line for each list on standard output; a list that cannot be had is said on standard
error and leaves the one that was there.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.screen.views import print_lines
from hunter.collectors.registration.bootstrap import BOOTSTRAP_ADDRESS, refresh
from hunter.collectors.registration.published import Refreshed
from hunter.collectors.registration.suffix_list import SUFFIX_ADDRESS, refresh_suffixes
from hunter.core.errors import HunterError
from hunter.outbound.guard import Guard
from hunter.wiring.process import data_folder, settings_of_this_process
from hunter.wiring.survey import allowed_targets

Renew = Callable[[Path, Guard, str], Awaitable[Refreshed]]


async def _renew_bootstrap(folder: Path, guard: Guard, address: str) -> Refreshed:
    return await refresh(folder, guard, address=address)


async def _renew_suffixes(folder: Path, guard: Guard, address: str) -> Refreshed:
    return await refresh_suffixes(folder, guard, address=address)


#: Each list by its name for people, with how it is renewed.
LISTS: Final[Mapping[str, Renew]] = {
    "RDAP servers of the registries": _renew_bootstrap,
    "public suffixes": _renew_suffixes,
}


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter data",
        description="Refresh the public lists: RDAP servers by IANA, public suffixes by Mozilla.",
        allow_abbrev=False,
    )
    parser.add_argument("act", choices=["refresh"], help="fetch both lists and keep those that are newer")
    parser.add_argument("--rdap-list", default=BOOTSTRAP_ADDRESS, metavar="URL", help="URL of the RDAP server list")
    parser.add_argument("--suffix-list", default=SUFFIX_ADDRESS, metavar="URL", help="URL of the public suffix list")
    return parser


def run(options: argparse.Namespace) -> int:
    """Renew both lists; returns the exit code: 1 where one of them could not be had."""
    settings = settings_of_this_process()
    folder, guard = data_folder(settings), Guard(allowed_targets(settings))
    addresses = (options.rdap_list, options.suffix_list)
    done = asyncio.run(_renew_all(folder, guard, dict(zip(LISTS, addresses, strict=True))))
    return SUCCESS if done == len(LISTS) else FAILED


async def _renew_all(folder: Path, guard: Guard, addresses: Mapping[str, str]) -> int:
    """Renew one list after the other; returns how many could be had."""
    done = 0
    for name, renew in LISTS.items():
        try:
            got = await renew(folder, guard, addresses[name])
        except HunterError as error:
            print_lines(sys.stderr, [f"{name}: {error}"])
            continue
        done += 1
        news = f"renewed in {folder}" if got.is_newer else "nothing newer"
        print_lines(sys.stdout, [f"{name}: {news}, published {got.publication:%Y-%m-%d}, {got.entries} entries"])
    return done

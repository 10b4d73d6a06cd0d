"""`hunter enrichment status`: which address files are loaded, how old they are, and what is missing.

In: the settings. Out: a line for each of the five files on standard output, and what to do where something is amiss.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from typing import Final

from hunter.cli.exit_codes import FAILED, SUCCESS
from hunter.cli.screen.terminal import padded, printable
from hunter.cli.screen.views import print_lines
from hunter.collectors.network.address_file import AddressFile, FileState, FileStatus
from hunter.wiring.process import clock_of, settings_of_this_process
from hunter.wiring.survey import open_databases

#: The variable that names each file.
VARIABLES: Final = {
    AddressFile.MAXMIND_ASN: "MAXMIND_ASN_DB",
    AddressFile.MAXMIND_CITY: "MAXMIND_CITY_DB",
    AddressFile.MAXMIND_COUNTRY: "MAXMIND_COUNTRY_DB",
    AddressFile.IP2LOCATION: "IP2LOCATION_DB",
    AddressFile.IP2PROXY: "IP2PROXY_DB",
}
#: Networks move: a file older than this many days tells of hosts as they were.
OLD_DAYS: Final = 90


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter enrichment",
        description="Show which IP address files are loaded, how old they are, and which are missing.",
        epilog="Exit code: 0 all configured files can be used, 1 at least one cannot.",
        allow_abbrev=False,
    )
    parser.add_argument("act", choices=["status"], help="show the state of the files")
    return parser


def run(options: argparse.Namespace) -> int:
    """Print the state of all files; returns the exit code."""
    settings = settings_of_this_process()
    today = clock_of(settings)().date()
    databases = open_databases(settings, tell=lambda sentence: None)
    databases.try_out()
    states = databases.status(today)
    print_lines(sys.stdout, status_lines(states, is_enabled=settings.enrichment_enabled))
    broken = [one for one in states if one.state not in (FileState.LOADED, FileState.NOT_SET)]
    return FAILED if broken else SUCCESS


def status_lines(states: tuple[FileStatus, ...], *, is_enabled: bool) -> Iterator[str]:
    """Yield a line for the flag, one for each file, and what follows from them."""
    yield "enrichment is on" if is_enabled else "enrichment is off: set HUNTER_ENRICHMENT_ENABLED=true to use the files"
    width = max(map(len, VARIABLES.values())) + 2
    for one in states:
        yield padded(VARIABLES[one.file], width) + printable(_state(one))
    if not any(one.state is FileState.LOADED for one in states):
        yield "no file is loaded: where hosts stand stays unknown"


def _state(one: FileStatus) -> str:
    if one.state is FileState.NOT_SET:
        return "not set"
    if one.content is None:
        return f"{one.state}: {one.problem}"
    age = "of unknown age" if one.age_days is None else _age(one.content.built_on, one.age_days)
    protocols = "IPv4 and IPv6" if one.content.has_ipv6 else "IPv4 only"
    return f"loaded: {one.content.edition}, {one.content.entries} entries, {protocols}, {age}; {one.path}"


def _age(built_on: date | None, days: int) -> str:
    advice = ", old: fetch a newer one" if days > OLD_DAYS else ""
    return f"built on {built_on}, {days} days ago{advice}"

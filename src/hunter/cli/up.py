"""`hunter up`: everything on one machine: servers, schema, API, until Ctrl-C.

In: the settings. Out: the address on standard output, what happens as log lines on standard error.
"""

import argparse
import socket
import sys
from typing import Final

from hunter.cli.api_server import address_of, listening, serve_until_told
from hunter.cli.exit_codes import SUCCESS
from hunter.cli.screen.views import print_lines
from hunter.cli.serving import running_servers, say_progress
from hunter.core.errors import Unavailable
from hunter.servers.serving import claim_serving, serving_here
from hunter.settings.fields import Settings
from hunter.storage.schema import upgrade
from hunter.wiring.process import data_folder, settings_of_this_process

_SAMPLE_PASSWORD: Final = "CHANGE_ME"


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    return argparse.ArgumentParser(
        prog="hunter up",
        description="Start PostgreSQL and Valkey unless URLs are set, upgrade the schema, serve the API until Ctrl-C.",
        epilog="Address and port: HUNTER_API_HOST, HUNTER_API_PORT. All settings: docs/reference/settings.md",
        allow_abbrev=False,
    )


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; requests under way are finished."""
    settings = settings_of_this_process()
    check_settings(settings)
    with _listening(settings) as opened:
        address = address_of(settings, opened)
        with claim_serving(data_folder(settings), address=address), running_servers(settings) as servers:
            upgrade(servers.database_url, say=say_progress)
            lines = [f"serving on {address}", "Ctrl-C ends it."]
            serve_until_told(settings, servers, opened, tell=lambda: print_lines(sys.stdout, lines))
    return SUCCESS


def _listening(settings: Settings) -> socket.socket:
    """Open the socket; where another `hunter up` of this folder has it, say so and not that another port be chosen."""
    try:
        return listening(settings)
    except Unavailable as error:
        taken = serving_here(data_folder(settings))
        raise taken or error from error


def check_settings(settings: Settings) -> None:
    """Refuse what must not go into production."""
    if settings.environment == "production" and _SAMPLE_PASSWORD in (settings.database_url or ""):
        raise Unavailable(
            "HUNTER_DATABASE_URL has the sample password: set one of your own before going into production"
        )

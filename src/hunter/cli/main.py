"""The command line: `hunter COMMAND ...`. A command's module is loaded when its name is given.

So a scan does not pay for the API or the database. In: the arguments. Out: the exit code;
no error reaches people as a traceback.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hunter.cli.exit_codes import FAILED, INTERRUPTED, READER_GONE, SUCCESS, USAGE
from hunter.cli.open_files import raise_open_files
from hunter.core.errors import HunterError, InvalidInput, fault_line

VERSION: Final = "0.1.0"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the overview."""

    name: str
    #: Offers `build_parser()` and `run(options) -> exit code`.
    module: str
    summary: str


COMMANDS: Final = (
    Command("scan", "hunter.cli.scan", "assess companies by their domain name"),
    Command("demo", "hunter.cli.demo", "scan invented companies on this machine, no network needed"),
    Command("up", "hunter.cli.up", "start servers and API on this machine"),
    Command("ingest", "hunter.cli.ingest", "import a list of companies into the database"),
    Command("rescore", "hunter.cli.rescore", "assess stored evidence again with the current rules, no network needed"),
    Command("company", "hunter.cli.company", "mark or erase a company"),
    Command("db", "hunter.cli.database", "schema, check, tidy, backup, restore"),
    Command("admin", "hunter.cli.admin", "admin token and API keys"),
    Command("data", "hunter.cli.published_lists", "refresh the public lists: RDAP servers, public suffixes"),
    Command("enrichment", "hunter.cli.enrichment", "show the IP address files in use"),
    Command("lab", "hunter.cli.lab", "serve simulated companies over DNS"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run_guarded(lambda: _dispatch(sys.argv[1:] if arguments is None else arguments))


def run_guarded(command: Callable[[], int]) -> int:
    """Run a command with whole streams; what goes wrong becomes one line on standard error and an exit code."""
    _fill_missing_streams()
    _tolerate_every_letter()
    raise_open_files()
    try:
        code = command()
        sys.stdout.flush()
        return code
    except HunterError as error:
        _say(str(error))
        return USAGE if isinstance(error, InvalidInput) else FAILED
    except KeyboardInterrupt:
        _say("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return READER_GONE
    except OSError as error:
        _say(f"cannot go on: {error}")
        _abandon_output()
        return FAILED
    except Exception as error:
        # The top of the command line: whatever nobody foresaw is said in one line that helps to find it.
        _say(f"this should not happen: {fault_line(error)}")
        return FAILED


def _dispatch(arguments: Sequence[str]) -> int:
    overview = _overview()
    if not arguments:
        overview.print_help(sys.stderr)
        return USAGE
    chosen = next((command for command in COMMANDS if command.name == arguments[0]), None)
    if chosen is None:
        overview.parse_args(arguments)
        return SUCCESS
    module: Any = import_module(chosen.module)
    options = module.build_parser().parse_intermixed_args(arguments[1:])
    code: int = module.run(options)
    return code


def _overview() -> argparse.ArgumentParser:
    """Describe all commands; it parses only what is none of them."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS]
    parser = argparse.ArgumentParser(
        prog="hunter",
        usage="hunter [-h] [--version] COMMAND ...",
        description="Lead intelligence from domain names.",
        epilog="commands:\n" + "\n".join(lines) + "\n\n`hunter COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hunter {VERSION}")
    parser.add_argument("command", metavar="COMMAND", choices=[command.name for command in COMMANDS], help="see below")
    return parser


def _fill_missing_streams() -> None:
    """Whoever starts us with a closed stream neither reads nor writes there; Python has no stream for it at all."""
    # In the order of their numbers, because the lowest free one is the next to be given out.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  It lives as long as the process.


def _tolerate_every_letter() -> None:
    """A terminal of few letters shows a mark for others instead of ending the scan."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _abandon_output() -> None:
    """Nobody takes our output any more, or it finds no room: what is still buffered must not fail at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    shown = "".join(char if char.isprintable() else "?" for char in text)
    print(f"hunter: {shown}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

"""Options that say how names are looked up, for every command that scans, and what they mean."""

import argparse
import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hunter.core.survey_request import RegistryLookUp
from hunter.services.scan.policy import BY_HAND, FRESH, ScanPolicy

#: Domains looked up at the same time where `--concurrency` does not say otherwise.
CONCURRENCY: Final = 500
MOST_CONCURRENCY: Final = 10_000
_AGE: Final = re.compile(r"([1-9][0-9]{0,3})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add_scan_options(parser: argparse.ArgumentParser) -> None:
    """Describe them."""
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="recursive DNS server to use, without rate limit; may be repeated",
    )
    parser.add_argument(
        "--concurrency", type=_concurrency, default=CONCURRENCY, metavar="N", help=f"names at a time ({CONCURRENCY})"
    )
    parser.add_argument("--no-registration", action="store_true", help="do not ask the registries")
    parser.add_argument(
        "--deep", action="store_true", help="ask Microsoft how users sign in, too; needs HUNTER_TENANT_LOOKUP_ENABLED"
    )


def policy_of(options: argparse.Namespace, *, is_single: bool) -> ScanPolicy:
    """Return the policy for each name: who scans a single one by hand wants to know how it is now."""
    policy = FRESH if getattr(options, "fresh", False) else BY_HAND if is_single else ScanPolicy()
    return replace(
        policy,
        registry=RegistryLookUp.LEFT_OUT if options.no_registration else policy.registry,
        is_deep=options.deep,
        # Who names a server wants to hear it.
        accepts_stored=policy.accepts_stored and not options.server,
    )


def age(text: str) -> timedelta:
    """Read an age such as `7d`, `12h`, `30m` or `2w`."""
    found = _AGE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"must be a number of m, h, d or w, such as 7d, not {text!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _concurrency(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST_CONCURRENCY}, not {text!r}")
    return number

"""Scanning companies of the database: `hunter scan --unscanned` and `hunter ingest FILE --scan`.

In: options, servers that are ready, and which companies. Out: the exit code; each scan goes to a view. Nothing grows
with the number of companies.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from hunter.cli.progress import Progress
from hunter.cli.scan_options import policy_of
from hunter.cli.scan_run import ScanRun
from hunter.cli.serving import ready_servers
from hunter.cli.stored_names import StoredNames
from hunter.cli.stored_scan import open_stored_scanning
from hunter.cli.views import JSONView, View
from hunter.core.rulebook import Rulebook
from hunter.sales.wording import Wording
from hunter.services.ports import OpenUnit
from hunter.services.scan.shapes import Scanned
from hunter.services.scan.stored_domains import StoredDomains, unscanned_domains
from hunter.settings.fields import Settings
from hunter.wiring.application import Servers
from hunter.wiring.process import utc_now
from hunter.wiring.survey import Wanted

#: Finds the companies.
Choose: TypeAlias = Callable[[OpenUnit], Awaitable[StoredDomains]]


class QuietView:
    """Shows no scan by itself: what is stored can be asked for."""

    async def take(self, scanned: Scanned, text: str) -> None:
        """Show nothing."""

    def finish(self, *, is_interrupted: bool) -> None:
        """Show nothing."""


def scan_unscanned(
    options: argparse.Namespace, settings: Settings, rulebook: Rulebook, *, progress: Progress, wording: Wording
) -> int:
    """Scan what was never scanned, and what `--older-than` says, the oldest first."""
    before = None if options.older_than is None else utc_now() - options.older_than
    with ready_servers(settings) as servers:
        return scan_stored(
            options,
            settings,
            rulebook,
            servers,
            choose=partial(unscanned_domains, scanned_before=before),
            view=JSONView(sys.stdout, wording) if options.json else QuietView(),
            progress=progress,
            wording=wording,
        )


def scan_stored(
    options: argparse.Namespace,
    settings: Settings,
    rulebook: Rulebook,
    servers: Servers,
    *,
    choose: Choose,
    view: View,
    progress: Progress,
    wording: Wording,
) -> int:
    """Scan the chosen companies; returns the exit code."""
    names = StoredNames()
    scan = ScanRun(
        source=names,
        expected=None,
        policy=policy_of(options, is_single=False),
        view=view,
        progress=progress,
        wording=wording,
    )

    async def begin(unit: OpenUnit) -> None:
        found = await choose(unit)
        names.pages, scan.expected = found.pages, found.expected

    wanted = Wanted(options.server, registration=not options.no_registration)
    opening = partial(open_stored_scanning, settings, rulebook, wanted, servers, begin=begin, warn=progress.note)
    code = scan.run(opening, options.concurrency)
    if names.accepted:
        scan.say_summary()
    else:
        progress.note(wording.say("scan.nothing_to_scan"))
    return code

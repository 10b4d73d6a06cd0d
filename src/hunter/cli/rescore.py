"""`hunter rescore`: judges stored evidence again under the present rulebook, without the network.

In: the database. Out: how many were judged and how many came out otherwise, on standard output.
"""

import argparse
import asyncio
import sys
import time

from hunter.cli.exit_codes import SUCCESS
from hunter.cli.screen.views import print_lines
from hunter.cli.serving import ready_servers
from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence
from hunter.sales.reason import reason
from hunter.sales.wording import Wording
from hunter.services.rescore import rescore
from hunter.settings.fields import Settings
from hunter.wiring.application import open_write_engine
from hunter.wiring.process import clock_of, load_catalogue, settings_of_this_process
from hunter.wiring.survey import load_rules


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    return argparse.ArgumentParser(
        prog="hunter rescore",
        description="Assess all stored evidence again with the current rules; no network is used.",
        allow_abbrev=False,
    )


def run(options: argparse.Namespace) -> int:
    """Rescore everything."""
    settings = settings_of_this_process()
    with ready_servers(settings) as servers:
        asyncio.run(_rescore(settings, servers.database_url))
    return SUCCESS


async def _rescore(settings: Settings, url: str) -> None:
    rulebook, since = load_rules(settings, _warn), time.monotonic()
    # What is stored is Turkish, whoever reads it.
    words = Wording(load_catalogue("tr"), rulebook.signatures)

    def why(assessment: Assessment, evidence: Evidence) -> str:
        return reason(assessment, evidence, words)

    engine = open_write_engine(settings, url)
    try:
        done = await rescore(engine, rulebook, as_of=clock_of(settings)(), reason=why, say=_say)
    finally:
        await engine.dispose()
    seconds = time.monotonic() - since
    lines = [f"{done.judged} judged in {seconds:.1f} s under rulebook {rulebook.version}, {done.changed} changed"]
    if done.undecided:
        lines.append(f"{done.undecided} left as they are: their newest evidence does not say whether they take mail")
    print_lines(sys.stdout, lines)


def _warn(sentence: str) -> None:
    print_lines(sys.stderr, [sentence])


def _say(judged: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{judged} judged", end="", file=sys.stderr, flush=True)

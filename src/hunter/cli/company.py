"""`hunter company forget NAME`: erases a company and everything that hangs on it.

In: a domain name, URL or e-mail address. Out: what was removed, on standard output; a log line that names nobody.
"""

import argparse
import asyncio
import sys

from hunter.cli.exit_codes import SUCCESS
from hunter.cli.process_logs import begin_logs
from hunter.cli.serving import ready_servers
from hunter.cli.views import print_lines
from hunter.core.domain_name import domain_from_email, normalise_domain
from hunter.core.errors import InvalidInput, NotFound
from hunter.services.forget_company import forget_company
from hunter.settings.fields import Settings
from hunter.storage.leads import NotIngested
from hunter.wiring.application import Servers, open_application
from hunter.wiring.process import settings_of_this_process
from hunter.wiring.survey import load_rules


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(prog="hunter company", description="Look after one company.", allow_abbrev=False)
    parser.add_argument("act", choices=["forget"], help="erase it: evidence, scores, history, lists that named it")
    parser.add_argument("name", metavar="NAME", help="its domain name")
    return parser


def run(options: argparse.Namespace) -> int:
    """Erase the company; raises `NotFound` where there is none."""
    name = options.name
    domain = domain_from_email(name) if "@" in name else normalise_domain(name)
    if not domain:
        raise InvalidInput(f"{name!r} is no domain name")
    settings = settings_of_this_process()
    begin_logs(settings)
    with ready_servers(settings) as servers:
        print_lines(sys.stdout, asyncio.run(_forget(settings, servers, domain)))
    return SUCCESS


async def _forget(settings: Settings, servers: Servers, domain: str) -> list[str]:
    async with open_application(settings, load_rules(settings, _warn), servers, warn=_warn) as hunter:
        try:
            erased = await forget_company(hunter, domain)
        except NotIngested as error:
            raise NotFound(f"{domain} is not known") from error
    lines = [f"{domain} is forgotten: " + ", ".join(f"{count} {table}" for table, count in erased.counts if count)]
    if erased.had_referrals:
        lines.append("Partner Center still holds its referrals: the next sync brings them back")
    return lines


def _warn(sentence: str) -> None:
    print_lines(sys.stderr, [sentence])

"""`hunter company`: marks a company that stays out of lists, or erases one with everything that hangs on it.

In: a domain name, URL or e-mail address. Out: its marks, or what was removed, on standard output; a log line that names
nobody.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping

from hunter.cli.exit_codes import SUCCESS
from hunter.cli.process_logs import begin_logs
from hunter.cli.screen.views import print_lines
from hunter.cli.serving import ready_servers
from hunter.core.company_marks import ExclusionMark
from hunter.core.errors import InvalidInput, NotFound
from hunter.core.names.domain_name import domain_from_email, normalise_domain
from hunter.services.companies import CompanyEditing, forget_company, mark_company
from hunter.settings.fields import Settings
from hunter.storage.leads import NotIngested
from hunter.wiring.application import Servers, open_application
from hunter.wiring.process import settings_of_this_process
from hunter.wiring.survey import load_rules


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(prog="hunter company", description="Manage one company.", allow_abbrev=False)
    parser.add_argument(
        "act",
        choices=["mark", "unmark", "forget"],
        help="set or remove marks; forget: erase all its data (evidence, scores, history, list rows)",
    )
    parser.add_argument("name", metavar="NAME", help="its domain name")
    marks = parser.add_argument_group("marks, which keep a company out of lists, counts and exports")
    marks.add_argument("--own-customer", action="store_true", help="it buys from us already")
    marks.add_argument(
        "--do-not-contact", action="store_true", help="it asked to be left in peace: its name is refused everywhere"
    )
    marks.add_argument("--demo", action="store_true", help="it is invented")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what was asked; raises `NotFound` where there is no such company."""
    name = options.name
    domain = domain_from_email(name) if "@" in name else normalise_domain(name)
    if not domain:
        raise InvalidInput(f"{name!r} is no domain name")
    marks = _marks_in(options)
    settings = settings_of_this_process()
    begin_logs(settings)
    with ready_servers(settings) as servers:
        print_lines(sys.stdout, asyncio.run(_done(settings, servers, domain, marks)))
    return SUCCESS


def _marks_in(options: argparse.Namespace) -> Mapping[ExclusionMark, bool]:
    """Return the marks to set and to take away; none for erasure."""
    named = [mark for mark in ExclusionMark if getattr(options, mark)]
    if options.act == "forget" and named:
        raise InvalidInput("hunter company forget takes no marks")
    if options.act != "forget" and not named:
        words = ", ".join(f"--{mark.replace('_', '-')}" for mark in ExclusionMark)
        raise InvalidInput(f"hunter company {options.act} needs one of {words}")
    return dict.fromkeys(named, options.act == "mark")


async def _done(settings: Settings, servers: Servers, domain: str, marks: Mapping[ExclusionMark, bool]) -> list[str]:
    async with open_application(settings, load_rules(settings, _warn), servers, warn=_warn) as application:
        editing = application.companies
        try:
            return await (_mark(editing, domain, marks) if marks else _forget(editing, domain))
        except NotIngested as error:
            raise NotFound(f"{domain} is not known") from error


async def _mark(editing: CompanyEditing, domain: str, marks: Mapping[ExclusionMark, bool]) -> list[str]:
    kept = await mark_company(editing, domain, marks)
    lines = [f"{domain}: {', '.join(sorted(mark.replace('_', ' ') for mark in kept)) or 'no marks'}"]
    if ExclusionMark.DO_NOT_CONTACT in kept:
        lines.append("no list, program or form can bring it again until the mark is taken away")
    return lines


async def _forget(editing: CompanyEditing, domain: str) -> list[str]:
    erased = await forget_company(editing, domain)
    lines = [f"{domain} is forgotten: " + ", ".join(f"{count} {table}" for table, count in erased.counts if count)]
    if erased.had_referrals:
        lines.append("Partner Center still holds its referrals: the next sync brings them back")
    if erased.is_name_refused:
        lines.append("its name is refused from now on, until the mark is taken away")
    return lines


def _warn(sentence: str) -> None:
    print_lines(sys.stderr, [sentence])

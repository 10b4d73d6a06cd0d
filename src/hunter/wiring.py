"""Settings -> the assembled application. The only reader of settings and flags.

In: settings and what the command line adds to them. Out: wording, rulebook and an open survey, ready for use.
"""

import gettext
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.line import Upstream
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.pacing import Pace, is_public_address
from hunter.collectors.survey import Survey
from hunter.core.errors import InvalidInput, Unavailable
from hunter.core.signatures import Signatures
from hunter.sales.wording import Catalogue
from hunter.settings import SettingError, Settings, load_settings

#: Where compiled catalogues lie, the first that has one wins: the environment of a checkout that was not ours to
#: write, else beside their sources.
LOCALE_FOLDERS: Final = (Path(sys.prefix) / "share" / "locale", Path(__file__).with_name("locale"))
LANGUAGES: Final = ("tr", "en")
DNS_PORT: Final = 53


def settings_of_this_process() -> Settings:
    """Read the environment and the `.env` file of the current folder; raises `InvalidInput` naming the variable."""
    try:
        return load_settings(Path(".env"))
    except SettingError as error:
        raise InvalidInput(str(error)) from error


def load_catalogue(language: str) -> Catalogue:
    """Load the phrases of a language; raises `Unavailable` where the catalogues were not compiled."""
    folder = next((one for one in LOCALE_FOLDERS if gettext.find("hunter", one, [language])), LOCALE_FOLDERS[-1])
    try:
        return gettext.translation("hunter", folder, [language])
    except OSError as error:
        raise Unavailable(f"no texts for {language!r} in {folder}: start Hunter by ./hunter once") from error


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_survey(
    settings: Settings,
    signatures: Signatures,
    *,
    servers: Sequence[str] = (),
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Survey]:
    """Open a survey on the named servers, or on those of the settings.

    Named servers are asked at no fixed pace; others at that of the settings, if any of them is public. A public
    resolver never gets more questions a second than the settings allow, named or not.
    Raises `InvalidInput` for what is no `HOST[:PORT]`, `Unavailable` for a host name that cannot be resolved.
    """
    plan = plan_questions(settings, servers)
    async with AsyncExitStack() as open_things:
        try:
            resolver = await open_things.enter_async_context(Resolver(plan.upstreams))
        except OSError as error:
            raise Unavailable(f"a name server cannot be used: {error}") from error
        yield Survey(MailCollector(resolver, signatures), clock=clock, pace=Pace(plan.analyses_per_second))


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """Whom we ask, and how fast."""

    upstreams: tuple[Upstream, ...]
    #: Domain analyses a second; 0 is no limit.
    analyses_per_second: float


def plan_questions(settings: Settings, servers: Sequence[str] = ()) -> QuestionPlan:
    """Decide on name servers and pace: limits hold for public servers that nobody named. Raises `InvalidInput`."""
    upstreams = tuple(_upstream(text, settings, is_named=bool(servers)) for text in servers or settings.dns_servers)
    is_public = not servers and any(is_public_address(upstream.host) for upstream in upstreams)
    rate = settings.dns_rate_per_second if is_public else settings.dns_private_rate_per_second
    return QuestionPlan(upstreams, rate)


def _upstream(text: str, settings: Settings, *, is_named: bool) -> Upstream:
    host, port = server_address(text)
    is_public = is_public_address(host)
    ceiling = settings.dns_upstream_questions_per_second if is_public and not is_named else 0.0
    return Upstream(host, port, ceiling, randomises_case=is_public)


def server_address(text: str) -> tuple[str, int]:
    """Read `HOST`, `HOST:PORT`, `ADDRESS6` or `[ADDRESS6]:PORT`; raises `InvalidInput`."""
    host, port = text.strip(), ""
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        if port and not port.startswith(":"):
            raise InvalidInput(f"{text!r} is no server: write [ADDRESS]:PORT")
        port = port[1:]
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    number = DNS_PORT if not port else int(port) if port.isascii() and port.isdecimal() else 0
    if not host or not host.isprintable() or " " in host or not 0 < number < 65536:
        raise InvalidInput(f"{text!r} is no server: write HOST or HOST:PORT, with a port from 1 to 65535")
    return host, number

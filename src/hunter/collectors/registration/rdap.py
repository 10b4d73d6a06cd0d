"""Asks RDAP servers about domains (RFC 7480, RFC 9082). Errors of HTTP are translated here, into reasons.

In: the base address of a registry's service and a domain. Out: a `Registration`, within the seconds that are allowed.
Redirects are followed a few times, each through the guard, never from HTTPS down to HTTP. Bodies are read bounded.
"""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import httpx

from hunter.collectors.registration.rdap_answer import read_rdap
from hunter.collectors.registration.registration import Outcome, Registration, unavailable
from hunter.outbound.guard import Guard, NameUnresolved, TargetRefused
from hunter.outbound.http import guarded_client
from hunter.resilience.bounded_body import read_bounded

#: Longest time for one look-up by RDAP, redirects included.
RDAP_SECONDS: Final = 3.0
#: Real answers have 2 to 60 kB.
_LARGEST_BODY: Final = 1 << 20
_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {
    "accept": "application/rdap+json, application/json;q=0.9",
    # What arrives packed could unpack to more than we want to hold.
    "accept-encoding": "identity",
    "user-agent": "hunter (registration look-up)",
}


class RDAPClient:
    """Asks RDAP servers; belongs to one loop. `tls` replaces the usual certificates, for servers of the lab."""

    def __init__(self, guard: Guard, *, tls: ssl.SSLContext | None = None) -> None:
        self._http = guarded_client(guard, headers=_HEADERS, seconds=RDAP_SECONDS, tls=tls)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def look_up(self, bases: Sequence[str], domain: str, *, seconds: float = RDAP_SECONDS) -> Registration:
        """Ask the bases in turn until one of them answers; all of it takes at most `seconds`."""
        registration = unavailable("no_server")
        try:
            async with asyncio.timeout(seconds):
                for base in bases:
                    registration = await self._ask(base, domain)
                    if registration.outcome is not Outcome.UNAVAILABLE or registration.reason == "rate_limited":
                        break
        except TimeoutError:
            registration = unavailable("timeout")
        said = registration.reason or registration.outcome.value
        return replace(registration, tried=(f"rdap: {said}",))

    async def _ask(self, base: str, domain: str) -> Registration:
        try:
            return await self._follow(f"{base.rstrip('/')}/domain/{quote(domain)}", domain)
        except TargetRefused:
            return unavailable("refused_by_guard")
        except (httpx.RemoteProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            # A redirect to a host that no A-label can be is told as an error of text.
            return unavailable("malformed")
        except httpx.TimeoutException:
            return unavailable("timeout")
        except (httpx.HTTPError, NameUnresolved):
            return unavailable("network")

    async def _follow(self, address: str, domain: str) -> Registration:
        url = httpx.URL(address)
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._http.stream("GET", url) as response:
                if response.status_code not in _REDIRECTS:
                    body = await _body(response)
                    return unavailable("too_large") if body is None else read_rdap(response.status_code, body, domain)
                target = url.join(response.headers.get("location", ""))
            if target == url:
                return unavailable("malformed")
            if target.scheme not in ("https", url.scheme) or target.userinfo:
                return unavailable("refused_by_guard")
            url = target
        return unavailable("malformed")


async def _body(response: httpx.Response) -> bytes | None:
    """Return the body; None where it is longer than any answer, and nothing where it is packed against our wish."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return b"packed"
    return await read_bounded(response.aiter_raw(), _LARGEST_BODY)

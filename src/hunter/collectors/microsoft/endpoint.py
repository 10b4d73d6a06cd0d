"""The endpoint: one call to Microsoft's sign-in service, polite and bounded. Errors of HTTP are translated here.

In: a path. Out: the answer, or why there is none. Redirects are not followed, bodies are read up to a limit, all of it
within the time given; what comes packed against our wish is not unpacked.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Final

import httpx

from hunter.collectors.microsoft.answers import LARGEST_BODY, HTTPAnswer, trouble_of
from hunter.core.signals import Unknown
from hunter.outbound.guard import TargetRefused
from hunter.resilience.bounded_body import read_bounded
from hunter.resilience.circuit_breaker import CallResult, CircuitBreaker
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.retry_after import retry_after_seconds

#: The world-wide cloud. Tenants of other clouds are unknown to it, or named with their cloud.
WORLDWIDE: Final = "https://login.microsoftonline.com"
#: Calls a second to Microsoft's own service, all processes of a machine together.
CALLS_PER_SECOND: Final = 1.0
#: Longest silence after a refusal that names no time: a minute at first, doubled while the service goes on refusing.
_LONGEST_PAUSE_SECONDS: Final = 3600.0
#: Longest time for one call, from its beginning to the last byte.
CALL_SECONDS: Final = 4.0

#: Says who asks and how to find out more: the product's name, and what it does.
USER_AGENT: Final = "hunter (tenant look-up by OpenID discovery)"
_HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity", "user-agent": USER_AGENT}
_REFUSED: Final = ("rate_limited", "refused")
_FAILED: Final = ("network", "timeout", "cut", "server_error")


def microsoft_breaker(clock: Callable[[], float] = monotonic) -> CircuitBreaker:
    """Return the breaker towards Microsoft's sign-in service."""
    return CircuitBreaker("microsoft", longest_pause_seconds=_LONGEST_PAUSE_SECONDS, clock=clock)


class MicrosoftEndpoint:
    """Calls one address of the service; belongs to one loop. The client is made and closed by whoever hands it in."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base: str = WORLDWIDE,
        limiter: RateLimiter | None = None,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = http
        self._base = base.rstrip("/")
        self._limiter = limiter or RateLimiter("microsoft", CALLS_PER_SECOND)
        self._breaker = breaker or microsoft_breaker()
        self._clock = clock

    async def get(self, path: str, within_seconds: float) -> HTTPAnswer | Unknown:
        """Wait until a call may begin, and call; `Unknown` with one of `answers.REASONS` where no answer was read."""
        until = monotonic() + within_seconds
        if not self._breaker.allow():
            return Unknown("circuit_open")
        result, retry_after = CallResult.ABANDONED, None
        try:
            if not await self._limiter.acquire_within(within_seconds):
                return Unknown("rate_limited_locally")
            answer, retry_after = await self._call(path, min(CALL_SECONDS, until - monotonic()))
            result = _result(answer)
            return answer
        finally:
            self._breaker.record(result, retry_after)

    async def _call(self, path: str, seconds: float) -> tuple[HTTPAnswer | Unknown, float | None]:
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(path)
        except (OSError, UnicodeError, httpx.HTTPError, httpx.InvalidURL) as error:
            return Unknown(reason_of(error)), None

    async def _exchange(self, path: str) -> tuple[HTTPAnswer | Unknown, float | None]:
        url = self._base + path
        async with self._http.stream("GET", url, headers=_HEADERS, follow_redirects=False) as response:
            headers = response.headers
            retry_after = retry_after_seconds(headers, self._clock())
            if headers.get("content-encoding", "identity").lower() != "identity":
                return Unknown(trouble_of(response.status_code) or "malformed"), retry_after
            try:
                body = await read_bounded(response.aiter_raw(), LARGEST_BODY)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                # The status came whole: a refusal stays a refusal though its page was cut.
                return Unknown(trouble_of(response.status_code) or "cut"), retry_after
        if body is None:
            return Unknown(trouble_of(response.status_code) or "too_large"), retry_after
        return HTTPAnswer(response.status_code, headers.get("content-type", ""), body), retry_after


def reason_of(error: Exception) -> str:
    """Return the stable reason for an error of the HTTP library, of the guard (an OSError) or of the clock."""
    if isinstance(error, TargetRefused):
        return "refused_by_guard"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timeout"
    if isinstance(error, UnicodeError | httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return "name"
    return "malformed" if isinstance(error, httpx.DecodingError) else "network"


def _result(answer: HTTPAnswer | Unknown) -> CallResult:
    reason = answer.reason if isinstance(answer, Unknown) else trouble_of(answer.status)
    if reason in _REFUSED:
        return CallResult.REFUSED
    return CallResult.FAILED if reason in _FAILED else CallResult.SUCCEEDED

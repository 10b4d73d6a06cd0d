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

from hunter.collectors.microsoft.answers import LARGEST_BODY, HTTPAnswer, retry_after_seconds, trouble_of
from hunter.collectors.microsoft.politeness import Breaker, Outcome, TakesTurns, Turns
from hunter.core.signals import Unknown
from hunter.outbound.guard import TargetRefused

#: The world-wide cloud. Tenants of other clouds are unknown to it, or named with their cloud.
WORLDWIDE: Final = "https://login.microsoftonline.com"
#: Longest time for one call, from its turn to the last byte.
CALL_SECONDS: Final = 4.0

#: Says who asks and how to find out more: the product's name, and what it does.
USER_AGENT: Final = "hunter (tenant look-up by OpenID discovery)"
_HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity", "user-agent": USER_AGENT}
_TURNED_AWAY: Final = ("rate_limited", "refused")
_FAILED: Final = ("network", "timeout", "cut", "server_error")


class MicrosoftEndpoint:
    """Calls one address of the service; belongs to one loop. The client is made and closed by whoever hands it in."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base: str = WORLDWIDE,
        turns: TakesTurns | None = None,
        breaker: Breaker | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = http
        self._base = base.rstrip("/")
        self._turns = turns or Turns()
        self._breaker = breaker or Breaker()
        self._clock = clock

    async def get(self, path: str, within_seconds: float) -> HTTPAnswer | Unknown:
        """Wait for a turn and call; `Unknown` with one of `answers.REASONS` where no answer was read."""
        until = monotonic() + within_seconds
        if not self._breaker.admit():
            return Unknown("circuit_open")
        outcome, retry_after = Outcome.ABANDONED, None
        try:
            if not await self._turns.take(within_seconds):
                return Unknown("not_in_turn")
            answer, retry_after = await self._call(path, min(CALL_SECONDS, until - monotonic()))
            outcome = _outcome(answer)
            return answer
        finally:
            self._breaker.settle(outcome, retry_after)

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
                body = await _body(response)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                # The status came whole: a refusal stays a refusal though its page was cut.
                return Unknown(trouble_of(response.status_code) or "cut"), retry_after
        if body is None:
            return Unknown(trouble_of(response.status_code) or "too_large"), retry_after
        return HTTPAnswer(response.status_code, headers.get("content-type", ""), body), retry_after


async def _body(response: httpx.Response) -> bytes | None:
    """Return the body; None where it is longer than any answer."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def reason_of(error: Exception) -> str:
    """Return the stable reason for an error of the HTTP library, of the guard (an OSError) or of the clock."""
    if isinstance(error, TargetRefused):
        return "refused_by_guard"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timeout"
    if isinstance(error, UnicodeError | httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return "name"
    return "malformed" if isinstance(error, httpx.DecodingError) else "network"


def _outcome(answer: HTTPAnswer | Unknown) -> Outcome:
    reason = answer.reason if isinstance(answer, Unknown) else trouble_of(answer.status)
    if reason in _TURNED_AWAY:
        return Outcome.TURNED_AWAY
    return Outcome.FAILED if reason in _FAILED else Outcome.ANSWERED

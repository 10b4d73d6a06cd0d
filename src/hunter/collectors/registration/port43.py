"""Asks WHOIS servers on their TCP port (RFC 3912) and follows referrals. Errors of sockets are translated here.

In: a server and a domain. Out: a `Registration`, within the seconds that are allowed. Each server passes the guard, a
referral as much as the first. An answer is read to its end, to 128 kB, or as far as it came before it broke.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hunter.collectors.registration.registration import Outcome, Registration, joined, unavailable
from hunter.collectors.registration.texts import LARGEST_ANSWER
from hunter.collectors.registration.whois import parse_answer
from hunter.outbound.guard import Guard, NameUnresolved, TargetRefused

#: Longest time for one look-up by WHOIS, referrals included.
WHOIS_SECONDS: Final = 5.0
WHOIS_PORT: Final = 43
_MOST_REFERRALS: Final = 2
_CHUNK: Final = 1 << 16
#: Reason of an answer that says nothing itself.
_POINTS_ON: Final = "malformed"


class WhoisClient:
    """Asks WHOIS servers; `queries` says how a server wants to be asked where a name alone is not enough."""

    def __init__(self, guard: Guard, queries: Mapping[str, str]) -> None:
        self._guard = guard
        self._queries = queries

    async def look_up(self, server: str, domain: str, *, seconds: float = WHOIS_SECONDS) -> Registration:
        """Ask a server, `HOST` or `HOST:PORT`, and what it refers to; all of it takes at most `seconds`."""
        deadline = asyncio.get_running_loop().time() + seconds
        registration = await self._ask(server, domain, deadline)
        asked = {server}
        for _ in range(_MOST_REFERRALS):
            next_server = registration.referral
            if next_server is None or next_server in asked or not _wants_more(registration):
                break
            asked.add(next_server)
            answer = await self._ask(next_server, domain, deadline)
            if registration.outcome is Outcome.FOUND:
                registration = replace(joined(registration, answer), referral=answer.referral)
            else:
                registration = _behind_pointer(registration, answer)
        said = registration.reason or registration.outcome.value
        return replace(registration, tried=(f"whois: {said}",))

    async def _ask(self, server: str, domain: str, deadline: float) -> Registration:
        host, port = split_server(server)
        arrived = bytearray()
        failure = None
        try:
            async with asyncio.timeout_at(deadline):
                await self._converse(host, port, self._query(host, domain), arrived)
        except TimeoutError:
            failure = unavailable("timeout")
        except TargetRefused:
            return unavailable("refused_by_guard")
        except (OSError, NameUnresolved):
            failure = unavailable("network")
        return _read(bytes(arrived), domain, failure)

    async def _converse(self, host: str, port: int, query: bytes, arrived: bytearray) -> None:
        reader, writer = await self._guard.open(host, port, limit_bytes=_CHUNK)
        try:
            writer.write(query)
            await writer.drain()
            while len(arrived) < LARGEST_ANSWER and (chunk := await reader.read(_CHUNK)):
                arrived += chunk
        finally:
            # What is still unsent to a server that we leave is of no use to anybody.
            writer.transport.abort()

    def _query(self, host: str, domain: str) -> bytes:
        return (self._queries.get(host, "{domain}").replace("{domain}", domain) + "\r\n").encode("ascii")


def split_server(server: str) -> tuple[str, int]:
    """Split `HOST`, `HOST:PORT`, `ADDRESS6` or `[ADDRESS6]:PORT`; the port is 43 where none is given."""
    host, _, port = server.rpartition(":")
    if not host or not port.isdecimal() or (":" in host and not host.endswith("]")):
        host, port = server, ""
    return host.removeprefix("[").removesuffix("]"), int(port or WHOIS_PORT)


def _wants_more(registration: Registration) -> bool:
    """Say whether a referral is worth a question: for a record with gaps, and where the server only points on.

    A server that asks for patience or refuses does not point on, whatever else stands in its answer.
    """
    if registration.outcome is Outcome.FOUND:
        return not registration.is_complete
    return registration.outcome is Outcome.UNAVAILABLE and registration.reason == _POINTS_ON


def _behind_pointer(pointer: Registration, answer: Registration) -> Registration:
    """Return an answer from behind a pointer; that nobody has the name is for the registry to say, not a registrar."""
    is_registrars_word = answer.outcome is Outcome.NOT_REGISTERED and not pointer.is_registry_referral
    return unavailable("malformed") if is_registrars_word else answer


def _read(answer: bytes, domain: str, failure: Registration | None) -> Registration:
    """Read what arrived. A last line without its end may be half a date, so no field is read from it."""
    whole = answer[: answer.rfind(b"\n") + 1]
    registration = parse_answer(whole, domain)
    if registration.outcome is Outcome.FOUND:
        gap = _gap(answer, whole, failure)
        return registration if gap is None else replace(registration, gap=gap)
    if failure is not None:
        return failure
    if not answer:
        return unavailable("malformed")
    if len(answer) >= LARGEST_ANSWER:
        # A statement in front may be taken back by what was not read; a quota or a refusal may not.
        is_told = registration.outcome is Outcome.UNAVAILABLE and registration.reason != _POINTS_ON
        return registration if is_told else unavailable("too_large")
    if whole == answer:
        return registration
    ended = parse_answer(answer, domain)
    return unavailable("malformed") if ended.outcome is Outcome.FOUND else ended


def _gap(answer: bytes, whole: bytes, failure: Registration | None) -> str | None:
    """Return why a part of the record may not have come; None for an answer that came to its end."""
    if failure is not None:
        return failure.reason
    if len(answer) >= LARGEST_ANSWER:
        return "too_large"
    return None if answer == whole else "malformed"

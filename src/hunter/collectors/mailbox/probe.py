"""Asks the mail servers of a domain which of its addresses they take, without sending a message (engine 9.5).

In: a domain in canonical form and addresses at it. Out: yes, no, or None where the server does not tell; nothing
raises for what a server does. Every call passes the guard of outgoing calls, whatever host an MX record names.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hunter.collectors.mailbox.address import Identity, may_be_asked
from hunter.collectors.mailbox.reply import BrokenReply
from hunter.collectors.mailbox.session import Session
from hunter.core.records.mx import MXHost
from hunter.core.signals import Absent, Found, Signal
from hunter.outbound.guard import Guard
from hunter.outbound.targets import is_host_name

#: Domain in canonical form -> its mail hosts, best first.
FindMX: TypeAlias = Callable[[str], Awaitable[Signal[tuple[MXHost, ...]]]]

SMTP_PORT: Final = 25
#: For the connection, for the greeting, and for each answer (engine 9.5).
STEP_SECONDS: Final = 3.0
#: For all of it, where each step is slow and none too slow.
SESSION_SECONDS: Final = 20.0
#: Servers take many wrong recipients for an attack; the usual limit is 20 errors, and one goes to the made-up address.
MOST_ADDRESSES: Final = 15
_MOST_HOSTS: Final = 2
_MOST_SESSIONS: Final = 4
_READ_AHEAD: Final = 8192


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take."""

    step_seconds: float = STEP_SECONDS
    session_seconds: float = SESSION_SECONDS


class MailboxProbe:
    """Asks about the mail of a domain; belongs to one loop."""

    def __init__(
        self,
        guard: Guard,
        find_mx: FindMX,
        identity: Identity | None,
        *,
        port: int = SMTP_PORT,
        patience: Patience | None = None,
    ) -> None:
        """Without an identity no mail server is ever called. `find_mx` is asked each time and may cache."""
        self._guard = guard
        self._find_mx = find_mx
        self._identity = identity
        self._port = port
        self._patience = patience or Patience()
        self._sessions = asyncio.Semaphore(_MOST_SESSIONS)

    @property
    def is_smtp_enabled(self) -> bool:
        """Whether the operator lets mail servers be asked about addresses."""
        return self._identity is not None

    async def has_mail_host(self, domain: str) -> bool | None:
        """Say whether the domain has a mail host; None where that could not be learned."""
        signal = await self._mail_hosts(domain)
        if isinstance(signal, Found):
            return True
        return False if isinstance(signal, Absent) else None

    async def accepts(self, domain: str, addresses: tuple[str, ...]) -> Mapping[str, bool | None]:
        """Say of each address whether its server takes mail for it; None where it does not tell.

        A server tells nothing by its yes unless it refuses an address that is made up. Of more than `MOST_ADDRESSES`
        the rest is not asked about.
        """
        answers: dict[str, bool | None] = dict.fromkeys(addresses)
        askable = [one for one in answers if may_be_asked(one, domain, has_utf8=True)][:MOST_ADDRESSES]
        if self._identity is None or not askable:
            return answers
        signal = await self._mail_hosts(domain)
        if isinstance(signal, Found):
            answers.update(await self._ask(signal.value, self._identity, domain, askable))
        return answers

    async def _mail_hosts(self, domain: str) -> Signal[tuple[MXHost, ...]] | None:
        return await self._find_mx(domain) if is_host_name(domain) else None

    async def _ask(
        self, hosts: Sequence[MXHost], identity: Identity, domain: str, addresses: Sequence[str]
    ) -> dict[str, bool | None]:
        """Ask the first host that greets; what it said before it failed still stands, unless it was no SMTP."""
        answers: dict[str, bool | None] = {}
        questions = _Questions(identity, domain, addresses, answers)
        async with self._sessions:
            try:
                async with asyncio.timeout(self._patience.session_seconds):
                    for mx in hosts[:_MOST_HOSTS]:
                        if await self._has_told(mx.host, questions):
                            break
            except BrokenReply:
                return {}
            except OSError:
                # A time-out is one too.
                pass
        return answers

    async def _has_told(self, host: str, questions: "_Questions") -> bool:
        """Hold the conversation with one host; False where it was not there, or not ready, so that the next may be."""
        seconds = self._patience.step_seconds
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await self._guard.open(host, self._port, limit_bytes=_READ_AHEAD)
        except OSError:
            # The guard's refusals are OSErrors too.
            return False
        try:
            session = Session(reader, writer, step_seconds=seconds)
            try:
                await session.await_greeting()
            except (OSError, BrokenReply):
                return False
            await questions.put_to(session)
            return True
        finally:
            # What is still unsent to a server that we leave is of no use to anybody.
            writer.transport.abort()


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked in one conversation, and what was answered so far."""

    identity: Identity
    domain: str
    addresses: Sequence[str]
    answers: dict[str, bool | None]

    async def put_to(self, session: Session) -> None:
        """Ask about a made-up address first: only where that is refused do the other answers tell anything."""
        writable = await session.introduce(self.identity, self.addresses)
        if writable and await session.takes(f"x{secrets.token_hex(8)}@{self.domain}") is False:
            for address in writable:
                self.answers[address] = await session.takes(address)
        await session.leave()

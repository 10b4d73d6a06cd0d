"""A mail server of the lab, and probes whose questions reach it and nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from hunter.collectors.mailbox.address import Identity
from hunter.collectors.mailbox.probe import MailboxProbe, Patience
from hunter.core.records.mx import MXHost
from hunter.core.signals import Found, Signal
from hunter.lab.mail.server import MailServer, MailWorld, serve_mail
from hunter.outbound.guard import Guard
from hunter.outbound.targets import parse_targets

DOMAIN = "firma.example"
IDENTITY = Identity("hunter@partner.example", "mx.partner.example")
INFO, SALES, HR = (f"{local}@{DOMAIN}" for local in ("info", "sales", "hr"))
#: Short, so that a server which does not answer costs a test little.
SHORT = Patience(step_seconds=0.3, session_seconds=5.0)
ONE_HOST: Signal[tuple[MXHost, ...]] = Found((MXHost(10, "mail.firma.example"),))


@dataclass
class Names:
    """What DNS says: mail hosts of a domain, addresses of hosts; and what was asked."""

    mx: Signal[tuple[MXHost, ...]] = ONE_HOST
    addresses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def find_mx(self, domain: str) -> Signal[tuple[MXHost, ...]]:
        self.asked.append(domain)
        return self.mx

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        return self.addresses.get(host, ["127.0.0.1"])


def probe_at(
    port: int,
    names: Names | None = None,
    *,
    identity: Identity | None = IDENTITY,
    patience: Patience = SHORT,
    allowed: Sequence[str] | None = None,
) -> MailboxProbe:
    """A probe that may call this machine at one port."""
    names = names or Names()
    targets = [f"127.0.0.1:{port}"] if allowed is None else allowed
    guard = Guard(parse_targets(targets), resolve=names.resolve)
    return MailboxProbe(guard, names.find_mx, identity, port=port, patience=patience)


#: A world, and where it is served -> the server and its port.
ServeMail = Callable[..., Awaitable[tuple[MailServer, int]]]


@pytest.fixture
async def serve_world() -> AsyncIterator[ServeMail]:
    """Starts mail servers in the loop of the test, closed at its end."""
    async with AsyncExitStack() as servers:

        async def start(world: MailWorld, host: str = "127.0.0.1", port: int = 0) -> tuple[MailServer, int]:
            return await servers.enter_async_context(serve_mail(world, host=host, port=port))

        yield start

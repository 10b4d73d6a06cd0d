"""What a use case asks of the world. The rooms that give it do not know who asks; wiring brings both together."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from hunter.storage.unit_of_work import UnitOfWork

#: The time, aware, in the zone in which days are counted.
Clock: TypeAlias = Callable[[], datetime]

#: Begins one transaction; entered with `async with`.
OpenUnit: TypeAlias = Callable[[], UnitOfWork]

#: Succeeds while a neighbour can be reached, raises a `HunterError` or `OSError` where it cannot.
Check: TypeAlias = Callable[[], Awaitable[None]]


class Limiter(Protocol):
    """Counts how often something is done, over all processes that share it."""

    async def wait_seconds(self, name: str, *, per_minute: int) -> float:
        """Take one turn and return 0, or take none and return the seconds until there is one."""
        ...


class MailProbe(Protocol):
    """Asks about the mail of a domain, for the e-mail tools."""

    @property
    def is_smtp_enabled(self) -> bool:
        """Whether the operator lets mail servers be asked about addresses."""
        ...

    async def has_mail_host(self, domain: str) -> bool | None:
        """Say whether the domain has a mail host; None where that could not be learned."""
        ...

    async def accepts(self, domain: str, addresses: tuple[str, ...]) -> Mapping[str, bool | None]:
        """Say of each address whether its server takes mail for it; None where it does not tell."""
        ...


class AddressEnrichment(Protocol):
    """What the address files of this machine say, for those who look after them."""

    def configured(self) -> Mapping[str, bool]:
        """Say of each file whether a setting names it and it is there."""
        ...

    def look_up(self, address: str) -> Mapping[str, Any] | None:
        """Return what the files say of an address; None where they say nothing."""
        ...

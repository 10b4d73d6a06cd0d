"""What scanning works with; wiring assembles it, with a database or without one."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hunter.core.rulebook import Rulebook
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed
from hunter.services.scan.locks import DomainLocks
from hunter.services.scan.memory import ScanMemory
from hunter.services.scan.policy import MAIL_ALONE, AskedKinds


class Surveys(Protocol):
    """Looks at domains; failures come as unknown, never as an exception."""

    async def one(self, request: SurveyRequest) -> Surveyed:
        """Look at one domain."""
        ...

    def many(
        self, batches: AsyncIterator[Sequence[SurveyRequest]], *, concurrency: int
    ) -> AsyncGenerator[Surveyed, None]:
        """Look at all that the batches ask for, so many at a time; results come as they are ready."""
        ...


async def nothing_to_forget(domain: str) -> None:
    """Forget nothing: no neighbour's answer is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """What scanning needs."""

    survey: Surveys
    memory: ScanMemory
    locks: DomainLocks
    rulebook: Rulebook
    #: The time, aware, in the zone in which days are counted.
    clock: Callable[[], datetime]
    asked: AskedKinds = MAIL_ALONE
    #: How young a scan must be to be the answer.
    fresh: timedelta = timedelta(hours=1)
    #: Forgets what neighbours' answers about a domain are kept outside the database.
    forget_answers: Callable[[str], Awaitable[None]] = nothing_to_forget

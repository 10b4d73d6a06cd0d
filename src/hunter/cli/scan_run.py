"""One run over many names: look up, judge, show; count what could not be assessed; stop in good order.

In: names, a survey, a rulebook and a view. Out: the exit code. Whatever happens, what is finished is shown.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from hunter.cli.brief import shown_domain
from hunter.cli.exit_codes import FAILED, INTERRUPTED, SUCCESS
from hunter.cli.names import Intake
from hunter.cli.progress import EVERY_SECONDS, Progress
from hunter.cli.views import Outcome, View
from hunter.collectors.survey import Survey
from hunter.core.assessment import assess
from hunter.core.changes import Change
from hunter.core.evidence import Evidence
from hunter.core.rulebook import Rulebook
from hunter.core.signals import Unknown
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed, Timing
from hunter.sales.reason import unknown_cause
from hunter.sales.wording import Wording

#: Opens the survey inside the running loop.
OpenSurvey = Callable[[], AbstractAsyncContextManager[Survey]]


def say_not_stored(progress: Progress, wording: Wording, why: str, stored: int) -> None:
    """Say why results are not stored, and how many were before that."""
    words = {"why": why, "stored": wording.number(stored)}
    progress.note(wording.say("scan.rest_not_stored" if stored else "scan.not_stored", words))


class Memory(Protocol):
    """What a run stores in and remembers by; its own trouble is no error."""

    async def remembered(self, domain: str) -> Evidence | None:
        """Return the evidence of the last scan of a domain, if it is an answer."""
        ...

    async def keep(self, outcomes: Sequence[Outcome]) -> dict[str, tuple[Change, ...]]:
        """Store outcomes; returns what changed by domain."""
        ...


OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]
#: Outcomes that are stored in one transaction, and how long the first of them waits for the others.
_AT_ONCE: Final = 200
_KEPT_BACK_SECONDS: Final = 0.5


@dataclass(slots=True)
class ScanRun:
    """One run; call `run` once."""

    intake: Intake
    #: How many names there may be; None where nobody knows.
    expected: int | None
    rulebook: Rulebook
    view: View
    progress: Progress
    wording: Wording
    clock: Callable[[], datetime]
    #: Opens what remembers, inside the running loop; None where nothing is stored.
    open_memory: OpenMemory | None = None
    #: Whether names whose last scan is fresh are answered from memory.
    asks_memory: bool = False
    is_deep: bool = False
    finished: int = 0
    #: Of those, the ones that were shown; fewer where a second Ctrl-C did not wait.
    shown: int = 0
    #: Names whose MX could not be read.
    unassessed: int = 0
    #: True once a question could not even be sent.
    is_cut_off: bool = False
    _memory: Memory | None = None
    #: Finished and not yet stored and shown.
    _pending: list[Outcome] = field(default_factory=list)
    _flushed_at: float = 0.0

    def run(self, open_survey: OpenSurvey, concurrency: int) -> int:
        """Assess all names, so many at a time; returns the exit code."""
        try:
            asyncio.run(self._assess_all(open_survey, concurrency))
        except KeyboardInterrupt:
            self._end(is_interrupted=True)
            said = self.wording.number(self.shown)
            self.progress.note(self.wording.say("scan.interrupted", {"finished": said}))
            return INTERRUPTED
        self._end(is_interrupted=False)
        if self.finished == self.unassessed and (self.unassessed > 1 or self.is_cut_off):
            self.progress.note(self.wording.say("scan.nothing_readable"))
        return FAILED if self.unassessed or self.intake.refused else SUCCESS

    def say_summary(self) -> None:
        """Say how many names took how long, and how many lines said the same again."""
        say, number, seconds = self.wording.say, self.wording.number, self.progress.elapsed_seconds
        rate, took = self.wording.decimal(self.finished / seconds), self.wording.decimal(seconds)
        self.progress.note(say("scan.summary", {"finished": number(self.finished), "seconds": took, "rate": rate}))
        if self.intake.repeated:
            self.progress.note(say("scan.repeated", {"repeated": number(self.intake.repeated)}))

    def _end(self, *, is_interrupted: bool) -> None:
        self.progress.clear()
        self.view.finish(is_interrupted=is_interrupted)

    async def _assess_all(self, open_survey: OpenSurvey, concurrency: int) -> None:
        async with AsyncExitStack() as opened:
            if self.open_memory is not None:
                self._memory = await opened.enter_async_context(self.open_memory())
            names: Iterator[str] = iter(self.intake)
            if self.asks_memory and self._memory is not None:
                names = await self._without_remembered(names, self._memory)
            survey = await opened.enter_async_context(open_survey())
            await self._assess_by(survey.many(self._requests(names), concurrency=concurrency))

    async def _requests(self, names: Iterator[str]) -> AsyncIterator[Sequence[SurveyRequest]]:
        for domain in names:
            yield (SurveyRequest(domain, is_deep=self.is_deep),)

    async def _assess_by(self, surveys: AsyncIterator[Surveyed]) -> None:
        ending = asyncio.Event()
        ticker = asyncio.create_task(self._tick(ending))
        try:
            async for surveyed in surveys:
                await self._take(surveyed)
        finally:
            ending.set()
            try:
                # What is under way ends before the sockets close, also when our reader is gone.
                if isinstance(surveys, AsyncGenerator):
                    await surveys.aclose()
                await ticker
            finally:
                await self._flush()

    async def _without_remembered(self, names: Iterator[str], memory: Memory) -> Iterator[str]:
        """Answer from memory where the last scan is fresh; returns the names that are left."""
        left: list[str] = []
        for domain in names:
            evidence = await memory.remembered(domain)
            if evidence is None:
                left.append(domain)
                continue
            assessment = assess(evidence, self.rulebook, self.clock())
            self.finished += 1
            text = self.intake.take_text(domain)
            await self._show(Outcome(text, evidence, assessment, 0.0, Timing(0.0), is_from_memory=True))
        return iter(left)

    async def _tick(self, ending: asyncio.Event) -> None:
        """Keep the live line fresh and keep back nothing too long while nothing finishes; a single name needs none."""
        while self.expected != 1 and not ending.is_set():
            self.progress.show(self.finished, self.expected)
            if self._pending and self._is_due():
                await self._flush()
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), EVERY_SECONDS)

    async def _take(self, surveyed: Surveyed) -> None:
        evidence = surveyed.evidence
        assessment = assess(evidence, self.rulebook, self.clock())
        text = self.intake.take_text(evidence.domain)
        outcome = Outcome(text, evidence, assessment, surveyed.elapsed_seconds, surveyed.timing)
        self.finished += 1
        for fault in surveyed.faults:
            domain = shown_domain(evidence.domain)
            self.progress.note(self.wording.say("scan.fault", {"domain": domain, "fault": fault}))
        self._say_if_unassessed(outcome)
        self._pending.append(outcome)
        if self._memory is None or self._is_due() or len(self._pending) >= _AT_ONCE:
            await self._flush()

    def _is_due(self) -> bool:
        return time.monotonic() - self._flushed_at > _KEPT_BACK_SECONDS

    async def _flush(self) -> None:
        """Store what is pending, then show it; Ctrl-C waits for that: nobody else has these outcomes any more."""
        pending, self._pending = self._pending, []
        flushing = asyncio.ensure_future(self._store_and_show(pending))
        try:
            await asyncio.shield(flushing)
        except asyncio.CancelledError:
            await flushing
            raise

    async def _store_and_show(self, pending: Sequence[Outcome]) -> None:
        changes = await self._memory.keep(pending) if pending and self._memory is not None else {}
        self._flushed_at = time.monotonic()
        for outcome in pending:
            found = changes.get(outcome.evidence.domain, ())
            await self._show(replace(outcome, changes=found) if found else outcome)

    async def _show(self, outcome: Outcome) -> None:
        await self.view.take(outcome)
        self.shown += 1

    def _say_if_unassessed(self, outcome: Outcome) -> None:
        mx = outcome.evidence.mail.mx
        if isinstance(mx, Unknown):
            self.unassessed += 1
            self.is_cut_off = self.is_cut_off or mx.reason == "network"
            cause = unknown_cause(mx.reason, self.wording)
            domain = shown_domain(outcome.assessment.domain)
            self.progress.note(self.wording.say("scan.not_assessed", {"domain": domain, "why": cause}))

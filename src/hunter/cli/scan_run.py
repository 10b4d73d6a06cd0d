"""One run over many names: look up, judge, show; count what could not be assessed; stop in good order.

In: names, a survey, a rulebook and a view. Out: the exit code. Whatever happens, what is finished is shown.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from hunter.cli.brief import shown_domain
from hunter.cli.exit_codes import FAILED, INTERRUPTED, SUCCESS
from hunter.cli.names import Intake
from hunter.cli.progress import EVERY_SECONDS, Progress
from hunter.cli.views import Outcome, View
from hunter.collectors.survey import Survey, Surveyed
from hunter.core.assessment import assess
from hunter.core.rulebook import Rulebook
from hunter.core.signals import Unknown
from hunter.sales.reason import unknown_cause
from hunter.sales.wording import Wording

#: Opens the survey inside the running loop.
OpenSurvey = Callable[[], AbstractAsyncContextManager[Survey]]


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
    finished: int = 0
    #: Names whose MX could not be read.
    unassessed: int = 0
    #: True once a question could not even be sent.
    is_cut_off: bool = False

    def run(self, open_survey: OpenSurvey, concurrency: int) -> int:
        """Assess all names, so many at a time; returns the exit code."""
        try:
            asyncio.run(self._assess_all(open_survey, concurrency))
        except KeyboardInterrupt:
            self._end(is_interrupted=True)
            said = self.wording.number(self.finished)
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
        async with open_survey() as survey:
            surveys = survey.many(self.intake, concurrency=concurrency)
            ticker = asyncio.create_task(self._tick())
            try:
                async for surveyed in surveys:
                    await self._take(surveyed)
            finally:
                ticker.cancel()
                # What is under way ends before the sockets close, also when our reader is gone.
                if isinstance(surveys, AsyncGenerator):
                    await surveys.aclose()

    async def _tick(self) -> None:
        """Keep the live line fresh while nothing finishes; a single name needs none."""
        while self.expected != 1:
            self.progress.show(self.finished, self.expected)
            await asyncio.sleep(EVERY_SECONDS)

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
        await self.view.take(outcome)

    def _say_if_unassessed(self, outcome: Outcome) -> None:
        mx = outcome.evidence.mail.mx
        if isinstance(mx, Unknown):
            self.unassessed += 1
            self.is_cut_off = self.is_cut_off or mx.reason == "network"
            cause = unknown_cause(mx.reason, self.wording)
            domain = shown_domain(outcome.assessment.domain)
            self.progress.note(self.wording.say("scan.not_assessed", {"domain": domain, "why": cause}))

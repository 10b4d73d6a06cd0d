"""One run over many names as people see it: progress, notes, the view, and the exit code.

In: names, what scans them, and a view. Out: the exit code. Whatever happens, what is finished is shown.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from hunter.cli.brief import shown_domain
from hunter.cli.exit_codes import FAILED, INTERRUPTED, SUCCESS
from hunter.cli.progress import EVERY_SECONDS, Progress
from hunter.cli.views import View
from hunter.core.signals import Unknown
from hunter.sales.reason import unknown_cause
from hunter.sales.wording import Wording
from hunter.services.scan.context import Scanning
from hunter.services.scan.policy import ScanPolicy
from hunter.services.scan.scan_many import Items, scan_many
from hunter.services.scan.shapes import Scanned

#: Opens what scans, inside the running loop.
OpenScanning: TypeAlias = Callable[[], AbstractAsyncContextManager[Scanning]]

#: A single name is ready before a live line could be read.
_SINGLE: Final = 1


class ScanSource(Protocol):
    """Names to scan: those of the command line and of a list, or those of the database."""

    @property
    def accepted(self) -> int:
        """Names handed on, each once."""
        ...

    @property
    def refused(self) -> int:
        """Texts and rows that name no company."""
        ...

    @property
    def repeated(self) -> int:
        """Names that came again."""
        ...

    def items(self) -> Items:
        """Give what is to be scanned, once."""
        ...

    def take_text(self, domain: str) -> str:
        """Return what was handed in for a name, and forget it."""
        ...


def say_not_stored(progress: Progress, wording: Wording, why: str, stored: int = 0) -> None:
    """Say why results are not stored, and how many were before that."""
    words = {"why": why, "stored": wording.number(stored)}
    progress.note(wording.say("scan.rest_not_stored" if stored else "scan.not_stored", words))


@dataclass(slots=True)
class ScanRun:
    """One run; call `run` once."""

    source: ScanSource
    #: How many names there may be; None where nobody knows.
    expected: int | None
    policy: ScanPolicy
    view: View
    progress: Progress
    wording: Wording
    #: Scanned and shown; fewer than scanned where a second Ctrl-C did not wait.
    shown: int = 0
    #: Of those, the ones that are stored and were not before.
    stored: int = 0
    #: Names whose MX could not be read.
    unassessed: int = 0
    #: True once a question could not even be sent.
    is_cut_off: bool = False
    _is_loss_said: bool = False

    def run(self, open_scanning: OpenScanning, concurrency: int) -> int:
        """Scan all names, so many at a time; returns the exit code."""
        try:
            asyncio.run(self._scan_all(open_scanning, concurrency))
        except KeyboardInterrupt:
            self._end(is_interrupted=True)
            said = self.wording.number(self.shown)
            self.progress.note(self.wording.say("scan.interrupted", {"finished": said}))
            return INTERRUPTED
        self._end(is_interrupted=False)
        if self.shown == self.unassessed and (self.unassessed > 1 or self.is_cut_off):
            self.progress.note(self.wording.say("scan.nothing_readable"))
        return FAILED if self.unassessed or self.source.refused else SUCCESS

    def say_summary(self) -> None:
        """Say how many names took how long, and how many lines said the same again."""
        say, number, seconds = self.wording.say, self.wording.number, self.progress.elapsed_seconds
        rate, took = self.wording.decimal(self.shown / seconds), self.wording.decimal(seconds)
        self.progress.note(say("scan.summary", {"finished": number(self.shown), "seconds": took, "rate": rate}))
        if self.source.repeated:
            self.progress.note(say("scan.repeated", {"repeated": number(self.source.repeated)}))

    def _end(self, *, is_interrupted: bool) -> None:
        self.progress.clear()
        self.view.finish(is_interrupted=is_interrupted)

    async def _scan_all(self, open_scanning: OpenScanning, concurrency: int) -> None:
        ending = asyncio.Event()
        async with open_scanning() as scanning:
            ticker = asyncio.create_task(self._tick(ending))
            try:
                await scan_many(scanning, self.source.items(), self.policy, take=self._take, concurrency=concurrency)
            finally:
                ending.set()
                await ticker

    async def _tick(self, ending: asyncio.Event) -> None:
        """Keep the live line fresh."""
        while self.expected != _SINGLE and not ending.is_set():
            self.progress.show(self.shown, self.expected)
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), EVERY_SECONDS)

    async def _take(self, scanned: Scanned) -> None:
        for fault in scanned.faults:
            domain = shown_domain(scanned.domain)
            self.progress.note(self.wording.say("scan.fault", {"domain": domain, "fault": fault}))
        self._say_if_unassessed(scanned)
        self._say_if_lost(scanned)
        await self.view.take(scanned, self.source.take_text(scanned.domain))
        self.shown += 1

    def _say_if_unassessed(self, scanned: Scanned) -> None:
        mx = scanned.evidence.mail.mx
        if isinstance(mx, Unknown) and not scanned.cached:
            self.unassessed += 1
            self.is_cut_off = self.is_cut_off or mx.reason == "network"
            cause = unknown_cause(mx.reason, self.wording)
            domain = shown_domain(scanned.domain)
            self.progress.note(self.wording.say("scan.not_assessed", {"domain": domain, "why": cause}))

    def _say_if_lost(self, scanned: Scanned) -> None:
        """Say once why this and what follows is not stored."""
        if scanned.not_stored is None:
            self.stored += not scanned.cached
        elif not self._is_loss_said:
            self._is_loss_said = True
            say_not_stored(self.progress, self.wording, scanned.not_stored.said, self.stored)

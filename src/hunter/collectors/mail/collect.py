"""The mail collector: a domain name in, what DNS says of its mail out. The door of this folder."""

import asyncio
from collections.abc import Sequence
from typing import Final

from hunter.collectors.mail.answer import UNKNOWN, Answer
from hunter.collectors.mail.flow import TimeBudget
from hunter.collectors.mail.inquiry import Inquiry, all_unknown
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.shared_names import SharedNames
from hunter.core.evidence import MailEvidence
from hunter.core.provider.signatures import Signatures

#: Seconds on the wire for all questions about one domain.
DOMAIN_SECONDS: Final = 10.0


class MailCollector:
    """Collects mail evidence through one resolver; belongs to the loop of that resolver."""

    def __init__(self, resolver: Resolver, signatures: Signatures) -> None:
        self._resolver = resolver
        self._signatures = signatures
        self._shared = SharedNames(resolver)

    async def collect(self, domain: str, *, seconds: float = DOMAIN_SECONDS) -> MailEvidence:
        """Ask about a domain in canonical form; a remote failure is `Unknown`, never an exception.

        `seconds` are those on the wire; waiting for a place in the resolver's window is not counted.
        """
        try:
            inquiry = Inquiry(domain, self._signatures)
        except ValueError:
            return all_unknown("name")
        budget = TimeBudget(seconds)
        first = await self._ask(inquiry.first_questions(), budget, is_one_zone=True)
        evidence = inquiry.receive_first(first)
        return evidence or await self._finish(inquiry, budget)

    async def _finish(self, inquiry: Inquiry, budget: TimeBudget) -> MailEvidence:
        """Ask batch after batch until nothing is left open."""
        while True:
            questions = inquiry.questions()
            missing = self._take_kept(inquiry)
            if missing:
                meanwhile = TimeBudget(budget.left_seconds)
                answers, found = await asyncio.gather(
                    self._resolver.ask(questions, budget), self._shared.look_up(missing, meanwhile)
                )
                budget.left_seconds = min(budget.left_seconds, meanwhile.left_seconds)
                for name, texts in zip(missing, found, strict=True):
                    inquiry.receive_texts(name, texts)
            elif questions:
                answers = await self._ask(questions, budget)
            else:
                return inquiry.evidence()
            inquiry.receive(answers)

    async def _ask(self, questions: Sequence[bytes], budget: TimeBudget, *, is_one_zone: bool = False) -> list[Answer]:
        """Ask together; what failed while its neighbours were answered is asked once more."""
        answers = await self._resolver.ask(questions, budget, is_one_zone=is_one_zone)
        failed = [at for at, answer in enumerate(answers) if answer.state == UNKNOWN]
        if failed and len(failed) < len(answers) and budget.left_seconds > 0:
            repeated = await self._resolver.ask([questions[at] for at in failed], budget)
            for at, answer in zip(failed, repeated, strict=True):
                answers[at] = answer
        return answers

    def _take_kept(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Hand over texts that are kept already, as deep as they lead; returns the names that have to be asked."""
        while names := inquiry.names():
            kept = [(name, texts) for name in names if (texts := self._shared.kept(name)) is not None]
            if not kept:
                return names
            for name, texts in kept:
                inquiry.receive_texts(name, texts)
        return ()

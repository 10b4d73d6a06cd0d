"""Rescore: judge stored evidence again under the present rulebook, without the network.

In: an engine, the rulebook, and how a reason is put in words. Out: how many were judged, and how many came out
otherwise; only those are written. Memory stays flat: evidence is read in the order of the domains, page by page.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.assessment import Assessment, assess
from hunter.core.evidence import Evidence
from hunter.core.rulebook import Rulebook
from hunter.storage.lead_rows import AssessedDomain
from hunter.storage.rejudging import StoredJudgement, judgement_of, read_judgements
from hunter.storage.unit_of_work import UnitOfWork

_PAGE: Final = 1000
#: Domains that are judged before others get their turn.
_TURN: Final = 25

#: Puts the reason of an assessment in words.
Reason = Callable[[Assessment, Evidence], str]


@dataclass(frozen=True, slots=True)
class Rescored:
    """What rescoring came to."""

    judged: int
    #: Judged otherwise than before, and written.
    changed: int
    #: Left as they are: their newest evidence does not say whether they take mail.
    undecided: int


async def rescore(
    engine: AsyncEngine, rulebook: Rulebook, *, as_of: datetime, reason: Reason, say: Callable[[int], None]
) -> Rescored:
    """Judge everything that is stored; `say` is told after each page how many have been judged.

    The next page is read while one is judged. Needs two connections.
    """
    judged, changed, undecided = 0, 0, 0
    page = await _read(engine, "")
    while page:
        async with asyncio.TaskGroup() as both:
            following = both.create_task(_read(engine, page[-1].evidence.domain))
            otherwise, left = await _judged_otherwise(page, rulebook, as_of, reason)
            if otherwise:
                async with UnitOfWork(engine) as unit:
                    changed += len(await unit.leads.rejudge_many(otherwise))
        judged += len(page)
        undecided += left
        say(judged)
        page = following.result()
    return Rescored(judged, changed, undecided)


async def _read(engine: AsyncEngine, after: str) -> list[StoredJudgement]:
    async with UnitOfWork(engine) as unit:
        return await read_judgements(unit.connection, after=after, limit=_PAGE)


async def _judged_otherwise(
    page: list[StoredJudgement], rulebook: Rulebook, as_of: datetime, reason: Reason
) -> tuple[list[AssessedDomain], int]:
    otherwise, undecided = [], 0
    for number, stored in enumerate(page):
        if number % _TURN == 0:
            # Judging never waits by itself, and the page that is being read has to be asked for.
            await asyncio.sleep(0)
        assessment = assess(stored.evidence, rulebook, as_of)
        if assessment.score is None:
            undecided += 1
        elif judgement_of(assessment) != stored.judgement:
            words = reason(assessment, stored.evidence)
            otherwise.append(
                AssessedDomain(stored.evidence, assessment, words, stored.annual_low_eur, stored.annual_high_eur)
            )
    return otherwise, undecided

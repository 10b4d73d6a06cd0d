"""Scan one company for somebody who waits for the answer.

In: a domain that was brought in. Out: its scan with the record that stands afterwards. What stands is read once before
and once under the company's lock; the network is never awaited while a transaction is open.
"""

import asyncio

from hunter.core.assessment import assess
from hunter.services.scan.answer import answer_of
from hunter.services.scan.context import Scanning
from hunter.services.scan.keeping import with_record
from hunter.services.scan.locks import LOOK_SECONDS
from hunter.services.scan.policy import ScanPolicy
from hunter.services.scan.shapes import ScanItem, Scanned
from hunter.storage.leads import NotIngested


async def scan_one(scanning: Scanning, domain: str, policy: ScanPolicy) -> Scanned:
    """Scan a domain in canonical form, or take the last answer where that is what is wished.

    Who finds somebody else's scan under way waits for it and takes its answer. Raises `NotIngested` for a domain that
    nobody brought in, `DatabaseUnavailable` where nothing can be stored.
    """
    began = scanning.clock()
    has_waited = False
    while not await scanning.locks.take([domain]):
        has_waited = True
        await asyncio.sleep(LOOK_SECONDS)
    try:
        since = min(began, scanning.clock() - scanning.fresh)
        stored = (await scanning.memory.recall([domain], answers_since=since)).get(domain)
        if stored is None:
            raise NotIngested(f"{domain} is not ingested")
        item = ScanItem(domain)
        answer = answer_of(scanning, item, policy, stored, waited_since=began if has_waited else None)
        if answer is not None:
            return answer
        if policy.clears_caches:
            await scanning.forget_answers(domain)
        surveyed = await scanning.survey.one(policy.request(domain, stored, began))
        return await _kept(
            scanning,
            Scanned(
                item=item,
                evidence=surveyed.evidence,
                assessment=assess(surveyed.evidence, scanning.rulebook, scanning.clock()),
                elapsed_seconds=surveyed.elapsed_seconds,
                timing=surveyed.timing,
                faults=surveyed.faults,
            ),
        )
    finally:
        await scanning.locks.give_back([domain])


async def _kept(scanning: Scanning, scanned: Scanned) -> Scanned:
    kept = (await scanning.memory.keep([scanned])).get(scanned.domain)
    if kept is None:
        raise NotIngested(f"{scanned.domain} was erased while it was scanned")
    return with_record(scanned, kept)

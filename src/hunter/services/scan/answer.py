"""Whether the last scan of a domain is the answer, and that answer: the verdict that is stored, not a new one."""

from datetime import datetime

from hunter.core.assessment import assess
from hunter.core.stored_verdict import with_stored_verdict
from hunter.services.scan.context import Scanning
from hunter.services.scan.policy import USABLE, ScanPolicy
from hunter.services.scan.shapes import ScanItem, Scanned, StoredScan


def answer_of(
    scanning: Scanning, item: ScanItem, policy: ScanPolicy, stored: StoredScan | None, *, waited_since: datetime | None
) -> Scanned | None:
    """Return the last scan where it is young, could read something, and asked for all that would be asked now.

    Who waited for somebody else's scan takes its answer, whatever the policy says of stored scans.
    """
    if stored is None or stored.evidence is None:
        return None
    evidence, record, now = stored.evidence, stored.record, scanning.clock()
    is_awaited = waited_since is not None and evidence.collected_at >= waited_since
    is_fresh = policy.accepts_stored and now - evidence.collected_at < scanning.fresh
    if not (is_awaited or is_fresh) or not scanning.asked.are_answered_by(evidence, policy):
        return None
    if record.scan_status != USABLE and not (policy.accepts_failures or is_awaited):
        return None
    assessment = with_stored_verdict(assess(evidence, scanning.rulebook, now), record)
    return Scanned(item=item, evidence=evidence, assessment=assessment, record=record, cached=True)

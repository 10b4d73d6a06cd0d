"""Whether the last scan of a domain is the answer, and that answer."""

from hunter.core.assessment import assess
from hunter.services.scan.context import Scanning
from hunter.services.scan.shapes import Remembered, ScanItem, Scanned
from hunter.services.scan.wish import USABLE, ScanWish


def answer_of(scanning: Scanning, item: ScanItem, wish: ScanWish, remembered: Remembered | None) -> Scanned | None:
    """Return the last scan where it is young, could read something, and asked for all that would be asked now."""
    if not wish.takes_remembered or remembered is None or remembered.evidence is None:
        return None
    if remembered.scan_status != USABLE and not wish.takes_failures:
        return None
    evidence, now = remembered.evidence, scanning.clock()
    if now - evidence.collected_at >= scanning.fresh or not scanning.asked.are_answered_by(evidence, wish):
        return None
    assessment = assess(evidence, scanning.rulebook, now)
    return Scanned(item=item, evidence=evidence, assessment=assessment, cached=True)

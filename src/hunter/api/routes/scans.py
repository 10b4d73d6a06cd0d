"""Scans: one company now, or once more with all that has changed."""

from typing import Annotated, Final

from fastapi import Query

from hunter.api.endpoint import Endpoint, link
from hunter.api.schemas.scans import ChangeAnswer, RescanAnswer, ScanAnswer, ScanBody, scan_answer
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import DomainInPath, ScanContext
from hunter.edge.guards import RouteGuard
from hunter.services.names import canonical
from hunter.services.scan.policy import BY_HAND, FRESH
from hunter.services.scan.scan_one import scan_one

Fresh = Annotated[bool, Query(description="Scan now, even if the last scan is less than an hour old", examples=[False])]
#: Kinds of changes that speak of the score; all others speak of signals.
_OF_SCORE: Final = frozenset({"score_changed", "priority_score_changed", "segment_changed"})


async def scan_company(body: ScanBody, scanning: ScanContext, fresh: Fresh = False) -> ScanAnswer:
    """Scan a known company; a scan of the last hour is returned instead, unless `fresh` is set."""
    scanned = await scan_one(scanning, canonical(body.domain), FRESH if fresh else BY_HAND)
    return scan_answer(scanned)


async def rescan_one(domain: DomainInPath, scanning: ScanContext) -> RescanAnswer:
    """Scan a company again regardless of earlier scans, and return the changes."""
    scanned = await scan_one(scanning, domain, FRESH)
    changes = [ChangeAnswer(kind=change.kind, old=change.old, new=change.new) for change in scanned.changes]
    of_score = sum(change.kind in _OF_SCORE for change in changes)
    return RescanAnswer(
        domain=domain,
        success=True,
        changes_detected=bool(changes),
        signal_changes=len(changes) - of_score,
        score_changes=of_score,
        alerts_created=0,
        changes=changes,
        result=scan_answer(scanned),
        error=None,
    )


ENDPOINTS: Final = (
    Endpoint(
        method="POST",
        path="/scan/domain",
        handler=scan_company,
        guard=RouteGuard.INTERNAL,
        tag="scans",
        summary="Scan a company",
        answer=ScanAnswer,
        links={
            name: link(operation, parameters={"domain": "$response.body#/domain"})
            for name, operation in (
                ("lead", "get_lead"),
                ("score", "score_breakdown"),
                ("size", "change_size"),
                ("contacts", "enrich_lead"),
                ("tags", "list_tags"),
                ("again", "rescan_one"),
            )
        },
        refusals=(404, 503),
    ),
    Endpoint(
        method="POST",
        path="/scan/{domain}/rescan",
        handler=rescan_one,
        guard=RouteGuard.INTERNAL,
        takes=BodyType.NONE,
        tag="scans",
        summary="Rescan a company and report changes",
        answer=RescanAnswer,
        refusals=(400, 404, 503),
    ),
)

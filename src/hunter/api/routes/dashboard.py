"""Dashboard: counts over all scored leads."""

from typing import Final

from hunter.api.endpoint import Endpoint
from hunter.api.schemas.dashboard import Dashboard, Kpis
from hunter.edge.dependencies import LeadContext
from hunter.edge.guards import RouteGuard
from hunter.services.leads import read_totals


async def dashboard(reading: LeadContext) -> Dashboard:
    """Count leads by segment."""
    return Dashboard.model_validate(await read_totals(reading))


async def kpis(reading: LeadContext) -> Kpis:
    """Return the key figures of the dashboard."""
    totals = await read_totals(reading)
    return Kpis(
        total_leads=totals.total_leads,
        migration_leads=totals.migration,
        high_priority=totals.high_priority,
        max_score=totals.max_score,
        pc_referrals=totals.pc_referrals,
        d365_synced=totals.d365_synced,
    )


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/dashboard",
        handler=dashboard,
        guard=RouteGuard.INTERNAL,
        tag="dashboard",
        summary="Lead counts by segment",
        answer=Dashboard,
        refusals=(503,),
    ),
    Endpoint(
        method="GET",
        path="/dashboard/kpis",
        handler=kpis,
        guard=RouteGuard.INTERNAL,
        tag="dashboard",
        summary="Key figures",
        answer=Kpis,
        refusals=(503,),
    ),
)

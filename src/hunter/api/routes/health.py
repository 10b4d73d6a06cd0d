"""Health: alive, ready, started, an overview, and what was counted."""

from typing import Final

from fastapi import Request, Response

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.health import Alive, HealthOverview, MetricsAnswer, Readiness
from hunter.edge.accept import is_rather
from hunter.edge.dependencies import OperationsContext
from hunter.edge.guards import RouteGuard, authentication_of, is_admin_request
from hunter.services.operations import FAILED, is_ready, rescan_section, run_checks

_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


async def live() -> Alive:
    """Report that the process responds; no dependency is checked, and every host name is accepted."""
    return Alive()


async def ready(request: Request, response: Response, operations: OperationsContext) -> Readiness:
    """Report whether database and Redis are reachable; 503 names what fails, or that the server is shutting down."""
    words = await run_checks(operations.checks)
    if request.app.state.lifecycle.is_closing:
        return _readiness(response, "closing", words)
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def startup(response: Response, operations: OperationsContext) -> Readiness:
    """Readiness, and whether the database schema is up to date and the rules are loaded."""
    words = await run_checks({**operations.checks, **operations.startup_checks})
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def health(operations: OperationsContext) -> HealthOverview:
    """Return the state of all components; the status is always 200."""
    words = await run_checks(operations.checks)
    return HealthOverview(
        status="ok" if is_ready(words) else "degraded",
        database=words.get("database", FAILED),
        redis=words.get("redis", FAILED),
        environment=operations.environment,
        enrichment_enabled=operations.is_enrichment_enabled,
        partner_center_enabled=operations.is_partner_center_enabled,
        d365_enabled=operations.is_d365_enabled,
        version=operations.version,
    )


async def metrics(request: Request, operations: OperationsContext) -> Response:
    """Return metrics as JSON, or for Prometheus with `Accept: text/plain`; domains are shown to the admin only."""
    if is_rather("text/plain", "application/json", request.headers.getlist("accept")):
        return Response(operations.metrics.prometheus(), media_type=_PROMETHEUS)
    is_admin = is_admin_request(authentication_of(request.scope), request.scope)
    counted = {
        **operations.metrics.sections(with_domains=is_admin),
        **await operations.shared_sections(),
        "rescan": await rescan_section(operations),
    }
    answer = MetricsAnswer.model_validate(counted)
    hidden = {} if is_admin else {"deprecated_endpoints": {"calls_by_domain", "top_domains"}}
    return Response(answer.model_dump_json(exclude=hidden), media_type="application/json")


def _readiness(response: Response, status: str, words: dict[str, str]) -> Readiness:
    if status != "ready":
        response.status_code = 503
    return Readiness(status=status, checks=words)


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/healthz/live",
        handler=live,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Liveness probe",
        answer=Alive,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/ready",
        handler=ready,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Readiness probe",
        answer=Readiness,
        served=Served.PLAIN,
        also={503: Readiness},
    ),
    Endpoint(
        method="GET",
        path="/healthz/startup",
        handler=startup,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Startup probe",
        answer=Readiness,
        served=Served.PLAIN,
        also={503: Readiness},
    ),
    Endpoint(
        method="GET",
        path="/healthz",
        handler=health,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Health overview",
        answer=HealthOverview,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/metrics",
        handler=metrics,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Metrics",
        answer=MetricsAnswer,
        served=Served.PLAIN,
        media_types=("text/plain",),
    ),
)

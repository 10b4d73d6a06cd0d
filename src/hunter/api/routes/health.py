"""Health: alive, ready, started, an overview, and what was counted."""

from typing import Final

from fastapi import Request, Response

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.health import Alive, Health, MetricsAnswer, Readiness
from hunter.edge.accept import is_rather
from hunter.edge.dependencies import OperationsContext
from hunter.edge.guards import RouteGuard, authentication_of, is_admin_request
from hunter.services.operations import FAILED, is_ready, rescan_section, run_checks

_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


async def live() -> Alive:
    """Say that the process answers; nothing else is touched, and the answer is given under every host name."""
    return Alive()


async def ready(request: Request, response: Response, operations: OperationsContext) -> Readiness:
    """Say whether database and broker can be reached; 503 names what cannot, and says when the server is closing."""
    words = await run_checks(operations.checks)
    if request.app.state.lifecycle.is_closing:
        return _readiness(response, "closing", words)
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def startup(response: Response, operations: OperationsContext) -> Readiness:
    """Say the same, and whether the schema is up to date and the rules are loaded."""
    words = await run_checks({**operations.checks, **operations.startup_checks})
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def health(operations: OperationsContext) -> Health:
    """Give an overview; always 200."""
    words = await run_checks(operations.checks)
    return Health(
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
    """Tell what was counted, as JSON or, asked by `Accept: text/plain`, for Prometheus; domains to the admin only."""
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
        summary="Is the process alive?",
        answer=Alive,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/ready",
        handler=ready,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="Can it do its work now?",
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
        summary="Is it ready, with schema and rules in place?",
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
        summary="An overview, always given",
        answer=Health,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/metrics",
        handler=metrics,
        guard=RouteGuard.INTERNAL,
        tag="health",
        summary="What was counted",
        answer=MetricsAnswer,
        served=Served.PLAIN,
        media_types=("text/plain",),
    ),
)

"""Health: alive, ready, started, an overview, and what was counted."""

from typing import Final

from fastapi import Request, Response

from hunter.api.endpoint import Endpoint, Served
from hunter.api.parts import Application
from hunter.api.schemas.health import Alive, Health, MetricsAnswer, Readiness
from hunter.edge.accept import is_rather
from hunter.edge.guards import Guard, gate_of, is_admin_request
from hunter.services.read_rescan import rescan_section
from hunter.services.readiness import FAILED, is_ready, run_checks

_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


async def live() -> Alive:
    """Say that the process answers; nothing else is touched, and the answer is given under every host name."""
    return Alive()


async def ready(request: Request, response: Response, hunter: Application) -> Readiness:
    """Say whether database and broker can be reached; 503 names what cannot, and says when the server is closing."""
    words = await run_checks(hunter.checks)
    if request.app.state.lifecycle.is_closing:
        return _readiness(response, "closing", words)
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def startup(response: Response, hunter: Application) -> Readiness:
    """Say the same, and whether the schema is up to date and the rules are loaded."""
    words = await run_checks({**hunter.checks, **hunter.startup_checks})
    return _readiness(response, "ready" if is_ready(words) else "not_ready", words)


async def health(hunter: Application) -> Health:
    """Give an overview; always 200."""
    words = await run_checks(hunter.checks)
    return Health(
        status="ok" if is_ready(words) else "degraded",
        database=words.get("database", FAILED),
        redis=words.get("redis", FAILED),
        environment=hunter.environment,
        enrichment_enabled=hunter.address_enrichment is not None,
        partner_center_enabled=hunter.is_partner_center_enabled,
        d365_enabled=hunter.is_d365_enabled,
        version=hunter.version,
    )


async def metrics(request: Request, hunter: Application) -> Response:
    """Tell what was counted, as JSON or, asked by `Accept: text/plain`, for Prometheus; domains to the admin only."""
    if is_rather("text/plain", "application/json", request.headers.getlist("accept")):
        return Response(hunter.metrics.prometheus(), media_type=_PROMETHEUS)
    is_admin = is_admin_request(gate_of(request.scope), request.scope)
    counted = {
        **hunter.metrics.sections(with_domains=is_admin),
        **await hunter.shared_sections(),
        "rescan": await rescan_section(hunter),
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
        guard=Guard.INTERNAL,
        tag="health",
        summary="Is the process alive?",
        answer=Alive,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/ready",
        handler=ready,
        guard=Guard.INTERNAL,
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
        guard=Guard.INTERNAL,
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
        guard=Guard.INTERNAL,
        tag="health",
        summary="An overview, always given",
        answer=Health,
        served=Served.PLAIN,
    ),
    Endpoint(
        method="GET",
        path="/healthz/metrics",
        handler=metrics,
        guard=Guard.INTERNAL,
        tag="health",
        summary="What was counted",
        answer=MetricsAnswer,
        served=Served.PLAIN,
        media_types=("text/plain",),
    ),
)

"""The router: every table of endpoints, mounted under `/api/v1` and, by the same handlers, without it.

In: an application. Out: its routes, each with the guard that its row declares. Static paths are mounted before those
with parameters, whatever table they stand in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from hunter.api.endpoint import Endpoint, Served
from hunter.api.routes import (
    admin,
    companies,
    dashboard,
    debug,
    documentation,
    emails,
    exports,
    health,
    ingest,
    leads,
    retired,
    root,
    scans,
)
from hunter.api.schemas.problems import Gone, Problem, Unprocessable
from hunter.edge.access_middleware import SAFE_METHODS
from hunter.edge.body_types import BodyType
from hunter.edge.guards import GuardedRoute, RouteGuard

VERSION_PREFIX: Final = "/api/v1"

TABLES: Final[tuple[tuple[Endpoint, ...], ...]] = (
    root.ENDPOINTS,
    health.ENDPOINTS,
    documentation.ENDPOINTS,
    exports.ENDPOINTS,
    leads.ENDPOINTS,
    retired.ENDPOINTS,
    companies.ENDPOINTS,
    dashboard.ENDPOINTS,
    emails.ENDPOINTS,
    ingest.ENDPOINTS,
    scans.ENDPOINTS,
    admin.ENDPOINTS,
    debug.ENDPOINTS,
)

#: What a status means, for the document.
MEANINGS: Final = {
    307: "Clients that prefer HTML are redirected to the pages",
    400: "Bad request: the input cannot be used",
    401: "The API key is missing, unknown or inactive",
    403: "Client network not allowed, cross-site request, or admin token missing or wrong",
    404: "Not found; for companies `code` tells unknown from never scanned",
    409: "Conflicts with existing data",
    410: "Moved to Dynamics 365",
    413: "The body is too large",
    415: "Unsupported media type",
    421: "Host name not allowed",
    422: "Validation failed, or the page number is too high",
    429: "Too many requests; see `Retry-After`",
    500: "Unexpected error",
    503: "Database unavailable or too slow; see `Retry-After`",
}
_OF_ALL: Final = (403, 421, 422, 500)
_READ: Final = frozenset({400, 413, 415})
#: By what a route takes as its body.
_OF_BODIES: Final[Mapping[BodyType, frozenset[int]]] = {
    BodyType.JSON: _READ,
    BodyType.FORM: _READ,
    BodyType.FILES: _READ,
    BodyType.NONE: frozenset({415}),
    BodyType.IGNORED: frozenset(),
}
_RETRY: Final = {
    "Retry-After": {"description": "Seconds to wait before the next request", "schema": {"type": "integer"}}
}


@dataclass(frozen=True, slots=True)
class Mounted:
    """An endpoint under one of its paths."""

    path: str
    endpoint: Endpoint
    is_legacy: bool


def mounted() -> tuple[Mounted, ...]:
    """List every operation with its full path: parameters last, so that no static path is taken for one."""
    rows = [mount for table in TABLES for endpoint in table for mount in _paths(endpoint)]
    return tuple(sorted(rows, key=lambda row: [part.startswith("{") for part in row.path.split("/")]))


def _paths(endpoint: Endpoint) -> Iterator[Mounted]:
    match endpoint.served:
        case Served.PLAIN:
            yield Mounted(endpoint.path, endpoint, is_legacy=False)
        case Served.V1:
            yield Mounted(VERSION_PREFIX + endpoint.path, endpoint, is_legacy=False)
        case Served.BOTH:
            yield Mounted(VERSION_PREFIX + endpoint.path, endpoint, is_legacy=False)
            yield Mounted(endpoint.path, endpoint, is_legacy=True)


def mount_all(app: FastAPI) -> None:
    """Give an application all routes."""
    for row in mounted():
        mount(app, row)


def mount(app: FastAPI, row: Mounted) -> None:
    """Give an application one route with its guard."""
    endpoint = row.endpoint
    app.router.add_api_route(
        row.path,
        endpoint.handler,
        methods=[endpoint.method],
        response_model=endpoint.answer,
        response_class=Response if endpoint.answer is None else JSONResponse,
        status_code=endpoint.status,
        responses=_responses(endpoint),
        tags=[endpoint.tag],
        summary=endpoint.summary,
        deprecated=row.is_legacy or None,
        operation_id=operation_id(row),
        include_in_schema=endpoint.is_in_schema,
        openapi_extra=_extra(endpoint),
        route_class_override=GuardedRoute,
    )
    route = app.router.routes[-1]
    assert isinstance(route, GuardedRoute)
    route.declare(endpoint.guard, endpoint.takes, is_legacy=row.is_legacy)


def operation_id(row: Mounted) -> str:
    """Return the name of an operation for generated clients; it never changes."""
    name = row.endpoint.handler.__name__
    return f"{name}_legacy" if row.is_legacy else name


def _responses(endpoint: Endpoint) -> dict[int | str, dict[str, Any]]:
    statuses = {*_OF_ALL, *endpoint.refusals}
    if endpoint.method not in SAFE_METHODS:
        statuses |= _OF_BODIES[endpoint.takes]
    found: dict[int | str, dict[str, Any]] = {status: _refusal(status) for status in sorted(statuses)}
    success: dict[str, Any] = {"description": endpoint.summary}
    if endpoint.media_types:
        success["content"] = {kind: {"schema": _text_schema(kind)} for kind in endpoint.media_types}
    success["headers"] = {
        "X-Request-ID": {"description": "Request id", "schema": {"type": "string", "format": "uuid"}},
        **{name: {"description": text, "schema": {"type": "string"}} for name, text in endpoint.headers.items()},
    }
    if endpoint.links:
        success["links"] = {name: dict(described) for name, described in endpoint.links.items()}
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": MEANINGS[status], **({"model": model} if model is not None else {})}
        for status, model in endpoint.also.items()
    }
    return {endpoint.status: success, **found, **answers}


def _text_schema(kind: str) -> dict[str, str]:
    return {"type": "string"} if kind.startswith("text/") else {"type": "string", "format": "binary"}


def _refusal(status: int) -> dict[str, Any]:
    model = {410: Gone, 422: Unprocessable}.get(status, Problem)
    headers = _RETRY if status in (429, 503) else {}
    return {"model": model, "description": MEANINGS[status], "headers": headers}


def _extra(endpoint: Endpoint) -> dict[str, Any]:
    """Say in the document what the guard asks for."""
    match endpoint.guard:
        case RouteGuard.ADMIN:
            return {"security": [{"AdminToken": []}]}
        case RouteGuard.API_KEY:
            return {"security": [{"ApiKey": []}]}
        case _:
            return {"security": []}

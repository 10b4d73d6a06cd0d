"""The root: what this is, and where to turn to. A browser is led on to the pages."""

from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.root import Root, Support
from hunter.edge.accept import is_rather
from hunter.edge.dependencies import CatalogueContext, OperationsContext
from hunter.edge.guards import RouteGuard


async def root(request: Request, operations: OperationsContext) -> Response:
    """Return name, version and documentation path; clients that prefer HTML are redirected to the pages."""
    if is_rather("text/html", "application/json", request.headers.getlist("accept")):
        return RedirectResponse(request.app.state.pages_path, status_code=307)
    answer = Root(name="Hunter", version=operations.version, docs="/docs", api="/api/v1")
    return Response(answer.model_dump_json(), media_type="application/json")


async def support(operations: OperationsContext, catalogues: CatalogueContext) -> Support:
    """Return the support contact."""
    return Support(
        message=catalogues.default.gettext("api.support"),
        documentation="/docs",
        api_version="v1",
        contact=operations.support_contact,
    )


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/",
        handler=root,
        guard=RouteGuard.INTERNAL,
        tag="about",
        summary="Service information",
        answer=Root,
        served=Served.PLAIN,
        also={307: None},
    ),
    Endpoint(
        method="GET",
        path="/support",
        handler=support,
        guard=RouteGuard.INTERNAL,
        tag="about",
        summary="Support contact",
        answer=Support,
        served=Served.PLAIN,
    ),
)

"""Documentation: the OpenAPI document, a page of it, and the guide for those who used notes, tags and favourites.

Pages carry no script and ask no other host; their security policy forbids both.
"""

from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from hunter.api.endpoint import Endpoint, Served
from hunter.api.reference_page import render_reference
from hunter.edge.guards import RouteGuard

GUIDE_PATH: Final = "/docs/migration/notes-to-dynamics"
_PAGES: Final = Path(__file__).parents[1] / "pages"
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


async def openapi_document(request: Request) -> JSONResponse:
    """Give the description of this API for programs (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


async def reference(request: Request) -> HTMLResponse:
    """Show the description of this API as a page."""
    return HTMLResponse(render_reference(request.app.openapi()), headers=PAGE_HEADERS)


async def style() -> Response:
    """Give the style of these pages."""
    return Response((_PAGES / "style.css").read_text(encoding="utf-8"), media_type="text/css", headers=PAGE_HEADERS)


async def notes_guide() -> HTMLResponse:
    """Migration guide, in Turkish and English: notes, tags and favourites moved to Dynamics 365."""
    return HTMLResponse((_PAGES / "notes_to_dynamics.html").read_text(encoding="utf-8"), headers=PAGE_HEADERS)


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/openapi.json",
        handler=openapi_document,
        guard=RouteGuard.INTERNAL,
        tag="documentation",
        summary="OpenAPI document",
        served=Served.PLAIN,
        media_types=("application/json",),
        is_in_schema=False,
    ),
    Endpoint(
        method="GET",
        path="/docs",
        handler=reference,
        guard=RouteGuard.DOCUMENTATION,
        tag="documentation",
        summary="API reference page",
        served=Served.PLAIN,
        is_in_schema=False,
    ),
    Endpoint(
        method="GET",
        path="/docs/style.css",
        handler=style,
        guard=RouteGuard.INTERNAL,
        tag="documentation",
        summary="Stylesheet",
        served=Served.PLAIN,
        is_in_schema=False,
    ),
    Endpoint(
        method="GET",
        path=GUIDE_PATH,
        handler=notes_guide,
        guard=RouteGuard.INTERNAL,
        tag="documentation",
        summary="Migration guide for notes, tags and favourites",
        served=Served.PLAIN,
        media_types=("text/html",),
    ),
)

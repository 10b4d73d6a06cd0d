"""Retired: what has moved to Dynamics 365. Always 410, whatever the body says; every call is counted."""

from typing import Annotated, Final

from fastapi import Path, Request
from fastapi.responses import JSONResponse

from hunter.api.endpoint import Endpoint
from hunter.api.parts import Application
from hunter.api.problems import request_id_in
from hunter.api.routes.documentation import GUIDE_PATH
from hunter.api.schemas.problems import Gone
from hunter.core.domain_name import normalise_domain
from hunter.edge.guards import Guard
from hunter.edge.request_context import ERROR_CODE
from hunter.services import application

_GONE: Final = 410
_CODE: Final = "gone"

Domain = Annotated[str, Path(description="The company's domain name", examples=["ornek-gida.example"])]
Number = Annotated[str, Path(description="Number of the entry", examples=["4"])]


async def add_note(request: Request, domain: Domain, hunter: Application) -> JSONResponse:
    """Notes are written in Dynamics 365."""
    return _gone(request, hunter, domain, what="note")


async def change_note(request: Request, domain: Domain, note_id: Number, hunter: Application) -> JSONResponse:
    """Notes are changed in Dynamics 365."""
    return _gone(request, hunter, domain, what="note")


async def delete_note(request: Request, domain: Domain, note_id: Number, hunter: Application) -> JSONResponse:
    """Notes are deleted in Dynamics 365."""
    return _gone(request, hunter, domain, what="note")


async def add_tag(request: Request, domain: Domain, hunter: Application) -> JSONResponse:
    """Tags of one's own are kept in Dynamics 365; automatic ones stay here."""
    return _gone(request, hunter, domain, what="tag")


async def delete_tag(request: Request, domain: Domain, tag_id: Number, hunter: Application) -> JSONResponse:
    """Tags of one's own are kept in Dynamics 365; automatic ones stay here."""
    return _gone(request, hunter, domain, what="tag")


async def add_favorite(request: Request, domain: Domain, hunter: Application) -> JSONResponse:
    """Records are followed in Dynamics 365."""
    return _gone(request, hunter, domain, what="favorite")


async def delete_favorite(request: Request, domain: Domain, hunter: Application) -> JSONResponse:
    """Records are followed in Dynamics 365."""
    return _gone(request, hunter, domain, what="favorite")


def _gone(request: Request, hunter: application.Application, domain: str, *, what: str) -> JSONResponse:
    request.scope[ERROR_CODE] = _CODE
    hunter.metrics.count_deprecated(f"{request.method} {request.scope['route'].path}", normalise_domain(domain) or None)
    say = hunter.catalogue.gettext
    moved = {part: say(f"gone.{what}_{part}") for part in ("error", "reason", "alternative")}
    body = {
        "detail": {**moved, "migration_guide": GUIDE_PATH},
        "code": _CODE,
        "request_id": request_id_in(request.scope),
    }
    return JSONResponse(body, _GONE)


def _retired(method: str, path: str, handler: object, summary: str) -> Endpoint:
    if not callable(handler):
        raise TypeError(f"{method} {path} has no handler")
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        guard=Guard.INTERNAL,
        tag="retired",
        summary=summary,
        answer=Gone,
        status=_GONE,
    )


ENDPOINTS: Final = (
    _retired("POST", "/leads/{domain}/notes", add_note, "Notes are written in Dynamics 365"),
    _retired("PUT", "/leads/{domain}/notes/{note_id}", change_note, "Notes are changed in Dynamics 365"),
    _retired("DELETE", "/leads/{domain}/notes/{note_id}", delete_note, "Notes are deleted in Dynamics 365"),
    _retired("POST", "/leads/{domain}/tags", add_tag, "Tags are kept in Dynamics 365"),
    _retired("DELETE", "/leads/{domain}/tags/{tag_id}", delete_tag, "Tags are kept in Dynamics 365"),
    _retired("POST", "/leads/{domain}/favorite", add_favorite, "Records are followed in Dynamics 365"),
    _retired("DELETE", "/leads/{domain}/favorite", delete_favorite, "Records are followed in Dynamics 365"),
)

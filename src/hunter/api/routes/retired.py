"""Retired: what has moved to Dynamics 365. Always 410, whatever the body says; every call is counted."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Path, Request
from fastapi.responses import JSONResponse

from hunter.api.endpoint import Endpoint
from hunter.api.routes.documentation import GUIDE_PATH
from hunter.api.schemas.problems import Gone
from hunter.core.names.domain_name import normalise_domain
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import CatalogueContext, OperationsContext
from hunter.edge.guards import RouteGuard
from hunter.edge.request_context import ERROR_CODE, request_id_in

_GONE: Final = 410
_CODE: Final = "gone"

Domain = Annotated[str, Path(description="The company's domain name", examples=["ornek-gida.example"])]
Number = Annotated[str, Path(description="Id of the entry", examples=["4"])]


async def _gone(
    request: Request, operations: OperationsContext, catalogues: CatalogueContext
) -> Callable[[str, str], JSONResponse]:
    """Return what counts a call for a domain and writes where its function went."""
    say = catalogues.default.gettext

    def answer(what: str, domain: str) -> JSONResponse:
        request.scope[ERROR_CODE] = _CODE
        called = f"{request.method} {request.scope['route'].path}"
        operations.metrics.count_deprecated(called, normalise_domain(domain) or None)
        moved = {part: say(f"gone.{what}_{part}") for part in ("error", "reason", "alternative")}
        body = {
            "detail": {**moved, "migration_guide": GUIDE_PATH},
            "code": _CODE,
            "request_id": request_id_in(request.scope),
        }
        return JSONResponse(body, _GONE)

    return answer


GoneAnswer = Annotated[Callable[[str, str], JSONResponse], Depends(_gone)]


async def add_note(domain: Domain, gone: GoneAnswer) -> JSONResponse:
    """Notes are written in Dynamics 365."""
    return gone("note", domain)


async def change_note(domain: Domain, note_id: Number, gone: GoneAnswer) -> JSONResponse:
    """Notes are changed in Dynamics 365."""
    return gone("note", domain)


async def delete_note(domain: Domain, note_id: Number, gone: GoneAnswer) -> JSONResponse:
    """Notes are deleted in Dynamics 365."""
    return gone("note", domain)


async def add_tag(domain: Domain, gone: GoneAnswer) -> JSONResponse:
    """User tags are kept in Dynamics 365; automatic tags remain here."""
    return gone("tag", domain)


async def delete_tag(domain: Domain, tag_id: Number, gone: GoneAnswer) -> JSONResponse:
    """User tags are kept in Dynamics 365; automatic tags remain here."""
    return gone("tag", domain)


async def add_favorite(domain: Domain, gone: GoneAnswer) -> JSONResponse:
    """Records are followed in Dynamics 365."""
    return gone("favorite", domain)


async def delete_favorite(domain: Domain, gone: GoneAnswer) -> JSONResponse:
    """Records are followed in Dynamics 365."""
    return gone("favorite", domain)


def _retired(method: str, path: str, handler: object, summary: str) -> Endpoint:
    if not callable(handler):
        raise TypeError(f"{method} {path} has no handler")
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        guard=RouteGuard.INTERNAL,
        takes=BodyType.IGNORED,
        tag="retired",
        summary=summary,
        answer=Gone,
        status=_GONE,
    )


ENDPOINTS: Final = (
    _retired("POST", "/leads/{domain}/notes", add_note, "Create a note (moved to Dynamics 365)"),
    _retired("PUT", "/leads/{domain}/notes/{note_id}", change_note, "Change a note (moved to Dynamics 365)"),
    _retired("DELETE", "/leads/{domain}/notes/{note_id}", delete_note, "Delete a note (moved to Dynamics 365)"),
    _retired("POST", "/leads/{domain}/tags", add_tag, "Create a tag (moved to Dynamics 365)"),
    _retired("DELETE", "/leads/{domain}/tags/{tag_id}", delete_tag, "Delete a tag (moved to Dynamics 365)"),
    _retired("POST", "/leads/{domain}/favorite", add_favorite, "Add a favourite (moved to Dynamics 365)"),
    _retired("DELETE", "/leads/{domain}/favorite", delete_favorite, "Remove a favourite (moved to Dynamics 365)"),
)

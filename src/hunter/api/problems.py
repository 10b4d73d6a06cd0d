"""Errors on the wire: what the edge says of an error, in the one JSON form of the API (`schemas/problems`)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from hunter.edge.problems import ProblemDetails
from hunter.edge.request_context import request_id_in

_UNPROCESSABLE: Final = 422


def write_problem(scope: Scope, details: ProblemDetails) -> Response:
    """Write an error as JSON, with the id of its request."""
    request_id = request_id_in(scope)
    body: dict[str, Any] = {"detail": details.sentence, "code": details.code, "request_id": request_id}
    if details.status == _UNPROCESSABLE:
        body["errors"] = [{"field": field.place, "problem": field.code} for field in details.fields]
        body["after"] = details.after
    return JSONResponse(body, details.status, headers={**details.headers, "X-Request-ID": request_id})

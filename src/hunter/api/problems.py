"""Errors become answers here, and only here: status, stable code, a sentence from the catalogue, the request id.

In: an error of ours, of FastAPI's, or one that nobody foresaw. Out: a response that never carries an exception's text.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from hunter.core.errors import Conflict, HunterError, InvalidInput, NotFound, Unavailable
from hunter.edge.refusals import BodyTooLarge, Closing, ForeignHost, NotJSON, Refused
from hunter.edge.request_context import ERROR_CODE, REQUEST_ID
from hunter.observability.tracking import Component, Severity, report_error
from hunter.sales.wording import Catalogue
from hunter.services.errors import KeyMissing, KeyRefused, OverRate, RefusedDelivery
from hunter.storage.lead_index.query import BadCursor, PageTooDeep

#: Status by kind of error; the first that fits, so the special ones stand before the general.
STATUSES: Final[tuple[tuple[type[HunterError], int], ...]] = (
    (PageTooDeep, 422),
    (BadCursor, 422),
    (KeyMissing, 401),
    (KeyRefused, 401),
    (RefusedDelivery, 422),
    (OverRate, 429),
    (ForeignHost, 421),
    (NotJSON, 415),
    (BodyTooLarge, 413),
    (Closing, 503),
    (Refused, 403),
    (InvalidInput, 400),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
_UNEXPECTED: Final = 500
_NO_SUCH_METHOD: Final = 405
#: Codes of answers that no error of ours stands behind.
STATUS_CODES: Final[Mapping[int, str]] = {
    400: "bad_request",
    404: "no_such_path",
    405: "method_not_allowed",
    500: "unexpected",
}
#: Codes by which the database says that it cannot serve now.
DATABASE_CODES: Final = frozenset({"database_unavailable", "read_timeout", "storage_full", "write_contended"})
_TRY_AGAIN_SECONDS: Final = 5


class Problems:
    """Writes errors as responses, in the words of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def answer(self, error: HunterError, request_id: str) -> Response:
        """Write an error of ours."""
        status, code = status_of(error), code_of(error)
        body: dict[str, Any] = {"detail": self._sentence(code, error), "code": code, "request_id": request_id}
        if status == 422:
            body |= {"errors": [], "after": error.after if isinstance(error, PageTooDeep) else None}
        return JSONResponse(body, status, headers=_headers(error, request_id))

    def invalid(self, error: RequestValidationError, request_id: str) -> Response:
        """Write which fields cannot be used, never what stood in them."""
        fields = [{"field": _field(one), "problem": str(one["type"])} for one in error.errors()]
        names = ", ".join(dict.fromkeys(str(field["field"]).rpartition(".")[2] for field in fields))
        detail = self._catalogue.gettext("problem.validation").format_map({"fields": names})
        body = {"detail": detail, "code": "validation", "request_id": request_id, "errors": fields, "after": None}
        return JSONResponse(body, 422, headers={"X-Request-ID": request_id})

    def by_status(self, error: HTTPException, request_id: str) -> Response:
        """Write an error that the framework found, such as a path that nobody serves."""
        code = STATUS_CODES.get(error.status_code, STATUS_CODES[400])
        body = {"detail": self._catalogue.gettext(f"problem.{code}"), "code": code, "request_id": request_id}
        return JSONResponse(body, error.status_code, headers={**(error.headers or {}), "X-Request-ID": request_id})

    def unexpected(self, request_id: str) -> Response:
        """Write that something went wrong which nobody foresaw."""
        code = STATUS_CODES[_UNEXPECTED]
        detail = self._catalogue.gettext(f"problem.{code}")
        body = {"detail": detail, "code": code, "request_id": request_id}
        return JSONResponse(body, _UNEXPECTED, headers={"X-Request-ID": request_id})

    def _sentence(self, code: str, error: HunterError) -> str:
        """Return the words for a code; a code without words of its own takes those of its kind."""
        for known in (code, *(kind.code for kind in type(error).__mro__ if issubclass(kind, HunterError))):
            sentence = self._catalogue.gettext(f"problem.{known.lower()}")
            if sentence != f"problem.{known.lower()}":
                return sentence
        return self._catalogue.gettext("problem.unexpected")


def _field(one: Mapping[str, Any]) -> str:
    """Name the field of a mistake; what is no JSON has none, only a place."""
    place = one["loc"][:1] if one["type"] == "json_invalid" else one["loc"][:2]
    return ".".join(map(str, place))


def status_of(error: HunterError) -> int:
    """Return the HTTP status of an error of ours; one that has none is our own fault."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), _UNEXPECTED)


def code_of(error: HunterError) -> str:
    """Return the code of an error of ours as it is answered and logged."""
    return error.code if status_of(error) != _UNEXPECTED else STATUS_CODES[_UNEXPECTED]


def request_id_in(scope: Scope) -> str:
    """Return the id that the outermost layer gave to a request."""
    return str(scope.get(REQUEST_ID, ""))


def install_problems(app: FastAPI, problems: Problems) -> None:
    """Let an application answer every error in our form."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, HunterError)
        return _noted(request, error, problems)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        request.scope[ERROR_CODE] = "validation"
        return problems.invalid(error, request_id_in(request.scope))

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        # The framework wraps what happens while it reads a body.
        if isinstance(error.__cause__, HunterError):
            return _noted(request, error.__cause__, problems)
        request.scope[ERROR_CODE] = STATUS_CODES.get(error.status_code, STATUS_CODES[400])
        if error.status_code == _NO_SUCH_METHOD:
            error = HTTPException(_NO_SUCH_METHOD, headers={"Allow": _allowed_methods(request)})
        return problems.by_status(error, request_id_in(request.scope))

    async def unexpected(request: Request, error: Exception) -> Response:
        report_error(error, Component.UNKNOWN, Severity.ERROR)
        request.scope[ERROR_CODE] = STATUS_CODES[_UNEXPECTED]
        return problems.unexpected(request_id_in(request.scope))

    app.add_exception_handler(HunterError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)
    # The framework sends this answer and raises the error on, so that the server logs it.
    app.add_exception_handler(Exception, unexpected)


def _allowed_methods(request: Request) -> str:
    """Name every method of a path; the framework names those of its first route only.

    Static paths stand before those with parameters, so the first path that matches is the one that was meant.
    """
    matching = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    methods = (route.methods or set() for route in matching if route.path == matching[0].path)
    return ", ".join(sorted(set().union(*methods)))


def _noted(request: Request, error: HunterError, problems: Problems) -> Response:
    request.scope[ERROR_CODE] = code_of(error)
    if status_of(error) >= _UNEXPECTED:
        component = Component.DATABASE if error.code in DATABASE_CODES else Component.UNKNOWN
        report_error(error, component, Severity.ERROR)
    return problems.answer(error, request_id_in(request.scope))


def _headers(error: HunterError, request_id: str) -> dict[str, str]:
    headers = {"X-Request-ID": request_id}
    if isinstance(error, OverRate):
        headers["Retry-After"] = str(max(1, ceil(error.retry_after_seconds)))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(_TRY_AGAIN_SECONDS)
    elif isinstance(error, KeyMissing | KeyRefused):
        headers["WWW-Authenticate"] = "APIKey"
    return headers

"""Every error of a request becomes an answer here: described by `problems`, noted for the log, written by the door.

In: an application, a catalogue, and who writes an answer for a request. Out: handlers of that application, and the
answers of layers that stand before any route.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from hunter.core.errors import HunterError
from hunter.edge.problems import DATABASE_CODES, UNEXPECTED, ProblemDetails, Problems, status_of
from hunter.edge.request_context import ERROR_CODE
from hunter.observability.tracking import Component, Severity, report_error

#: Writes an answer in the form of the door that the request came to.
WriteProblem: TypeAlias = Callable[[Scope, ProblemDetails], Response]

_NO_SUCH_METHOD: Final = 405


class ErrorAnswers:
    """Answers errors: described in the words of one catalogue, written by whoever serves the path."""

    def __init__(self, problems: Problems, write: WriteProblem) -> None:
        self._problems = problems
        self._write = write

    def answer(self, scope: Scope, error: HunterError) -> Response:
        """Answer an error of ours; one that is not the client's fault is reported."""
        if status_of(error) >= UNEXPECTED:
            component = Component.DATABASE if error.code in DATABASE_CODES else Component.UNKNOWN
            report_error(error, component, Severity.ERROR)
        return self._noted(scope, self._problems.of_error(error))

    def answer_fields(self, scope: Scope, error: RequestValidationError) -> Response:
        """Answer a request whose fields cannot be used."""
        return self._noted(scope, self._problems.of_fields(error))

    def answer_status(self, scope: Scope, error: HTTPException) -> Response:
        """Answer what the framework found."""
        # The framework wraps what happens while it reads a body.
        if isinstance(error.__cause__, HunterError):
            return self.answer(scope, error.__cause__)
        headers = error.headers
        if error.status_code == _NO_SUCH_METHOD:
            headers = {"Allow": _allowed_methods(scope)}
        return self._noted(scope, self._problems.of_status(error.status_code, headers))

    def answer_unexpected(self, scope: Scope, error: Exception) -> Response:
        """Answer what nobody foresaw, and report it."""
        report_error(error, Component.UNKNOWN, Severity.ERROR)
        return self._noted(scope, self._problems.of_status(UNEXPECTED))

    def _noted(self, scope: Scope, details: ProblemDetails) -> Response:
        scope[ERROR_CODE] = details.code
        return self._write(scope, details)


def install_error_handlers(app: FastAPI, answers: ErrorAnswers) -> None:
    """Let an application answer every error in our form."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, HunterError)
        return answers.answer(request.scope, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answers.answer_fields(request.scope, error)

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answers.answer_status(request.scope, error)

    async def unexpected(request: Request, error: Exception) -> Response:
        return answers.answer_unexpected(request.scope, error)

    app.add_exception_handler(HunterError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)
    # The framework sends this answer and raises the error on, so that the server logs it.
    app.add_exception_handler(Exception, unexpected)


def _allowed_methods(scope: Scope) -> str:
    """Name every method of a path; the framework names those of its first route only.

    Static paths stand before those with parameters, so the first path that matches is the one that was meant.
    """
    matching = [route for route in scope["app"].routes if route.matches(scope)[0] is not Match.NONE]
    methods = (route.methods or set() for route in matching if route.path == matching[0].path)
    return ", ".join(sorted(set().union(*methods)))

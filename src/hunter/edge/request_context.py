"""Every request has an id, a log line at its end, and a count; this is the outermost of our layers.

In: a raw ASGI request. Out: the same, with `X-Request-ID` on the response and the id bound to every log line between.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from uuid import UUID, uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from hunter.edge.headers import header
from hunter.observability.logs import logger_of

#: Where the id stands in the scope, for whoever writes an answer.
REQUEST_ID: Final = "hunter.request_id"
#: Where a layer notes the code of the error that it answered with.
ERROR_CODE: Final = "hunter.error_code"
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """One request as it is counted."""

    method: str
    #: Path of the route with its parameters unfilled; "" where no route was found.
    route: str
    status: int
    seconds: float
    #: Whether the path is one of the old ones.
    is_legacy: bool
    #: The domain in the path, as it was sent; None where there is none.
    domain: str | None
    #: Stable code of the error that was answered; None where there was none.
    code: str | None


class RequestContext:
    """Binds the request id, and tells log and counters how the request ended."""

    def __init__(self, app: ASGIApp, count: Callable[[Finished], None]) -> None:
        self._app = app
        self._count = count
        self._log = logger_of("edge")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; event loops' own messages pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(header(scope, "x-request-id"))
        scope[REQUEST_ID] = request_id
        ending = _Ending()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                ending.status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        since = perf_counter()
        with bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                self._tell(scope, ending.status, perf_counter() - since)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = str(getattr(route, "path", ""))
        self._count(
            Finished(
                method=scope["method"],
                route=path,
                status=status,
                seconds=seconds,
                is_legacy=bool(getattr(route, "is_legacy", False)),
                domain=scope.get("path_params", {}).get("domain"),
                code=scope.get(ERROR_CODE),
            )
        )
        self._log.info(
            "request_finished",
            method=scope["method"],
            # The route, not the path: that of an erasure names what must not be kept.
            route=path,
            path=scope["path"] if not path else None,
            status=status,
            elapsed_ms=round(seconds * 1000, 1),
            code=scope.get(ERROR_CODE),
        )


class _Ending:
    """The status that was sent; until then, that of a request which failed before any answer."""

    def __init__(self) -> None:
        self.status = _SERVER_ERROR


def request_id_in(scope: Scope) -> str:
    """Return the id that this layer gave to a request."""
    return str(scope.get(REQUEST_ID, ""))


def request_id_of(incoming: str | None) -> str:
    """Return the id that came with a request, if it is a UUID, else a new one."""
    try:
        return str(UUID(incoming)) if incoming and len(incoming) == 36 else str(uuid4())
    except ValueError:
        return str(uuid4())

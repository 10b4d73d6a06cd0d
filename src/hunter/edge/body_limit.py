"""No body grows beyond its limit: it is counted while it is read, whatever its headers promised.

In: a raw ASGI request. Out: the same, whose body ends with `BodyTooLarge` as soon as it is too large.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hunter.edge.frontier import Answer
from hunter.edge.headers import header
from hunter.edge.refusals import BodyTooLarge
from hunter.edge.request_context import ERROR_CODE, REQUEST_ID


class BodyLimit:
    """Counts the bytes of a body as the application takes them."""

    def __init__(self, app: ASGIApp, most_bytes: int, answer: Answer) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one that announces too much is refused before a byte of its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._most_bytes:
            scope[ERROR_CODE] = BodyTooLarge.code
            await self._answer(self._refusal(), scope[REQUEST_ID])(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._most_bytes:
                    raise self._refusal()
            return message

        return counted

    def _refusal(self) -> BodyTooLarge:
        return BodyTooLarge(f"the body has more than {self._most_bytes} bytes")


def _announced(scope: Scope) -> int:
    text = header(scope, "content-length") or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0

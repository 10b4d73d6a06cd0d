"""No body grows beyond its limit: it is counted while it is read, whatever its headers promised.

In: a raw ASGI request. Out: the same, whose body ends with `BodyTooLarge` as soon as it is too large. Who never reads
a body answers whatever its size is.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hunter.edge.headers import header
from hunter.edge.refusals import BodyTooLarge


class BodyLimit:
    """Counts the bytes of a body as the application takes them."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; of one that announces too much not a byte of its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, self._counted(receive, _announced(scope)), send)

    def _counted(self, receive: Receive, announced: int) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            if announced > self._most_bytes:
                raise self._refusal()
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

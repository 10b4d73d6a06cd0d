"""Access middleware: foreign clients, host names and pages are refused before any route is looked for.

In: a raw ASGI request. Out: the request, or a refusal. It decides on the connection, the headers and the raw path of
the scope, never on an address rebuilt from the Host header.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hunter.core.errors import HunterError
from hunter.edge.access import (
    AccessPolicy,
    client_address,
    is_allowed_client,
    is_allowed_host,
    is_foreign_origin,
)
from hunter.edge.headers import header, header_values, peer_of
from hunter.edge.refusals import CrossSite, ForeignHost, ForeignNetwork

#: Methods that change nothing.
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Who watches over machines asks here by address, under whatever name; the answer says only that we live.
LIVENESS_PATH: Final = "/healthz/live"
#: Where the address of the client stands in the scope, once it was let in.
CLIENT: Final = "hunter.client"
#: Close code of a web socket, RFC 6455 §7.4.1.
_POLICY_VIOLATION: Final = 1008

#: Answers a request by an error.
AnswerError: TypeAlias = Callable[[Scope, HunterError], Response]


class AccessMiddleware:
    """Lets in who may come in, and tells the rest why not."""

    def __init__(self, app: ASGIApp, policy: AccessPolicy, answer: AnswerError) -> None:
        self._app = app
        self._policy = policy
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request; web sockets are not offered here, so none is opened."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
            return
        await self._answer(scope, refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> HunterError | None:
        forwarded = header_values(scope, "x-forwarded-for")
        client = client_address(self._policy, peer_of(scope), forwarded)
        if not is_allowed_client(self._policy, client):
            return ForeignNetwork("the client is outside the allowed networks")
        scope[CLIENT] = str(client)
        hosts = header_values(scope, "host")
        is_named_right = len(hosts) == 1 and is_allowed_host(self._policy, hosts[0])
        if not is_named_right and scope["path"] != LIVENESS_PATH:
            return ForeignHost("the request names a host that is not ours")
        if scope["method"] not in SAFE_METHODS and self._is_cross_site(scope):
            return CrossSite("a page of another site asks for a change")
        return None

    def _is_cross_site(self, scope: Scope) -> bool:
        """Judge by what browsers add and pages cannot forge; scripts send neither header and are not hindered."""
        site = header(scope, "sec-fetch-site")
        if site is not None and site.strip().lower() == "cross-site":
            return True
        return any(is_foreign_origin(self._policy, origin) for origin in header_values(scope, "origin"))

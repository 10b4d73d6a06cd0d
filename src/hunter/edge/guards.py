"""Guards hang on routes: every route declares who may call it, and one that declares nothing answers nobody.

In: a route and the raw scope of a request for it. Out: nothing, or a refusal before a byte of the body was read.
"""

import hmac
from enum import StrEnum
from typing import Any, Final, assert_never

from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from hunter.edge.frontier import SAFE_METHODS
from hunter.edge.headers import header, header_values
from hunter.edge.refusals import AdminOnly, NotJSON

#: Attribute of `app.state` under which the gate finds its keys.
GATE: Final = "gate"
ADMIN_HEADER: Final = "X-Admin-Token"


class Guard(StrEnum):
    """Who may call a route. The frontier stands before all of them."""

    #: Anybody in the allowed networks.
    INTERNAL = "internal"
    #: Whoever has the admin token.
    ADMIN = "admin"
    #: A program with an API key; the route asks for it by a dependency, because that needs the database.
    API_KEY = "api_key"
    #: Internal in development; in production with the admin token.
    DOCUMENTATION = "documentation"


class Gate:
    """The keys that guards compare with."""

    def __init__(self, admin_token: str, *, is_documentation_public: bool) -> None:
        self._admin_token = admin_token.encode()
        self.is_documentation_public = is_documentation_public

    def is_admin(self, token: str | None) -> bool:
        """Compare in constant time; without a token of our own nobody is admin."""
        if not self._admin_token or token is None:
            return False
        # The bytes as they came: headers are read as latin-1.
        return hmac.compare_digest(token.encode("latin-1", "replace"), self._admin_token)


class GuardedRoute(APIRoute):
    """A route with a guard; `handle` is the one place through which every request for it comes."""

    #: Set when the route is mounted; None refuses everybody.
    guard: Guard | None = None
    #: Whether the path is one of the old ones, whose calls are counted.
    is_legacy: bool = False

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the guard, then serve; a method that the route does not have is answered as such."""
        if scope["method"] in (self.methods or ()):
            check_guard(self.guard, gate_of(scope), scope)
            if self.body_field is not None and scope["method"] not in SAFE_METHODS:
                check_is_json(scope)
        await super().handle(scope, receive, send)


def gate_of(scope: Scope) -> Gate:
    """Return the gate of the application that serves this scope."""
    gate: Gate = getattr(scope["app"].state, GATE)
    return gate


def check_guard(guard: Guard | None, gate: Gate, scope: Scope) -> None:
    """Raise `AdminOnly` unless the guard lets the request through."""
    match guard:
        case Guard.INTERNAL | Guard.API_KEY:
            return
        case Guard.ADMIN:
            is_open = False
        case Guard.DOCUMENTATION:
            is_open = gate.is_documentation_public
        case None:
            raise AdminOnly("this route declares no guard")
        case _ as unreachable:
            assert_never(unreachable)
    if not is_open and not is_admin_request(gate, scope):
        raise AdminOnly("the admin token is missing or wrong")


def is_admin_request(gate: Gate, scope: Scope) -> bool:
    """Say whether a request carries the admin token, exactly once."""
    tokens = header_values(scope, ADMIN_HEADER.lower())
    return len(tokens) == 1 and gate.is_admin(tokens[0])


def check_is_json(scope: Scope) -> None:
    """Raise `NotJSON` unless the body is declared as JSON; forms and plain text need no permission of a browser."""
    declared = (header(scope, "content-type") or "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise NotJSON("the body must be application/json")


def declared_guard(route: Any) -> Guard | None:
    """Return the guard of any kind of route; None where it has none."""
    return route.guard if isinstance(route, GuardedRoute) else None

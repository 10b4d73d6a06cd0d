"""Guards hang on routes: each declares who may call it and what it takes; one that declares nothing answers nobody.

In: a route and the raw scope of a request for it. Out: nothing, or a refusal before a byte of the body was read.
"""

import hmac
from enum import StrEnum
from typing import Any, Final, assert_never

from fastapi.params import Body
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from hunter.edge.access_middleware import SAFE_METHODS
from hunter.edge.body_types import BodyType, check_body, check_declaration
from hunter.edge.headers import header_values
from hunter.edge.refusals import AdminOnly

#: Attributes of `app.state`.
ADMIN_AUTHENTICATION: Final = "admin_authentication"
ACCESS_POLICY: Final = "access_policy"
ADMIN_HEADER: Final = "X-Admin-Token"


class RouteGuard(StrEnum):
    """Who may call a route. The access middleware stands before all of them."""

    #: Anybody in the allowed networks.
    INTERNAL = "internal"
    #: Whoever has the admin token.
    ADMIN = "admin"
    #: A program with an API key; the route asks for it by a dependency, because that needs the database.
    API_KEY = "api_key"
    #: Internal in development; in production with the admin token.
    DOCUMENTATION = "documentation"


class AdminAuthentication:
    """Knows the admin token, which guards compare with."""

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

    #: Both are declared when the route is mounted; None refuses everybody.
    guard: RouteGuard | None = None
    takes: BodyType | None = None
    #: Whether the path is one of the old ones, whose calls are counted.
    is_legacy: bool = False

    def declare(self, guard: RouteGuard, takes: BodyType, *, is_legacy: bool = False) -> None:
        """Open the route to those whom the guard lets in; raises `ValueError` where its handler reads another body."""
        if self._changes_something():
            body = self.body_field.field_info if self.body_field is not None else None
            check_declaration(takes, body.media_type if isinstance(body, Body) else None, self.path)
        self.guard, self.takes, self.is_legacy = guard, takes, is_legacy

    def _changes_something(self) -> bool:
        return bool(set(self.methods or ()) - SAFE_METHODS)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the guard, then serve; a method that the route does not have is answered as such."""
        if scope["method"] in (self.methods or ()):
            check_guard(self.guard, authentication_of(scope), scope)
            if scope["method"] not in SAFE_METHODS:
                check_body(self.takes, getattr(scope["app"].state, ACCESS_POLICY), scope)
        await super().handle(scope, receive, send)


def authentication_of(scope: Scope) -> AdminAuthentication:
    """Return what the application that serves this scope knows its admin by."""
    authentication: AdminAuthentication = getattr(scope["app"].state, ADMIN_AUTHENTICATION)
    return authentication


def check_guard(guard: RouteGuard | None, authentication: AdminAuthentication, scope: Scope) -> None:
    """Raise `AdminOnly` unless the guard lets the request through."""
    match guard:
        case RouteGuard.INTERNAL | RouteGuard.API_KEY:
            return
        case RouteGuard.ADMIN:
            is_open = False
        case RouteGuard.DOCUMENTATION:
            is_open = authentication.is_documentation_public
        case None:
            raise AdminOnly("this route declares no guard")
        case _ as unreachable:
            assert_never(unreachable)
    if not is_open and not is_admin_request(authentication, scope):
        raise AdminOnly("the admin token is missing or wrong")


def is_admin_request(authentication: AdminAuthentication, scope: Scope) -> bool:
    """Say whether a request carries the admin token, exactly once."""
    tokens = header_values(scope, ADMIN_HEADER.lower())
    return len(tokens) == 1 and authentication.is_admin(tokens[0])


def declared_guard(route: Any) -> RouteGuard | None:
    """Return the guard of any kind of route; None where it has none."""
    return route.guard if isinstance(route, GuardedRoute) else None

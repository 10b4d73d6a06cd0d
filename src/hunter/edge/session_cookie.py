"""The session cookie: which browser speaks, not who. Made and signed by us; a value we did not make is replaced.

In: a request. Out: the id of its session, under which favourites and alert settings are found again.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hunter.edge.access import AccessPolicy, is_trusted_proxy

COOKIE: Final = "session_id"
_ID_BYTES: Final = 24
_LONGEST: Final = 200
_YEAR_SECONDS: Final = 365 * 24 * 3600
_LONGEST_IDENTITY: Final = 200
#: Where the cookie of a session that begins now stands in the scope.
_NEW_COOKIE: Final = "hunter.new_session_cookie"


class SessionSigner:
    """Makes and reads session cookies under a key derived from the secret key."""

    def __init__(self, secret_key: bytes) -> None:
        if len(secret_key) < 16:
            raise ValueError("the secret key needs at least 16 bytes")
        self._key = hmac.new(secret_key, b"session cookie", hashlib.sha256).digest()

    def make(self) -> str:
        """Return the cookie of a new session."""
        session = secrets.token_urlsafe(_ID_BYTES)
        return f"{session}.{self._signature(session)}"

    def read(self, cookie: str | None) -> str | None:
        """Return the session of a cookie; None for one that we did not make."""
        if not cookie or len(cookie) > _LONGEST or not cookie.isascii():
            return None
        session, dot, signature = cookie.rpartition(".")
        if not dot or not hmac.compare_digest(signature, self._signature(session)):
            return None
        return session

    def _signature(self, session: str) -> str:
        digest = hmac.new(self._key, session.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def session_user(request: Request) -> str:
    """Return who asks: the user a trusted proxy names, else the session, begun now where there is none."""
    policy: AccessPolicy = request.app.state.access_policy
    named = _named_by_proxy(policy, request)
    if named:
        return named
    signer: SessionSigner = request.app.state.session_signer
    session = signer.read(request.cookies.get(COOKIE))
    if session is None:
        cookie = signer.make()
        request.scope[_NEW_COOKIE] = cookie
        session = cookie.rpartition(".")[0]
    return session


class SessionCookies:
    """Puts a session that was begun during a request on its answer, whatever kind of answer that is."""

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        self._app = app
        self._attributes = f"; Path=/; Max-Age={_YEAR_SECONDS}; HttpOnly; SameSite=Lax" + "; Secure" * is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_cookie(message: Message) -> None:
            cookie = scope.get(_NEW_COOKIE)
            if message["type"] == "http.response.start" and cookie is not None:
                MutableHeaders(scope=message).append("Set-Cookie", f"{COOKIE}={cookie}{self._attributes}")
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _named_by_proxy(policy: AccessPolicy, request: Request) -> str | None:
    peer = request.client.host if request.client else None
    if policy.identity_header is None or not is_trusted_proxy(policy, peer):
        return None
    name = request.headers.get(policy.identity_header, "").strip()
    return name if 0 < len(name) <= _LONGEST_IDENTITY and name.isprintable() else None

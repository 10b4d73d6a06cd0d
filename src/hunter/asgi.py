"""The ASGI application: the API behind its guards.

In: what use cases work with, already open, and the options of the edge. Out: an application for `edge.serving`; whoever
opened what it works with closes it after the server has stopped.
"""

from typing import Final

from fastapi import FastAPI

from hunter.api.openapi import install_document
from hunter.api.parts import APPLICATION
from hunter.api.problems import DATABASE_CODES, Problems, install_problems
from hunter.api.router import mount_all
from hunter.core.domain_name import normalise_domain
from hunter.edge.body_limit import BodyLimit
from hunter.edge.frontier import Frontier
from hunter.edge.guards import GATE, Gate
from hunter.edge.options import EdgeOptions
from hunter.edge.request_context import Finished, RequestContext
from hunter.edge.serving import Lifecycle
from hunter.edge.session_cookie import SessionCookies, SessionSigner
from hunter.services.application import Application

#: Retired paths count their calls themselves.
_GONE: Final = 410
_SERVER_ERROR: Final = 500


def create_app(hunter: Application, options: EdgeOptions, lifecycle: Lifecycle | None = None) -> FastAPI:
    """Build the application; raises `InvalidInput` for options that cannot be used.

    `lifecycle` is shared with the server, so that `ready` says no while requests under way are finished.
    """
    app = FastAPI(
        title="Hunter",
        version=hunter.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.lifecycle = lifecycle or Lifecycle()
    app.state.access_policy = options.access_policy()
    app.state.session_signer = SessionSigner(options.secret_key)
    app.state.pages_path = options.pages_path
    setattr(app.state, GATE, Gate(options.admin_token, is_documentation_public=not options.is_production))
    setattr(app.state, APPLICATION, hunter)
    mount_all(app)
    install_document(app)
    problems = Problems(hunter.catalogue)
    install_problems(app, problems)
    _add_layers(app, hunter, options, problems)
    return app


def _add_layers(app: FastAPI, hunter: Application, options: EdgeOptions, problems: Problems) -> None:
    """Put the layers around the routes; the one added last stands outermost."""
    app.add_middleware(SessionCookies, is_secure=options.is_public_url_secure)
    app.add_middleware(BodyLimit, most_bytes=options.most_body_bytes)
    app.add_middleware(Frontier, policy=app.state.access_policy, answer=problems.answer)

    def count(finished: Finished) -> None:
        metrics = hunter.metrics
        metrics.count_request(finished.method, finished.route, status=finished.status, seconds=finished.seconds)
        if finished.is_legacy and finished.status != _GONE:
            domain = normalise_domain(finished.domain or "") or None
            metrics.count_deprecated(f"{finished.method} {finished.route}", domain)
        if finished.status >= _SERVER_ERROR:
            is_database = finished.code in DATABASE_CODES
            metrics.count_error("db" if is_database else "unknown", "error")

    app.add_middleware(RequestContext, count=count)

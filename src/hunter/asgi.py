"""The ASGI application: the API behind its guards.

In: what use cases work with, already open, and the options of the edge. Out: an application for `edge.serving`; whoever
opened what it works with closes it after the server has stopped.
"""

from typing import Final

from fastapi import FastAPI

from hunter.api.openapi import install_document
from hunter.api.problems import write_problem
from hunter.api.router import mount_all
from hunter.core.names.domain_name import normalise_domain
from hunter.edge.access_middleware import AccessMiddleware
from hunter.edge.body_limit import BodyLimit
from hunter.edge.dependencies import provide
from hunter.edge.error_handlers import ErrorAnswers, install_error_handlers
from hunter.edge.guards import ACCESS_POLICY, ADMIN_AUTHENTICATION, AdminAuthentication
from hunter.edge.options import EdgeOptions
from hunter.edge.problems import DATABASE_CODES, Problems
from hunter.edge.request_context import Finished, RequestContext
from hunter.edge.serving import Lifecycle
from hunter.edge.session_cookie import SessionCookies, SessionSigner
from hunter.observability.metrics import Metrics
from hunter.services.application import Application

#: Retired paths count their calls themselves.
_GONE: Final = 410
_SERVER_ERROR: Final = 500


def create_app(application: Application, options: EdgeOptions, lifecycle: Lifecycle | None = None) -> FastAPI:
    """Build the application; raises `InvalidInput` for options that cannot be used.

    `lifecycle` is shared with the server, so that `ready` says no while requests under way are finished.
    """
    app = FastAPI(
        title="Hunter",
        version=application.operations.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.lifecycle = lifecycle or Lifecycle()
    setattr(app.state, ACCESS_POLICY, options.access_policy())
    app.state.session_signer = SessionSigner(options.secret_key)
    app.state.pages_path = options.pages_path
    authentication = AdminAuthentication(options.admin_token, is_documentation_public=not options.is_production)
    setattr(app.state, ADMIN_AUTHENTICATION, authentication)
    provide(app, application)
    mount_all(app)
    install_document(app)
    errors = ErrorAnswers(Problems(application.catalogues.default), write_problem)
    install_error_handlers(app, errors)
    _add_layers(app, application.operations.metrics, options, errors)
    return app


def _add_layers(app: FastAPI, metrics: Metrics, options: EdgeOptions, errors: ErrorAnswers) -> None:
    """Put the layers around the routes; the one added last stands outermost."""
    app.add_middleware(SessionCookies, is_secure=options.is_public_url_secure)
    app.add_middleware(BodyLimit, most_bytes=options.most_body_bytes)
    app.add_middleware(AccessMiddleware, policy=getattr(app.state, ACCESS_POLICY), answer=errors.answer)

    def count(finished: Finished) -> None:
        metrics.count_request(finished.method, finished.route, status=finished.status, seconds=finished.seconds)
        if finished.is_legacy and finished.status != _GONE:
            domain = normalise_domain(finished.domain or "") or None
            metrics.count_deprecated(f"{finished.method} {finished.route}", domain)
        if finished.status >= _SERVER_ERROR:
            is_database = finished.code in DATABASE_CODES
            metrics.count_error("db" if is_database else "unknown", "error")

    app.add_middleware(RequestContext, count=count)

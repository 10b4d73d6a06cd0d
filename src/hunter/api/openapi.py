"""The OpenAPI document: what the framework makes of the routes, completed by keys, servers and words.

In: an application. Out: the document, made once; its golden file is a contract test.
"""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hunter.edge.guards import ADMIN_HEADER

TITLE: Final = "Hunter"
DESCRIPTION: Final = (
    "Domain names in, explained assessments out. Most paths under `/api/v1` are also served without that prefix, by "
    "the same handler; these old paths are marked as deprecated. Errors carry `detail`, a sentence for people, and "
    "`code`, a stable name for programs. Access is by network: there is no sign-in."
)
_KEYS: Final[dict[str, Any]] = {
    "AdminToken": {"type": "apiKey", "in": "header", "name": ADMIN_HEADER},
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def build_document(app: FastAPI) -> dict[str, Any]:
    """Return the document of an application's routes."""
    document = get_openapi(title=TITLE, version=app.version, description=DESCRIPTION, routes=app.routes)
    document["servers"] = [{"url": "/"}]
    components = document.setdefault("components", {})
    components["securitySchemes"] = _KEYS
    # Ours are called otherwise; the framework adds its own forms of a refusal whether they are used or not.
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    return document


def install_document(app: FastAPI) -> None:
    """Let an application give this document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build_document(app)
        return app.openapi_schema

    # The framework's own way to give an application another document.
    app.openapi = document  # type: ignore[method-assign]
